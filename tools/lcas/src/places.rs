//! Where the database, modules and their files are: as the library looks for them.

use std::ffi::{CStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use lcas_core::environment::{self, Candidates, Directories};
use lcas_module_support::Failure;

use crate::cli::PlaceOptions;

/// The file name of the library.
const SONAME: &str = "liblcas.so.0";

/// Directory of the libraries, set at build time as for the library.
const LIBRARY_DIR: &str = match option_env!("LCMAPS_LIBDIR") {
    Some(dir) => dir,
    None if cfg!(target_arch = "aarch64") => "/usr/lib/aarch64-linux-gnu",
    None => "/usr/lib/x86_64-linux-gnu",
};

/// Where Debian's liblcas0 looks for modules.
const DEBIAN_MODULES_DIR: &str = "/usr/lib/lcas";

/// Directory of configurations, set at build time as for the library.
const SYSCONF_DIR: &str = match option_env!("LCMAPS_SYSCONFDIR") {
    Some(dir) => dir,
    None => "/etc",
};

/// The database that is meant.
pub fn database(options: &PlaceOptions) -> PathBuf {
    if let Some(db) = &options.db {
        return std::path::absolute(db).unwrap_or_else(|_| db.clone());
    }
    let candidates = with_directories(|built_in| environment::database(&variable, built_in));
    let last = candidates.last().cloned().unwrap_or_default();
    to_path(first_existing(&candidates).unwrap_or(last))
}

/// The file of a module, or where it was looked for.
pub fn module(name: &[u8], options: &PlaceOptions) -> Result<PathBuf, Vec<PathBuf>> {
    let set = |variable_name: &str| match &options.modules_dir {
        Some(folder) if variable_name == "LCAS_MODULES_DIR" => {
            Some(folder.clone().into_os_string().into_vec())
        }
        _ => variable(variable_name),
    };
    let candidates = with_directories(|built_in| environment::module(&set, name, built_in));
    match first_existing(&candidates) {
        Some(path) => Ok(to_path(path)),
        None => Err(candidates.into_iter().map(to_path).collect()),
    }
}

/// A configuration file of a module.
pub fn configuration_file(name: &CStr) -> Result<PathBuf, Failure> {
    let candidates =
        with_directories(|built_in| environment::configuration_file(name.to_bytes(), built_in));
    first_existing(&candidates).map(to_path).ok_or_else(|| {
        let places: Vec<_> = (candidates.into_iter())
            .map(|path| to_path(path).display().to_string())
            .collect();
        Failure::error(format_args!("there is no file {}", places.join(" nor ")))
    })
}

/// The library to ask: the one named, else the one installed with this command, else the system's.
pub fn library(named: Option<&Path>) -> PathBuf {
    if let Some(path) = named {
        // A bare file name is a file here, not a library that the loader searches for.
        return std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    }
    let installed = Path::new(LIBRARY_DIR).join(SONAME);
    if option_env!("LCMAPS_LIBDIR").is_some() && installed.exists() {
        return installed;
    }
    SONAME.into()
}

/// Whether the library takes the debug level of the environment.
pub fn debug_level_is_usable() -> bool {
    environment::debug_level(&variable).is_ok()
}

fn variable(name: &str) -> Option<Vec<u8>> {
    std::env::var_os(name).map(OsString::into_vec)
}

fn with_directories<T>(body: impl FnOnce(Directories<'_>) -> T) -> T {
    let configuration = ["lcas/lcas", "lcas"].map(|folder| format!("{SYSCONF_DIR}/{folder}"));
    let modules = [format!("{LIBRARY_DIR}/lcas"), DEBIAN_MODULES_DIR.to_owned()];
    body(Directories {
        configuration: &configuration.each_ref().map(String::as_str),
        modules: &modules.each_ref().map(String::as_str),
    })
}

/// One that cannot be looked at is taken for existing, as the library does.
fn first_existing(candidates: &Candidates) -> Option<Vec<u8>> {
    let exists = |path: &&Vec<u8>| match fs::metadata(to_path((*path).clone())) {
        Ok(_) => true,
        Err(error) => error.kind() != ErrorKind::NotFound,
    };
    candidates.iter().find(exists).cloned()
}

fn to_path(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(OsString::from_vec(bytes))
}
