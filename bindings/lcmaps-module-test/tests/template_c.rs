//! The module in `plugins/template-c`: built against the headers of this repository and, where they
//! are installed, those of the C implementation; each in every library.

use std::path::{Path, PathBuf};
use std::process::Command;

use lcmaps_module_test::TESTER_PEM;
use lcmaps_module_test::real::{Answer, Call, Case, libraries};
use lcmaps_module_test::recording::{Arguments, LoadedModule, RecordingHost};
use tempfile::TempDir;

/// The process in which a [`Case`] runs.
#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// The module built against one set of headers.
struct Built {
    _scratch: TempDir,
    include: PathBuf,
    module: PathBuf,
}

/// The module against each set of headers.
fn built() -> Vec<Built> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../include");
    let installed = PathBuf::from("/usr/include");
    if !installed.join("lcmaps").exists() {
        eprintln!("skipped: no /usr/include/lcmaps on this machine (package liblcmaps-dev)");
    }
    let all = [ours, installed]
        .into_iter()
        .filter(|include| include.join("lcmaps").exists());
    all.map(|include| {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let out = format!("OUT={}", scratch.path().display());
        let headers = format!("LCMAPS_INCLUDE={}", include.display());
        let output = Command::new("make")
            .args([
                "-C",
                concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins/template-c"),
            ])
            .args([&out, &headers, "CFLAGS=-O2 -g -Werror"])
            .output()
            .expect("make");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let module = scratch.path().join("lcmaps_template_c.mod");
        Built {
            _scratch: scratch,
            include,
            module,
        }
    })
    .collect()
}

fn in_each_library(words: &str, check: impl Fn(Case)) {
    for built in built() {
        for library in libraries() {
            eprintln!(
                "headers of {}, library {}",
                built.include.display(),
                library.display()
            );
            check(Case::of_module(&library, &built.module, words));
        }
    }
}

#[test]
fn users_with_the_prefix_get_the_account_and_others_do_not() {
    in_each_library("-account daemon -prefix /O=Example/", |case| {
        let report = case
            .username("/O=Example/CN=a")
            .username("/O=Other/CN=a")
            .call(Call::Restart)
            .username("/O=Example/CN=b")
            .run();
        let daemon = Answer::Username("daemon".to_owned());
        assert_eq!(
            report.answers,
            [daemon.clone(), Answer::Failed(1), Answer::Done, daemon],
            "{}",
            report.log
        );
        report.expect_log("\"/O=Other/CN=a\" does not begin with \"/O=Example/\"");
        report.expect_log("CRED FINAL: DN:\"/O=Example/CN=a\"->mapped uid:'1',pgid:'1'");
    });
}

#[test]
fn the_account_verifies_and_another_one_does_not() {
    in_each_library("-account daemon", |case| {
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
    });
}

#[test]
fn a_configuration_that_cannot_work_stops_the_library() {
    for (words, reason) in [
        (
            "-acount daemon",
            "unknown option or option without value \"-acount\"",
        ),
        ("-prefix /O=Example/", "option -account is missing"),
        (
            "-account",
            "unknown option or option without value \"-account\"",
        ),
    ] {
        in_each_library(words, |case| {
            let report = case.run();
            assert_eq!(report.init, 1);
            report.expect_log(reason);
        });
    }
}

#[test]
fn odd_users_and_accounts_are_refused() {
    for built in built() {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &built.module);
        for (account, arguments) in [
            ("no-such-account", Arguments::dn("/CN=a")),
            ("root", Arguments::dn("/CN=a")),
            ("daemon", Arguments::default()),
        ] {
            let instance = module.start(&["-account", account]);
            assert_eq!(module.run(instance, &arguments), 1);
            assert_eq!(module.terminate(), 0);
        }
        assert!(host.mapping().uids.is_empty(), "{}", host.log());
    }
}
