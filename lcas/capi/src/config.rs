//! Where things are: the process's environment, the directories of the build, the file system.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use lcas_core::environment::{self, Candidates};

/// Version of LCAS whose behaviour and interface this library has.
pub const VERSION: &str = "1.3.19";

/// Directory of the libraries, set at build time; modules are in its folder `lcas`.
const LIBRARY_DIR: &str = match option_env!("LCMAPS_LIBDIR") {
    Some(dir) => dir,
    None if cfg!(target_arch = "aarch64") => "/usr/lib/aarch64-linux-gnu",
    None => "/usr/lib/x86_64-linux-gnu",
};

/// Where Debian's liblcas0 looks for modules.
const DEBIAN_MODULES_DIR: &str = "/usr/lib/lcas";

/// `/etc`, set at build time; configuration is in its folder `lcas`.
const SYSCONF_DIR: &str = match option_env!("LCMAPS_SYSCONFDIR") {
    Some(dir) => dir,
    None => "/etc",
};

/// Below [`SYSCONF_DIR`], the first one as Debian's liblcas0 was built.
const CONFIGURATION_DIRS: [&str; 2] = ["lcas/lcas", "lcas"];

/// The bytes of an environment variable. In a set-uid program, only one that the program itself set.
#[must_use]
pub fn variable(name: &str) -> Option<Vec<u8>> {
    lc_os::variable(name).map(OsString::into_vec)
}

/// The database: the first candidate that exists, else the last one, so that there is a name to
/// complain about.
#[must_use]
pub fn database() -> PathBuf {
    let candidates = with_directories(|built_in| environment::database(&variable, built_in));
    let last = candidates.last().cloned().unwrap_or_default();
    to_path(first_existing(candidates).unwrap_or(last))
}

/// The file of a module.
///
/// # Errors
/// Where it was looked for.
pub fn module(name: &[u8]) -> Result<PathBuf, Candidates> {
    let candidates = with_directories(|built_in| environment::module(&variable, name, built_in));
    first_existing(candidates.clone())
        .map(to_path)
        .ok_or(candidates)
}

/// A configuration file of a module.
#[must_use]
pub fn configuration_file(name: &[u8]) -> Option<Vec<u8>> {
    first_existing(with_directories(|built_in| {
        environment::configuration_file(name, built_in)
    }))
}

/// Whether there is a file. One that cannot be looked at counts: opening it will say why.
#[must_use]
pub fn exists(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(_) => true,
        Err(e) => e.kind() != ErrorKind::NotFound,
    }
}

fn first_existing(candidates: Candidates) -> Option<Vec<u8>> {
    candidates
        .into_iter()
        .find(|path| exists(&to_path(path.clone())))
}

fn with_directories<T>(body: impl FnOnce(environment::Directories<'_>) -> T) -> T {
    let configuration = CONFIGURATION_DIRS.map(|folder| format!("{SYSCONF_DIR}/{folder}"));
    let modules = [format!("{LIBRARY_DIR}/lcas"), DEBIAN_MODULES_DIR.to_owned()];
    body(environment::Directories {
        configuration: &configuration.each_ref().map(String::as_str),
        modules: &modules.each_ref().map(String::as_str),
    })
}

/// Bytes as a path.
#[must_use]
pub fn to_path(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(OsString::from_vec(bytes))
}
