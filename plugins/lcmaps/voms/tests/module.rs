//! `lcmaps_voms` under a host that records, and beside the C module.

use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};
use lcmaps_module_test::{module_file, original_module};

const WARNING: &str =
    "<4>lcmaps_voms-plugin_initialize(): plugin is deprecated, remove it from policy";

#[test]
fn it_succeeds_with_any_words_and_for_anybody_and_maps_nothing() {
    let modules = [
        Some(module_file("lcmaps_voms")),
        original_module("lcmaps_voms"),
    ];
    for module in modules.into_iter().flatten() {
        for words in [
            &[][..],
            &["-vomsdir", "/no/such", "-certdir"],
            &["--anything"],
        ] {
            let host = RecordingHost::take();
            let module = LoadedModule::load(&host, &module);
            let instance = module.start(words);
            assert_eq!(module.names(instance), []);
            for arguments in [Arguments::default(), Arguments::dn("/CN=a").fqans(&["/vo"])] {
                assert_eq!(module.run(instance, &arguments), 0);
                assert_eq!(module.verify(instance, &arguments.requested_uid(0)), 0);
            }
            assert_eq!(module.terminate(), 0);
            assert_eq!(host.mapping(), Mapping::default());
        }
    }
}

#[test]
fn each_start_warns() {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_voms"));
    let _ = (module.start(&[]), module.start(&["-vomsdir", "/x"]));
    assert_eq!(host.log().matches(WARNING).count(), 2, "{}", host.log());
    module.terminate();
    module.terminate();
}
