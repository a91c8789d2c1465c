//! What the module leaves in memory.

use std::fs;

use lcmaps_module_test::recording::{Arguments, LoadedModule, RecordingHost};
use lcmaps_module_test::{growth_per_round, module_file};

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let file = scratch.path().join("grid-mapfile");
    fs::write(&file, "\"/CN=a\" daemon\n").expect("a grid-mapfile");
    let file = file.display().to_string();
    let path = module_file("lcmaps_localaccount");
    let growth = growth_per_round(|| {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &path);
        let instance = module.start(&["-gridmapfile", &file]);
        for (dn, code) in [("/CN=b", 1), ("/CN=b", 1)] {
            assert_eq!(
                module.run(instance, &Arguments::dn(dn)),
                code,
                "{}",
                host.log()
            );
        }
        assert_eq!(module.terminate(), 0);
    });
    assert!(growth < 24.0, "{growth} bytes a session");
}
