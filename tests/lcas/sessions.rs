//! Sessions under odd circumstances.

use std::fs;
use std::process::Command;

use support::{scratch, skip};
use work::{Session, libraries, missing, our_library};

const RUN: &str = "vapem=@C@/cred1.pem;R";

#[test]
fn a_database_that_is_no_file_is_refused_at_once() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let directory = scratch();
    let fifo = directory.path().join("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    for (path, reason) in [
        (fifo.display().to_string(), "not a regular file"),
        ("/dev/zero".into(), "not a regular file"),
    ] {
        let done = Session::new("")
            .env("LCAS_DB_FILE", &path)
            .run(&our_library(), &["init", RUN]);
        done.expect("init=1 vapem=4")
            .expect_log(&format!("{path}: {reason}"));
        done.expect_log(&format!("Failed to read LCAS database {path}"));
    }
}

#[test]
fn a_mistake_in_the_database_is_named_with_line_and_column() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let done =
        Session::new("\npluginname=@M@/tp_a.mod, pluginargs\n").run(&our_library(), &["init"]);
    done.expect("init=1").expect_log("/lcas.db:2:");
    done.expect_log("there is no = in \"pluginargs\"");
}

#[test]
fn a_host_that_hides_the_library_gets_modules_all_the_same() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let database = "pluginname=@M@/tp_x.mod, pluginargs=\"-cb\"\n";
    let session = Session::new(database).env("DRV_LOCAL", "1");
    session
        .run(&our_library(), &["init", RUN, "term"])
        .expect("init=0 vapem=0 term=0");
}

#[test]
fn after_a_failed_term_the_next_one_goes_on_and_requests_are_refused_until_then() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let database = "pluginname=@M@/tp_a.mod\npluginname=@M@/tp_b.mod, pluginargs=\"-term 1\"\npluginname=@M@/tp_c.mod\n";
    let done = Session::new(database).run(&our_library(), &["init", "term", "init", RUN, "term"]);
    done.expect("init=0 term=1 init=0 vapem=4 term=1");
    let ends: Vec<_> = done
        .trace
        .lines()
        .filter(|line| line.ends_with("term"))
        .collect();
    assert_eq!(ends, ["a term", "b term", "b term"]);
    assert!(!done.trace.contains("confirm"), "{}", done.trace);
    done.expect_log("not all of them can be asked");
}

#[test]
fn text_of_a_certificate_is_no_format_and_no_line() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let session = Session::new("pluginname=@M@/tp_a.mod\n").env("LCAS_DEBUG_LEVEL", "5");
    let done = session.run(&our_library(), &["init", "vapem=@C@/pct.pem;R", "term"]);
    done.expect("init=0 vapem=0 term=0")
        .expect_log("user is /O=Grid/CN=100%x %s%s%s%s\n");
}

#[test]
fn the_log_of_a_request_at_level_0_is_the_originals() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    for (operation, database) in [
        (RUN, "pluginname=@M@/tp_a.mod\n"),
        (
            RUN,
            "pluginname=@M@/tp_a.mod\npluginname=@M@/tp_b.mod, pluginargs=\"-rc 1\"\n",
        ),
        (
            "vagss=@C@/cred1.pem;R",
            "pluginname=@M@/tp_a.mod, pluginargs=\"-rc 1\"\n",
        ),
        ("auth=/CN=x;@C@/cred2.pem;R", "pluginname=@M@/tp_a.mod\n"),
        (RUN, ""),
    ] {
        let logs: Vec<_> = (libraries().into_iter())
            .map(|(_, library)| {
                Session::new(database)
                    .run(&library, &["init", operation, "term"])
                    .log
            })
            .collect();
        assert!(
            logs[0].contains("LCAS   2: LCAS authorization request\n"),
            "{}",
            logs[0]
        );
        assert!(logs.iter().all(|log| *log == logs[0]), "{logs:#?}");
    }
}

#[test]
fn a_log_file_is_appended_to_through_a_link() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let directory = scratch();
    let (file, link) = (directory.path().join("file"), directory.path().join("link"));
    fs::write(&file, "before\n").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let init = format!("initfile={};1", link.display());
    let done = Session::new("pluginname=@M@/tp_a.mod\n").run(&our_library(), &[&init, RUN, "term"]);
    done.expect("initfile=0 vapem=0 term=0");
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.starts_with("before\nLCAS   2: LCAS authorization request\n"),
        "{text}"
    );
}
