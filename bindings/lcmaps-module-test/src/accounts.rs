//! Accounts that exist for one test only.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use crate::real::can_fake_accounts;

/// Set in the process that has the accounts.
const VARIABLE: &str = "LCMAPS_MODULE_TEST_ACCOUNTS";

/// Runs the rest of a test with these lines of passwd(5) and group(5) as the accounts of the
/// machine, in a process of its own: this executable again, with the same test. Does nothing but
/// say so where accounts cannot be made up. Call it from the thread of the test, with all of the
/// test inside.
///
/// # Panics
/// When the rest of the test fails.
pub fn with_accounts(passwd: &str, group: &str, rest: impl FnOnce()) {
    if env::var_os(VARIABLE).is_some() {
        return rest();
    }
    if !can_fake_accounts() {
        return;
    }
    let scratch = tempfile::tempdir().expect("a scratch directory");
    let write = |name: &str, text: &str| {
        let path = scratch.path().join(name);
        fs::write(&path, text).expect("a file in the scratch directory");
        path
    };
    let thread = thread::current();
    let mut child = Command::new(env::current_exe().expect("the path of this test"));
    child.args([
        thread.name().expect("the thread of a test"),
        "--exact",
        "--nocapture",
        "--test-threads=1",
    ]);
    child.env(VARIABLE, "yes");
    make_up(&mut child, &write("passwd", passwd), &write("group", group));
    let output = child.output().expect("the child starts");
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{complained}"
    );
}

/// Gives a process these accounts and groups.
pub(crate) fn make_up(process: &mut Command, passwd: &Path, group: &Path) {
    process
        .env("LD_PRELOAD", "libnss_wrapper.so")
        .env("NSS_WRAPPER_PASSWD", passwd)
        .env("NSS_WRAPPER_GROUP", group);
}
