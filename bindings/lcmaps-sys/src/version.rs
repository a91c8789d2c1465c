//! `lcmaps_version.h`: the version of the interface.

use libc::c_int;

/// First number of the version of the interface.
pub const LCMAPS_API_MAJOR_VERSION: c_int = 1;
/// Second number of the version of the interface.
pub const LCMAPS_API_MINOR_VERSION: c_int = 6;
/// Third number of the version of the interface.
pub const LCMAPS_API_PATCH_VERSION: c_int = 6;
