//! Where files are.

use std::ffi::CStr;
use std::path::PathBuf;

use lc_module::Failure;

/// Finds a file that the configuration names, as the host does: `lcas_findfile`.
pub type FindFile<'a> = &'a dyn Fn(&CStr) -> Result<PathBuf, Failure>;

/// The grid-mapfile where nothing names one: `$GRIDMAP`, else `/etc/grid-security/grid-mapfile`. The environment of a
/// set-uid program is its caller's and not asked.
///
/// # Errors
/// `$GRIDMAP` is no absolute name.
pub fn default_map_file() -> Result<PathBuf, Failure> {
    let named =
        std::env::var_os("GRIDMAP").filter(|value| !value.is_empty() && !lc_os::is_set_uid());
    let Some(path) = named.map(PathBuf::from) else {
        return Ok(PathBuf::from(lc_os::places::GRID_SECURITY).join("grid-mapfile"));
    };
    if path.is_absolute() {
        return Ok(path);
    }
    Err(Failure::error(format_args!(
        "the environment variable GRIDMAP is \"{}\"; set it to an absolute name",
        path.display()
    )))
}
