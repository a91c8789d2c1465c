//! `lcas_userallow` under a host that records, and inside real libraries.

use std::fs;
use std::path::PathBuf;

use lcas_module_test::real::{Case, libraries};
use lcas_module_test::recording::{LoadedModule, Question, RecordingHost};
use lcas_module_test::{TESTER_DN, module_file};

#[test]
fn child() {
    lcas_module_test::real::child();
}

fn list(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("allowed_users.db");
    fs::write(&path, text).expect("a list");
    (folder, path)
}

#[test]
fn only_who_is_listed_is_let_in() {
    let (_folder, path) = list("\"/O=Grid/CN=Jane Doe\" account\n\"/O=Grid/CN=J*\"\n");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcas_userallow"));
    let words = path.display().to_string();
    let instance = module.start(&[&words]).expect("starts");
    assert_eq!(module.confirm(&Question::of("/O=Grid/CN=Jane Doe")), 0);
    host.expect_log(&format!("is listed in {words}:1"));
    assert_ne!(module.confirm(&Question::of("/O=Grid/CN=John Doe")), 0);
    host.expect_log(&format!("\"/O=Grid/CN=John Doe\" is not in {words}"));
    assert_ne!(module.confirm(&Question::of_nobody()), 0);
    drop(instance);
    assert_eq!(module.terminate(), 0);
    let instance = module.start(&["-wildcards", &words]).expect("starts");
    assert_eq!(module.confirm(&Question::of("/O=Grid/CN=John Doe")), 0);
    fs::write(&path, "\"/O=Grid/CN=John Doe\n").expect("a list");
    assert_ne!(module.confirm(&Question::of("/O=Grid/CN=John Doe")), 0);
    host.expect_log("the quoted name is not closed");
    drop(instance);
}

#[test]
fn real_libraries_let_the_tester_in_who_is_listed() {
    for library in libraries() {
        let (_folder, path) = list(&format!("\"{TESTER_DN}\"\n"));
        let words = path.display().to_string();
        let case = Case::of_module(&library, &module_file("lcas_userallow"), &words).ask(None);
        let report = case.run();
        assert_eq!(
            (report.init, report.answers.as_slice()),
            (0, &[0][..]),
            "{}",
            report.log
        );
        fs::write(&path, "").expect("a list");
        assert_eq!(case.run().answers, [5]);
    }
}

#[test]
fn without_a_word_the_list_is_the_grid_mapfile() {
    for library in libraries() {
        let (_folder, path) = list(&format!("\"{TESTER_DN}\" account\n"));
        let case = Case::of_module(&library, &module_file("lcas_userallow"), "").ask(None);
        let report = case.clone().env("GRIDMAP", &path).run();
        assert_eq!(
            (report.init, report.answers.as_slice()),
            (0, &[0][..]),
            "{}",
            report.log
        );
        assert_eq!(case.env("GRIDMAP", "relative").run().init, 1);
    }
}
