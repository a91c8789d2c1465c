//! What this machine and this workspace offer for a test.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// Names a further library to test in.
const LIBRARY_VARIABLE: &str = "LCMAPS_TEST_LIBRARY";

/// Where distributions keep shared libraries.
const LIBRARY_PLACES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
];

fn installed(file: &str) -> Option<PathBuf> {
    LIBRARY_PLACES
        .iter()
        .map(|place| Path::new(place).join(file))
        .find(|path| path.exists())
}

/// The liblcmaps of this machine, of this workspace when the test depends on it, and the one that
/// `LCMAPS_TEST_LIBRARY` names. Says so on standard error when there is none.
#[must_use]
pub fn libraries() -> Vec<PathBuf> {
    let installed = installed("liblcmaps.so.0");
    if installed.is_none() {
        eprintln!("skipped: no liblcmaps.so.0 is installed on this machine (package liblcmaps0)");
    }
    let named = env::var_os(LIBRARY_VARIABLE).map(PathBuf::from);
    [installed, own_library(), named]
        .into_iter()
        .flatten()
        .collect()
}

/// The liblcmaps of this workspace, if the test depends on it.
#[must_use]
pub fn own_library() -> Option<PathBuf> {
    crate::built("liblcmaps.so")
}

/// Whether accounts can be made up here. Says so on standard error when not.
#[must_use]
pub fn can_fake_accounts() -> bool {
    let found = installed("libnss_wrapper.so").is_some();
    if !found {
        eprintln!(
            "skipped: no libnss_wrapper.so is installed on this machine (package libnss-wrapper)"
        );
    }
    found
}

/// Whether [`Case::as_user`](super::Case::as_user) works here: root runs the test, and others may reach what cargo built.
/// Says so on standard error when not.
#[must_use]
pub fn can_change_user() -> bool {
    let open = |path: &Path| fs::metadata(path).is_ok_and(|data| data.mode() & 0o001 != 0);
    let test = env::current_exe().unwrap_or_default();
    let can = nix::unistd::geteuid().is_root() && test.ancestors().skip(1).all(open);
    if !can {
        eprintln!("skipped: needs root, and a target directory that other users can enter");
    }
    can
}
