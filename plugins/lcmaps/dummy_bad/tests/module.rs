//! `lcmaps_dummy_bad` under a host that records and inside real libraries.

use lcmaps_module_test::real::{Answer, Case, libraries};
use lcmaps_module_test::recording::{Arguments, LoadedModule, RecordingHost};
use lcmaps_module_test::{TESTER_PEM, module_file};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

#[test]
fn it_fails_whatever_it_is_told() {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_dummy_bad"));
    for words in [&[][..], &["anything", "--at", "all"]] {
        let instance = module.start(words);
        assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), 1);
        assert_eq!(module.verify(instance, &Arguments::dn("/CN=a")), 1);
        assert_eq!(module.terminate(), 0);
    }
    assert_eq!(
        host.mapping(),
        lcmaps_module_test::recording::Mapping::default()
    );
    assert!(
        host.log()
            .contains("<6>lcmaps_dummy_bad-plugin_run(): bad plugin failed\n"),
        "{}",
        host.log()
    );
}

#[test]
fn a_policy_that_ends_in_it_fails() {
    let (bad, good) = (
        module_file("lcmaps_dummy_bad"),
        module_file("lcmaps_dummy_good"),
    );
    let db = format!(
        "bad = \"{}\"\ngood = \"{} --dummy-uid 1\"\np:\ngood -> bad\n",
        bad.display(),
        good.display()
    );
    for library in libraries() {
        let report = Case::new(&library, &db)
            .username("/CN=a")
            .call(lcmaps_module_test::real::Call::Verify {
                pem: TESTER_PEM.to_owned(),
                uid: 1,
            })
            .run();
        assert_eq!(
            report.answers,
            [Answer::Failed(1), Answer::Failed(1)],
            "{}\n{}",
            library.display(),
            report.log
        );
        report.expect_log("lcmaps_dummy_bad-plugin_run(): bad plugin failed");
        report.expect_log("lcmaps_dummy_bad-plugin_verify(): bad plugin failed");
    }
}
