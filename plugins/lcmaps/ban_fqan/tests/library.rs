//! `lcmaps_ban_fqan` inside real libraries.

use std::fs;

use lcmaps_module_test::module_file;
use lcmaps_module_test::real::{Answer, Call, Case, Report, libraries};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// Which of these lists of FQANs get an account, in each library: whoever is not banned.
fn passing(text: Option<&str>, calls: &[&[&str]], check: impl Fn(&[bool], &Report)) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let list = scratch.path().join("ban");
    if let Some(text) = text {
        fs::write(&list, text).expect("a ban list");
    }
    let (ban, good) = (
        module_file("lcmaps_ban_fqan"),
        module_file("lcmaps_dummy_good"),
    );
    let (ban, good, list) = (ban.display(), good.display(), list.display());
    let db = format!(
        "ban = \"{ban} -banmapfile {list}\"\ngood = \"{good} --dummy-uid 1 --dummy-gid 1\"\np:\nban -> good\n"
    );
    for library in libraries() {
        let case = calls.iter().fold(Case::new(&library, &db), |case, fqans| {
            case.call(Call::Account {
                dn: "/CN=a".to_owned(),
                fqans: fqans.iter().map(|fqan| (*fqan).to_owned()).collect(),
                map_counter: -1,
            })
        });
        let report = case.run();
        assert_eq!(report.init, 0, "{}", report.log);
        let passed: Vec<bool> = report
            .answers
            .iter()
            .map(|answer| !matches!(answer, Answer::Failed(_)))
            .collect();
        eprintln!("in {}", library.display());
        check(&passed, &report);
    }
}

#[test]
fn any_banned_fqan_refuses_and_no_fqan_passes() {
    let calls: [&[&str]; 4] = [
        &["/vo/good", "/vo"],
        &["/vo/good", "/vo/bad/Role=x"],
        &["/vo/bad"],
        &[],
    ];
    passing(Some("\"/vo/bad*\"\n"), &calls, |passed, report| {
        assert_eq!(passed, [true, false, false, true], "{}", report.log);
        report.expect_log("FQAN \"/vo/bad/Role=x\" is found on the ban list");
    });
}

#[test]
fn a_missing_list_refuses_whoever_has_an_fqan_and_is_told() {
    passing(None, &[&["/vo"], &[]], |passed, report| {
        assert_eq!(passed, [false, true], "{}", report.log);
        report.expect_log("everybody is refused until that is put right");
    });
}
