//! What modules leave in memory.

use crate::growth_per_round;
use crate::module_file;
use crate::recording::{Arguments, LoadedModule, RecordingHost};

/// Checks that a module that is loaded, started with these words, asked about these users (whom it
/// must refuse, for a host that gathers mappings grows by them), and unloaded, leaves nothing behind.
/// The calling test is alone in its process.
///
/// # Panics
/// When it does.
pub fn assert_nothing_stays(module: &str, words: &[&str], refused: &[Arguments]) {
    let path = module_file(module);
    let growth = growth_per_round(|| {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &path);
        let instance = module.start(words);
        for arguments in refused {
            assert_eq!(module.run(instance, arguments), 1, "{}", host.log());
        }
        assert_eq!(module.terminate(), 0);
    });
    assert!(growth < 24.0, "{growth} bytes a session");
}
