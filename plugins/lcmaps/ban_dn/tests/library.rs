//! `lcmaps_ban_dn` inside real libraries.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use lcmaps_module_test::real::{Answer, Call, Case, Report, can_change_user, libraries};
use lcmaps_module_test::{TESTER_DN, TESTER_PEM, module_file};
use tempfile::TempDir;

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// A folder that everybody can enter, with a ban list.
fn scratch(text: &str) -> (TempDir, PathBuf) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o755))
        .expect("a folder of ours");
    let path = scratch.path().join("ban");
    fs::write(&path, text).expect("a ban list");
    (scratch, path)
}

/// Runs a case in each library: a user who is not banned gets an account, whoever he is.
fn each(words: &str, case: impl Fn(Case) -> Case, check: impl Fn(&Report)) {
    let (ban, good) = (
        module_file("lcmaps_ban_dn"),
        module_file("lcmaps_dummy_good"),
    );
    let (ban, good) = (ban.display(), good.display());
    for library in libraries() {
        let db = format!(
            "ban = \"{ban} {words}\"\ngood = \"{good} --dummy-uid 1 --dummy-gid 1\"\np:\nban -> good\n"
        );
        eprintln!("in {}", library.display());
        check(&case(Case::new(&library, &db)).run());
    }
}

fn passed(answer: &Answer) -> bool {
    !matches!(answer, Answer::Failed(_))
}

#[test]
fn a_banned_user_is_refused_and_others_are_mapped() {
    let (_scratch, path) = scratch("\"/CN=bad\"\n\"/CN=evil*\"\n");
    let calls = |case: Case| {
        ["/CN=good", "/CN=bad", "/CN=evil/CN=proxy", "/CN=BAD"]
            .iter()
            .fold(case, |case, dn| case.username(dn))
    };
    each(
        &format!("-banmapfile {}", path.display()),
        calls,
        |report| {
            let passed: Vec<bool> = report.answers.iter().map(passed).collect();
            assert_eq!(passed, [true, false, false, true], "{}", report.log);
            report.expect_log("DN \"/CN=bad\" is found on the ban list");
        },
    );
}

#[test]
fn a_missing_file_refuses_everybody_but_lets_the_service_start() {
    let (_scratch, path) = scratch("");
    fs::remove_file(&path).expect("the ban list");
    each(
        &format!("-banmapfile {}", path.display()),
        |case| {
            case.username("/CN=good")
                .call(Call::Restart)
                .username("/CN=good")
        },
        |report| {
            let passed: Vec<bool> = report.answers.iter().map(passed).collect();
            assert_eq!(passed, [false, true, false], "{}", report.log);
            report.expect_log("everybody is refused until that is put right");
        },
    );
}

#[test]
fn the_service_does_not_start_without_the_option() {
    each("", |case| case, |report| assert_eq!(report.init, 1));
}

#[test]
fn a_file_that_the_service_may_not_read_refuses_everybody() {
    if !can_change_user() {
        return;
    }
    let (_scratch, path) = scratch("");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("a file of ours");
    each(
        &format!("-banmapfile {}", path.display()),
        |case| case.as_user(65_534).username("/CN=good"),
        |report| {
            assert!(!passed(report.only()), "{}", report.log);
            report.expect_log("check its permissions");
        },
    );
}

#[test]
fn verification_refuses_a_banned_user() {
    let verify = || Call::Verify {
        pem: TESTER_PEM.to_owned(),
        uid: 1,
    };
    for (text, lets_in) in [
        ("\"/CN=x\"\n".to_owned(), true),
        (format!("\"{TESTER_DN}\"\n"), false),
    ] {
        let (_scratch, path) = scratch(&text);
        each(
            &format!("-banmapfile {}", path.display()),
            |case| case.call(verify()),
            |report| {
                let succeeded = report.log.contains("ban_dn plugin succeeded");
                assert_eq!(succeeded, lets_in, "{}", report.log);
            },
        );
    }
}
