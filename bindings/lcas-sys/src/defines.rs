//! `lcas_defines.h`: results of modules.

use libc::c_int;

/// A module succeeded, or grants.
pub const LCAS_MOD_SUCCESS: c_int = 0;
/// A module failed, or refuses. The framework treats every value but 0 alike.
pub const LCAS_MOD_FAIL: c_int = 1;
/// A module misses a file.
pub const LCAS_MOD_NOFILE: c_int = 2;
/// A module found an entry.
pub const LCAS_MOD_ENTRY: c_int = 3;
/// A module found no entry.
pub const LCAS_MOD_NOENTRY: c_int = 4;
