//! `lcas_log.h`: the variadic log functions, which the library implements in C.

use libc::{c_char, c_int};

unsafe extern "C" {
    /// Logs a message with a syslog priority.
    ///
    /// `fmt` and what follows are as for `printf()`; the message ends with a newline of its own.
    /// It is cut at 2047 bytes.
    ///
    /// # Returns
    /// 0 if the message was taken, 1 if it could not be written.
    pub fn lcas_log(prty: c_int, fmt: *mut c_char, ...) -> c_int;

    /// Logs a message with priority 1 if the debug level is `debug_lvl` or more.
    ///
    /// # Returns
    /// 0 if the message was taken, 1 if the debug level is less or it could not be written.
    pub fn lcas_log_debug(debug_lvl: c_int, fmt: *mut c_char, ...) -> c_int;

    /// Logs a message with a syslog priority, and the time in front of it.
    ///
    /// # Returns
    /// As `lcas_log()`.
    pub fn lcas_log_time(prty: c_int, fmt: *mut c_char, ...) -> c_int;
}
