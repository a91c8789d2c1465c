//! Look-ups with accounts that were made up for the test (libnss-wrapper), each in a process of its
//! own: this executable again, with the test that holds the checks.

use std::ffi::CStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use lc_os::{Gid, account_by_name, account_by_uid, group_by_gid, group_by_name, is_privileged};

/// Tells a check that it was started by a test, for what and with what.
const CHECK: &str = "LC_OS_CHECK";

/// Starts the checks of one test in a process that `prepare` changes.
fn check(name: &str, prepare: impl FnOnce(&mut Command)) {
    let mut child = Command::new(std::env::current_exe().expect("the path of this test"));
    child
        .args(["--exact", "checks", "--nocapture", "--test-threads=1"])
        .env(CHECK, name);
    prepare(&mut child);
    let output = child.output().expect("the child starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{complaint}"
    );
}

fn with_accounts(name: &str, passwd: &str, group: &str) {
    let places = [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
        "/usr/lib",
    ];
    if !places
        .iter()
        .any(|place| Path::new(place).join("libnss_wrapper.so").exists())
    {
        eprintln!("skipped: no libnss_wrapper.so on this machine (package libnss-wrapper)");
        return;
    }
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let path = |file: &str| scratch.path().join(file);
    fs::write(path("passwd"), passwd).expect("a file");
    fs::write(path("group"), group).expect("a file");
    check(name, |child| {
        child.env("LD_PRELOAD", "libnss_wrapper.so");
        child
            .env("NSS_WRAPPER_PASSWD", path("passwd"))
            .env("NSS_WRAPPER_GROUP", path("group"));
    });
}

/// Runs in the child; does nothing in the parent.
#[test]
fn checks() {
    match std::env::var(CHECK).as_deref() {
        Ok("accounts") => check_accounts(),
        Ok("many groups") => check_many_groups(),
        Ok("long entry") => check_long_entry(),
        Ok("failing service") => check_failing_service(),
        Ok("ordinary user") => assert!(!is_privileged()),
        Ok(other) => panic!("no check {other}"),
        Err(_) => {}
    }
}

#[test]
fn an_account_is_found_by_name_and_by_id_with_all_its_groups() {
    let passwd = "root:x:0:0::/root:/bin/sh\nalice:x:5001:6001::/home/alice:/bin/sh\ntwin:x:5001:6002::/:/bin/sh\n";
    let group =
        "root:x:0:\nstaff:x:6001:\natlas:x:6003:alice\ncms:x:6004:bob,alice\nlhcb:x:6005:bob\n";
    with_accounts("accounts", passwd, group);
}

fn check_accounts() {
    let alice = account_by_name(c"alice").unwrap().unwrap();
    assert_eq!(alice.name.as_c_str(), c"alice");
    assert_eq!(
        (alice.uid.as_raw(), alice.primary_gid.as_raw()),
        (5001, 6001)
    );
    assert_eq!(alice.home, Path::new("/home/alice"));
    let mut groups: Vec<u32> = alice
        .groups()
        .unwrap()
        .into_iter()
        .map(Gid::as_raw)
        .collect();
    groups.sort_unstable();
    assert_eq!(groups, [6001, 6003, 6004]);
    assert_eq!(
        account_by_uid(5001).unwrap(),
        Some(alice),
        "the first of two accounts with one id"
    );
    let atlas = group_by_name(c"atlas").unwrap().unwrap();
    assert_eq!(atlas.gid.as_raw(), 6003);
    assert_eq!(group_by_gid(6003).unwrap(), Some(atlas));
}

/// With the name service of this machine: the made-up one answers with an error code instead.
#[test]
fn what_does_not_exist_is_none() {
    let missing: [&CStr; 3] = [c"no-such-account-here", c"", c"ROOT"];
    for name in missing {
        assert_eq!(account_by_name(name).unwrap(), None);
        assert_eq!(group_by_name(name).unwrap(), None);
    }
    assert_eq!(account_by_uid(3_999_999_999).unwrap(), None);
    assert_eq!(group_by_gid(3_999_999_999).unwrap(), None);
}

#[test]
fn an_account_in_very_many_groups_has_them_all() {
    let group = (0..3000).fold("staff:x:6001:\n".to_owned(), |mut text, at| {
        let _ = writeln!(text, "g{at}:x:{}:alice", 10000 + at);
        text
    });
    with_accounts("many groups", "alice:x:5001:6001::/:/bin/sh\n", &group);
}

fn check_many_groups() {
    let alice = account_by_name(c"alice").unwrap().unwrap();
    let groups = alice.groups().unwrap();
    assert_eq!(groups.len(), 3001);
    assert!(groups.contains(&Gid::from_raw(6001)) && groups.contains(&Gid::from_raw(12999)));
}

#[test]
fn an_entry_longer_than_any_buffer_at_first_is_read() {
    let passwd = format!(
        "alice:x:5001:6001:{}:/home/alice:/bin/sh\n",
        "x".repeat(30_000)
    );
    with_accounts("long entry", &passwd, "staff:x:6001:\n");
}

fn check_long_entry() {
    assert_eq!(
        account_by_name(c"alice").unwrap().unwrap().home,
        Path::new("/home/alice")
    );
}

#[test]
fn a_service_that_fails_does_not_say_unknown() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let library = scratch.path().join("libfailing_names.so");
    let status = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/failing_names.c"
        ))
        .status()
        .expect("a C compiler");
    assert!(status.success());
    check("failing service", |child| {
        child.env("LD_PRELOAD", &library);
    });
}

fn check_failing_service() {
    let error = account_by_name(c"alice").unwrap_err().to_string();
    let expected = "cannot look up account \"alice\": the name service (nsswitch.conf) failed: Connection refused";
    assert!(error.starts_with(expected), "{error}");
    assert_eq!(
        group_by_gid(1).unwrap(),
        None,
        "an interrupted call is made again"
    );
}

#[test]
fn an_ordinary_user_is_told_from_root() {
    if !nix::unistd::geteuid().is_root() {
        eprintln!("skipped: needs root");
        return;
    }
    assert!(is_privileged());
    check("ordinary user", |child| {
        child.uid(65_000).gid(65_000);
    });
}
