//! What a module leaves in memory.

use lcas_module_test::recording::{LoadedModule, Question, RecordingHost};
use lcas_module_test::{growth_per_round, module_file};

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    let path = module_file("lcas_toy");
    let growth = growth_per_round(|| {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &path);
        let one = module.start(&["-prefix", "/O=Grid"]).expect("it starts");
        let other = module.start(&[]).expect("it starts");
        let user = Question::of("/O=Grid/CN=a");
        assert_eq!(module.confirm_as(&one, &user), 0);
        assert_eq!(module.confirm_as(&other, &user), 0);
        assert!(module.start(&["-fail", "initialize"]).is_err());
        assert_eq!((module.terminate(), module.terminate()), (0, 0));
    });
    assert!(growth < 24.0, "{growth} bytes a session");
}
