//! What a module leaves in memory.

use lcmaps_module_test::recording::{Arguments, LoadedModule, RecordingHost};
use lcmaps_module_test::{growth_per_round, module_file};

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    let path = module_file("toy_module");
    let growth = growth_per_round(|| {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &path);
        let instance = module.start(&["-register", "-report"]);
        let other = module.start(&["-name", "/other"]);
        let arguments = Arguments::dn("/CN=a").fqans(&["/vo"]);
        assert_eq!(
            (
                module.run(instance, &arguments),
                module.run(other, &arguments)
            ),
            (0, 0)
        );
        assert_eq!(module.initialize(&["-fail", "initialize"]), 1);
        assert_eq!(
            (module.terminate(), module.terminate(), module.terminate()),
            (0, 0, 0)
        );
    });
    assert!(growth < 24.0, "{growth} bytes a session");
}
