//! The templates in Rust and in C, inside real libraries and under a host that records what they do.

use std::path::{Path, PathBuf};
use std::process::Command;

use lcas_module_test::module_file;
use lcas_module_test::real::{Case, libraries};
use lcas_module_test::recording::{LoadedModule, Question, RecordingHost};
use tempfile::TempDir;

/// The process in which a [`Case`] runs.
#[test]
fn child() {
    lcas_module_test::real::child();
}

/// The module in C, built against our headers and against installed ones, and the module in Rust.
fn modules() -> Vec<(PathBuf, Option<TempDir>)> {
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/../lcas-template-c");
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../include");
    let mut modules = vec![(module_file("lcas_template_rust"), None)];
    for include in [ours, "/usr/include"] {
        let globus = Path::new("/usr/include/globus/gssapi.h").exists();
        if !globus || !Path::new(include).join("lcas").exists() {
            eprintln!("skipped: {include} has no headers of LCAS, or those of Globus are missing");
            continue;
        }
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let output = Command::new("make")
            .args(["-C", template, "CFLAGS=-O2 -g -Werror"])
            .arg(format!("OUT={}", scratch.path().display()))
            .arg(format!("LCAS_INCLUDE={include}"))
            .output()
            .expect("make");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        modules.push((scratch.path().join("lcas_template_c.mod"), Some(scratch)));
    }
    modules
}

#[test]
fn users_with_the_prefix_are_granted_and_others_are_not() {
    for (module, _scratch) in modules() {
        for library in libraries() {
            for (words, answer) in [("-prefix /O=Test/", 0), ("-prefix /O=Other/", 5)] {
                let case = Case::of_module(&library, &module, words);
                let report = case.ask(None).restart().ask(Some("&(a=b)")).run();
                assert_eq!(report.answers, [answer, 0, answer], "{}", report.log);
                assert_eq!(report.term, 0, "{}", report.log);
                if answer != 0 {
                    report.expect_log(
                        "\"/O=Test/CN=Module Tester\" does not begin with \"/O=Other/\"",
                    );
                }
            }
        }
    }
}

#[test]
fn two_entries_both_have_to_grant() {
    for (module, _scratch) in modules() {
        for library in libraries() {
            for (second, answer) in [("/O=Test/CN=M", 0), ("/O=Other/", 5)] {
                let entry = |prefix: &str| {
                    format!(
                        "pluginname={}, pluginargs=\"-prefix {prefix}\"\n",
                        module.display()
                    )
                };
                for (one, two) in [("/O=Test/", second), (second, "/O=Test/")] {
                    let database = entry(one) + &entry(two);
                    let report = Case::new(&library, &database).ask(None).run();
                    assert_eq!(report.answers, [answer], "{database}{}", report.log);
                }
            }
        }
    }
}

#[test]
fn a_configuration_that_cannot_work_stops_the_library() {
    for (module, _scratch) in modules() {
        for library in libraries() {
            for (words, reason) in [
                ("-perfix /O=Example/", "\"-perfix\"; known options: -prefix"),
                ("", "option -prefix is missing"),
                ("-prefix", "-prefix"),
            ] {
                let report = Case::of_module(&library, &module, words).run();
                assert_eq!(report.init, 1);
                report.expect_log(reason);
            }
        }
    }
}

#[test]
fn a_selected_entry_answers_alone_and_ends_alone() {
    for (file, _scratch) in modules() {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &file);
        let one = module.start(&["-prefix", "/O=One/"]).expect("it starts");
        let two = module.start(&["-prefix", "/O=Two/"]).expect("it starts");
        let user = Question::of("/O=Two/CN=a");
        assert_eq!(module.confirm_as(&one, &user), 1);
        assert_eq!(module.confirm_as(&two, &user), 0);
        assert_eq!(
            module.confirm(&user),
            1,
            "without a selection both are asked"
        );
        assert_eq!((module.select(&one), module.terminate()), (0, 0));
        assert_eq!(module.confirm(&user), 0);
        assert_eq!(module.confirm(&Question::of_nobody()), 1);
        assert_eq!(module.terminate(), 0);
        assert_eq!(module.confirm(&user), 1, "nobody is there to grant");
    }
}
