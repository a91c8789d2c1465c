//! In a set-uid program the caller's environment says nothing.

use std::os::unix::fs::{PermissionsExt, chown};
use std::process::Command;

const NOBODY: u32 = 65534;

/// Run by the test below, as a set-uid program and as a plain one.
#[test]
#[ignore = "run by the test below"]
fn says_what_it_believes() {
    println!("inherited {:?}", lc_os::variable("LC_OS_INHERITED"));
    // SAFETY: the only thread of this process that looks at the environment.
    unsafe { std::env::set_var("LC_OS_INHERITED", "own") };
    println!("own {:?}", lc_os::variable("LC_OS_INHERITED"));
}

#[test]
fn a_set_uid_program_believes_only_what_it_set_itself() {
    if !nix::unistd::geteuid().is_root() {
        println!("skipped: only root can make a program of another user");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).expect("a folder");
    let said = |mode: u32| {
        let program = folder.path().join(format!("program-{mode:o}"));
        std::fs::copy(std::env::current_exe().expect("this program"), &program).expect("a copy");
        chown(&program, Some(NOBODY), Some(NOBODY)).expect("another owner");
        std::fs::set_permissions(&program, PermissionsExt::from_mode(mode)).expect("a mode");
        let output = Command::new(program)
            .args([
                "--exact",
                "says_what_it_believes",
                "--ignored",
                "--nocapture",
            ])
            .env("LC_OS_INHERITED", "the caller's")
            .output()
            .expect("run");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let plain = said(0o755);
    assert!(
        plain.contains(r#"inherited Some("the caller's")"#),
        "{plain}"
    );
    let set_uid = said(0o4755);
    assert!(set_uid.contains("inherited None"), "{set_uid}");
    assert!(set_uid.contains(r#"own Some("own")"#), "{set_uid}");
}
