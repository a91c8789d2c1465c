//! `lcas_userban` under a host that records, and inside real libraries.

use std::fs;
use std::path::PathBuf;

use lcas_module_test::real::{Case, libraries};
use lcas_module_test::recording::{LoadedModule, Question, RecordingHost};
use lcas_module_test::{TESTER_DN, growth_per_round, module_file};

#[test]
fn child() {
    lcas_module_test::real::child();
}

fn list(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ban_users.db");
    fs::write(&path, text).expect("a list");
    (folder, path)
}

#[test]
fn who_is_listed_is_refused_and_the_log_says_by_which_line() {
    let (_folder, path) = list("# banned\n\"/O=Grid/CN=Jane Doe\"\n");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcas_userban"));
    let instance = module
        .start(&[&path.display().to_string()])
        .expect("starts");
    assert_ne!(module.confirm(&Question::of("/O=Grid/CN=Jane Doe")), 0);
    host.expect_log(&format!(
        "\"/O=Grid/CN=Jane Doe\" is banned by {}:2, \"/O=Grid/CN=Jane Doe\"",
        path.display()
    ));
    assert_eq!(module.confirm(&Question::of("/O=Grid/CN=John Doe")), 0);
    assert_eq!(module.confirm(&Question::of("/O=Grid/CN=Jane Doe/CN=1")), 0);
    assert_ne!(module.confirm(&Question::of_nobody()), 0);
    assert_ne!(module.confirm(&Question::of("")), 0);
    // A change counts at once; a file that went away refuses everybody.
    fs::write(
        &path,
        "\"/O=Grid/CN=John\" account\n\"/O=Grid/CN=John Doe\"\n",
    )
    .expect("a list");
    assert_ne!(module.confirm(&Question::of("/O=Grid/CN=John Doe")), 0);
    assert_eq!(module.confirm(&Question::of("/O=Grid/CN=Jane Doe")), 0);
    fs::remove_file(&path).expect("removed");
    assert_ne!(module.confirm(&Question::of("/O=Grid/CN=Jane Doe")), 0);
    drop(instance);
}

#[test]
fn a_name_without_its_quotes_refuses_everybody_and_the_start_says_so() {
    let (_folder, path) = list("/C=NL/O=x/CN=Alice Tester\n");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcas_userban"));
    let instance = module
        .start(&[&path.display().to_string()])
        .expect("starts");
    host.expect_log(&format!(
        "{}:1:1: there is text behind the name",
        path.display()
    ));
    host.expect_log("put the DN in double quotes");
    assert_ne!(
        module.confirm(&Question::of("/C=NL/O=x/CN=Alice Tester")),
        0
    );
    assert_ne!(module.confirm(&Question::of("/CN=other")), 0);
    drop(instance);
}

#[test]
fn without_a_word_the_list_is_ban_users_db_in_the_hosts_directory() {
    let (folder, _) = list("/CN=a\n");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcas_userban"));
    host.set_directory(folder.path());
    let instance = module.start(&[]).expect("starts");
    assert_ne!(module.confirm(&Question::of("/CN=a")), 0);
    assert_eq!(module.confirm(&Question::of("/CN=b")), 0);
    drop(instance);
    let empty = tempfile::tempdir().expect("a folder");
    host.set_directory(empty.path());
    assert!(module.start(&[]).is_err());
}

#[test]
fn real_libraries_refuse_the_tester_who_is_listed() {
    for library in libraries() {
        let (_folder, path) = list(&format!("\"{TESTER_DN}\"\n"));
        let words = path.display().to_string();
        let case = Case::of_module(&library, &module_file("lcas_userban"), &words).ask(None);
        let report = case.run();
        assert_eq!(
            (report.init, report.answers.as_slice()),
            (0, &[5][..]),
            "{}",
            report.log
        );
        fs::write(&path, "\"/CN=somebody else\"\n").expect("a list");
        let report = case.run();
        assert_eq!(report.answers, [0], "{}", report.log);
        fs::remove_file(&path).expect("removed");
        assert_eq!(case.run().init, 1);
    }
}

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    let (_folder, path) = list("\"/CN=a\"\n");
    let words = path.display().to_string();
    let file = module_file("lcas_userban");
    let growth = growth_per_round(|| {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &file);
        let instance = module.start(&[&words]).expect("starts");
        assert_ne!(module.confirm(&Question::of("/CN=a")), 0);
        assert_eq!(module.terminate(), 0);
        drop(instance);
    });
    assert!(growth < 24.0, "{growth} bytes a session");
}
