//! `lcmaps_version.h`: which LCMAPS this is. Modules look these functions up in their host.

use libc::c_int;

use crate::config::VERSION;

/// First number of the LCMAPS version whose interface the library has.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_get_major_version() -> c_int {
    VERSION.0
}

/// Second number of the LCMAPS version whose interface the library has.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_get_minor_version() -> c_int {
    VERSION.1
}

/// Third number of the LCMAPS version whose interface the library has.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_get_patch_version() -> c_int {
    VERSION.2
}
