//! Modules of this SDK inside a real liblcas.

use lcas_module_test::module_file;
use lcas_module_test::real::{Case, libraries};

/// The process in which a [`Case`] runs.
#[test]
fn child() {
    lcas_module_test::real::child();
}

#[test]
fn a_module_that_is_named_twice_grants_if_both_entries_do() {
    let module = module_file("lcas_toy");
    let module = module.display();
    for library in libraries() {
        for (second, expected) in [("/O=Test/CN=M", 0), ("/O=Other", 5)] {
            for (one, two) in [("/O=Test", second), (second, "/O=Test")] {
                let db = format!(
                    "pluginname={module}, pluginargs=\"-prefix {one}\"\n\
                     pluginname={module}, pluginargs=\"-prefix {two}\"\n"
                );
                let report = Case::new(&library, &db)
                    .ask(None)
                    .restart()
                    .ask(Some("x"))
                    .run();
                assert_eq!(
                    report.answers,
                    [expected, 0, expected],
                    "{db}{}",
                    report.log
                );
                assert_eq!((report.init, report.term), (0, 0), "{}", report.log);
            }
        }
    }
}

#[test]
fn certificates_arrive() {
    for library in libraries() {
        let report = Case::of_module(&library, &module_file("lcas_toy_x509"), "")
            .ask(None)
            .run();
        assert_eq!(report.answers, [0], "{}", report.log);
        report.expect_log("plugin_confirm_authorization_from_x509(): granted: leaf 0x");
    }
}

#[test]
fn a_module_that_cannot_start_stops_the_library_and_says_why() {
    for library in libraries() {
        let report = Case::of_module(&library, &module_file("lcas_toy"), "-no").run();
        assert_eq!(report.init, 1);
        report.expect_log("unknown option \"-no\"; known options: -prefix");
    }
}

#[test]
fn a_panic_refuses() {
    for library in libraries() {
        let report = Case::of_module(&library, &module_file("lcas_toy"), "-panic confirm")
            .ask(None)
            .run();
        assert_eq!(report.answers, [5], "{}", report.log);
        report.expect_log("fault in this module at ");
    }
}
