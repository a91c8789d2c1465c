//! Where things are: the environment variables and built-in directories of spec and build.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::file_name;

/// Version of LCMAPS whose behaviour and interface this library has.
pub const VERSION: (i32, i32, i32) = (1, 6, 6);

/// Directory in front of a relative `path =`, set at build time.
pub const LIBRARY_DIR: &str = match option_env!("LCMAPS_LIBDIR") {
    Some(dir) => dir,
    None if cfg!(target_arch = "aarch64") => "/usr/lib/aarch64-linux-gnu",
    None => "/usr/lib/x86_64-linux-gnu",
};

/// Where Debian's packages put modules, although no library of theirs looks there by itself.
const DEBIAN_MODULES_DIR: &str = "/usr/lib/lcmaps";

/// `/etc`, set at build time.
const SYSCONF_DIR: &str = match option_env!("LCMAPS_SYSCONFDIR") {
    Some(dir) => dir,
    None => "/etc",
};

/// The policy file: `$LCMAPS_DB_FILE` or `lcmaps.db`, in `$LCMAPS_DIR`, else `$LCMAPS_ETC_DIR`, else
/// `/etc/lcmaps`. A variable that is set counts even if it is empty.
#[must_use]
pub fn policy_file() -> PathBuf {
    let dir = variable("LCMAPS_DIR")
        .or_else(|| variable("LCMAPS_ETC_DIR"))
        .unwrap_or_else(|| format!("{SYSCONF_DIR}/lcmaps").into_bytes());
    let file = variable("LCMAPS_DB_FILE").unwrap_or_else(|| b"lcmaps.db".to_vec());
    to_path(file_name::join(&dir, &file, b""))
}

/// Where a module of this name may be, in the order to look. `path` is the policy file's, if it has one.
#[must_use]
pub fn module_candidates(path: Option<&[u8]>, name: &[u8]) -> Vec<PathBuf> {
    let directories: Vec<Vec<u8>> = match path {
        Some(path) => vec![path.to_vec()],
        None => variable("LCMAPS_MODULES_DIR")
            .into_iter()
            .chain([
                format!("{LIBRARY_DIR}/lcmaps").into_bytes(),
                DEBIAN_MODULES_DIR.as_bytes().to_vec(),
            ])
            .collect(),
    };
    directories
        .iter()
        .map(|dir| to_path(file_name::join(dir, name, b"")))
        .collect()
}

/// The bytes of an environment variable. In a set-uid program, only one that the program itself set.
#[must_use]
pub fn variable(name: &str) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStringExt;
    lc_os::variable(name).map(OsStringExt::into_vec)
}

/// Bytes as a path.
#[must_use]
pub fn to_path(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    PathBuf::from(OsString::from_vec(bytes))
}
