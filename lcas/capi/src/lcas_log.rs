//! `lcas_log.h`: logging for modules and callers; the variadic functions are in
//! `variadic.rs`.

use lc_c_boundary::format::insert;
use lc_c_boundary::memory::bytes;
use libc::{c_char, c_int};

use crate::guard::guard;
use crate::logging::{self, Shape};

/// Logs a message made of a format with one string.
///
/// Only the first `%s` and `%%` are understood; every other conversion is written as it stands, so
/// that a format which comes from outside can do no harm.
///
/// # Returns
/// 0 if the message was taken, 1 if not.
///
/// # Safety
/// - `fmt`, `the_string`: NULL or NUL-terminated strings; borrowed for the call.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_log_a_string(
    prty: c_int,
    fmt: *mut c_char,
    the_string: *mut c_char,
) -> c_int {
    guard("lcas_log_a_string", 1, || {
        // SAFETY: the caller passes NULL or NUL-terminated strings.
        let (fmt, text) = unsafe { (bytes(fmt), bytes(the_string)) };
        let message = insert(fmt.unwrap_or(b"%s"), text.unwrap_or(b"(null)"));
        logging::write(Shape::String, prty, &message);
        0
    })
}

/// The same as `lcas_log_a_string()` with priority 1, if the debug level is `debug_lvl` or more.
///
/// # Returns
/// 0 if the message was taken, 1 if not.
///
/// # Safety
/// As for `lcas_log_a_string()`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_log_a_string_debug(
    debug_lvl: c_int,
    fmt: *mut c_char,
    the_string: *mut c_char,
) -> c_int {
    if debug_lvl > logging::level() {
        return 1;
    }
    // SAFETY: the caller keeps the same promises.
    unsafe { lcas_log_a_string(1, fmt, the_string) }
}

/// How much is logged.
///
/// # Returns
/// The number in `LCAS_DEBUG_LEVEL` when LCAS was started, 0 before.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcas_get_debug_level() -> c_int {
    logging::level()
}
