//! `lcmaps_defines.h` and `lcmaps_log.h` constants.

use libc::{c_int, c_ushort};

/// A module succeeded.
pub const LCMAPS_MOD_SUCCESS: c_int = 0;
/// A module failed. The framework treats every value but 0 alike.
pub const LCMAPS_MOD_FAIL: c_int = 1;
/// A module misses a file.
pub const LCMAPS_MOD_NOFILE: c_int = 2;
/// A module found an entry.
pub const LCMAPS_MOD_ENTRY: c_int = 3;
/// A module found no entry.
pub const LCMAPS_MOD_NOENTRY: c_int = 4;
/// Longest path of a module, in bytes.
pub const LCMAPS_MAXPATHLEN: usize = 500;
/// Longest argument string of a module, in bytes.
pub const LCMAPS_MAXARGSTRING: usize = 2000;
/// Size of a module's argument vector, with argv[0] and the closing NULL.
pub const LCMAPS_MAXARGS: usize = 51;

/// `logtype` bit of `lcmaps_init_and_log*`: write to the given stream or file.
pub const DO_USRLOG: c_ushort = 1;
/// `logtype` bit of `lcmaps_init_and_log*`: write to syslog.
pub const DO_SYSLOG: c_ushort = 2;
