//! The module inside real libraries, and under a host that records what it does.

use lcmaps_module_test::real::{Answer, Call, Case, libraries};
use lcmaps_module_test::recording::{Arguments, LoadedModule, RecordingHost};
use lcmaps_module_test::{TESTER_PEM, module_file};

/// The process in which a [`Case`] runs.
#[test]
fn child() {
    lcmaps_module_test::real::child();
}

#[test]
fn users_with_the_prefix_get_the_account_and_others_do_not() {
    for library in libraries() {
        let module = module_file("lcmaps_template_rust");
        let case = Case::of_module(&library, &module, "-account daemon -prefix /O=Example/");
        let report = case
            .username("/O=Example/CN=a")
            .username("/O=Other/CN=a")
            .run();
        let expected = [Answer::Username("daemon".to_owned()), Answer::Failed(1)];
        assert_eq!(report.answers, expected, "{}", report.log);
        report.expect_log("\"/O=Other/CN=a\" does not begin with \"/O=Example/\"");
    }
}

#[test]
fn the_account_verifies_and_another_one_does_not() {
    for library in libraries() {
        let case = Case::of_module(
            &library,
            &module_file("lcmaps_template_rust"),
            "-account daemon",
        );
        let verify = |uid| Call::Verify {
            pem: TESTER_PEM.to_owned(),
            uid,
        };
        let report = case.call(verify(1)).call(verify(2)).run();
        assert_eq!(
            report.answers,
            [Answer::Done, Answer::Failed(1)],
            "{}",
            report.log
        );
    }
}

#[test]
fn a_configuration_that_cannot_work_stops_the_library() {
    for (words, reason) in [
        (
            "-acount daemon",
            "unknown option \"-acount\"; known options: -account -prefix",
        ),
        ("-prefix /O=Example/", "option -account is missing"),
        (
            "-account",
            "option -account needs a value: the name of an account",
        ),
    ] {
        for library in libraries() {
            let report =
                Case::of_module(&library, &module_file("lcmaps_template_rust"), words).run();
            assert_eq!(report.init, 1);
            report.expect_log(reason);
        }
    }
}

#[test]
fn nobody_gets_an_account_that_does_not_exist_or_is_roots() {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_template_rust"));
    for account in ["no-such-account", "root"] {
        let instance = module.start(&["-account", account]);
        assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), 1);
        assert_eq!(module.terminate(), 0);
    }
    assert!(host.mapping().uids.is_empty(), "{}", host.log());
}
