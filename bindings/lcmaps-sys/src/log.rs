//! `lcmaps_log.h`: the variadic functions, which the library implements in C.

use libc::{c_char, c_int};

unsafe extern "C" {
    /// Logs a message with a syslog priority.
    ///
    /// `fmt` and what follows are as for `printf()`; the message ends with a newline of its own.
    /// It is cut at 2047 bytes, and bytes that cannot be printed become `?`.
    ///
    /// # Returns
    /// 0 if the message was taken, 1 if it is filtered by the level that is set.
    pub fn lcmaps_log(prty: c_int, fmt: *const c_char, ...) -> c_int;

    /// Logs a message at debug level; `debug_lvl` is ignored.
    ///
    /// # Returns
    /// As `lcmaps_log()`.
    pub fn lcmaps_log_debug(debug_lvl: c_int, fmt: *const c_char, ...) -> c_int;

    /// The same as `lcmaps_log()`.
    pub fn lcmaps_log_time(prty: c_int, fmt: *const c_char, ...) -> c_int;
}
