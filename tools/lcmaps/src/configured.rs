//! Where the library looks when the command line says nothing: the same variables and directories.

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use lc_configuration::file_name;
use lcmaps_tools::trust;

const SYSCONF_DIR: &str = match option_env!("LCMAPS_SYSCONFDIR") {
    Some(dir) => dir,
    None => "/etc",
};

/// The directory in front of a relative `path =`.
pub const LIBRARY_DIR: &str = match option_env!("LCMAPS_LIBDIR") {
    Some(dir) => dir,
    None if cfg!(target_arch = "aarch64") => "/usr/lib/aarch64-linux-gnu",
    None => "/usr/lib/x86_64-linux-gnu",
};

const DEBIAN_MODULES_DIR: &str = "/usr/lib/lcmaps";

/// The policy file that services use.
pub fn policy_file() -> PathBuf {
    let dir = variable("LCMAPS_DIR")
        .or_else(|| variable("LCMAPS_ETC_DIR"))
        .unwrap_or_else(|| format!("{SYSCONF_DIR}/lcmaps").into_bytes());
    let file = variable("LCMAPS_DB_FILE").unwrap_or_else(|| b"lcmaps.db".to_vec());
    path(&file_name::join(&dir, &file, b""))
}

/// Where a module of this name may be, in the order to look.
pub fn module_candidates(
    set: Option<&[u8]>,
    modules_dir: Option<&Path>,
    name: &[u8],
) -> Vec<PathBuf> {
    let directories: Vec<Vec<u8>> = match set {
        Some(set) => vec![set.to_vec()],
        None => modules_dir
            .map(|dir| dir.as_os_str().as_bytes().to_vec())
            .or_else(|| variable("LCMAPS_MODULES_DIR"))
            .into_iter()
            .chain([
                format!("{LIBRARY_DIR}/lcmaps").into_bytes(),
                DEBIAN_MODULES_DIR.as_bytes().to_vec(),
            ])
            .collect(),
    };
    let join = |dir: &Vec<u8>| path(&file_name::join(dir, name, b""));
    directories.iter().map(join).collect()
}

/// The directory that says who speaks for which VO.
pub fn vomsdir() -> PathBuf {
    trust::directory(
        None,
        &["LCMAPS_X509_VOMS_DIR", "X509_VOMS_DIR"],
        "/etc/grid-security/vomsdir",
    )
}

/// Bytes as a path.
pub fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(bytes))
}

fn variable(name: &str) -> Option<Vec<u8>> {
    env::var_os(name).map(OsString::into_vec)
}
