//! `lcmaps_log.h`: logging for modules and callers.

use std::arch::{global_asm, naked_asm};
use std::slice;

use lc_c_boundary::format::insert;
use libc::{c_char, c_int, size_t};

use crate::c_memory::bytes;
use crate::guard::guard;
use crate::logging;

unsafe extern "C" {
    // variadic.c
    fn lcmaps_shim_log(prty: c_int, fmt: *const c_char, ...) -> c_int;
    fn lcmaps_shim_log_debug(debug_lvl: c_int, fmt: *const c_char, ...) -> c_int;
}

/// Exports a C-variadic function under its public name. A function that is defined in C cannot be
/// exported from a cdylib (rustc's version script hides it), a Rust function cannot be variadic: a
/// naked jump, which touches neither registers nor stack, is both. Rust releases with stable
/// `c_variadic` make this macro and variadic.c superfluous.
macro_rules! variadic {
    ($(#[$doc:meta])* $name:ident => $shim:ident) => {
        $(#[$doc])*
        ///
        /// # Returns
        /// 0 written, 1 filtered.
        ///
        /// # Safety
        /// - `fmt`: NULL or a printf format that fits the arguments behind it; borrowed for the call.
        // SAFETY: the name is the original's public one; nothing else in the library defines it.
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        pub unsafe extern "C" fn $name() {
            #[cfg(target_arch = "x86_64")]
            naked_asm!("jmp {}", sym $shim);
            #[cfg(target_arch = "aarch64")]
            naked_asm!("b {}", sym $shim);
        }
    };
}

variadic! {
    /// `int lcmaps_log(int prty, const char *fmt, ...)`: logs with a syslog priority.
    lcmaps_log => lcmaps_shim_log
}
variadic! {
    /// `int lcmaps_log_debug(int debug_lvl, const char *fmt, ...)`: logs at debug level.
    lcmaps_log_debug => lcmaps_shim_log_debug
}
variadic! {
    /// `int lcmaps_log_time(int prty, const char *fmt, ...)`: the same as `lcmaps_log`.
    lcmaps_log_time => lcmaps_shim_log
}

/// Logs a message made of a format with one string.
///
/// Only the first `%s` and `%%` are understood; every other conversion is written as it stands, so
/// that a format which comes from outside can do no harm.
///
/// # Returns
/// 0 written, 1 filtered.
///
/// # Safety
/// - `fmt`, `the_string`: NULL or NUL-terminated strings; borrowed for the call.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_log_a_string(
    prty: c_int,
    fmt: *const c_char,
    the_string: *const c_char,
) -> c_int {
    guard("lcmaps_log_a_string", 1, || {
        if !logging::enabled(prty) {
            return 1;
        }
        // SAFETY: the caller passes NULL or NUL-terminated strings.
        let (fmt, text) = unsafe { (bytes(fmt), bytes(the_string)) };
        logging::log_message(
            prty,
            &insert(fmt.unwrap_or(b"%s"), text.unwrap_or(b"(null)")),
        )
    })
}

/// The same as `lcmaps_log_a_string` at debug level; `debug_lvl` is ignored.
///
/// # Returns
/// 0 written, 1 filtered.
///
/// # Safety
/// As for `lcmaps_log_a_string`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_log_a_string_debug(
    _debug_lvl: c_int,
    fmt: *const c_char,
    the_string: *const c_char,
) -> c_int {
    // SAFETY: the caller keeps the same promises.
    unsafe { lcmaps_log_a_string(libc::LOG_DEBUG, fmt, the_string) }
}

// variadic.c calls these two names. They are hidden labels and not `no_mangle` functions because a
// cdylib would export those.
#[cfg(target_arch = "x86_64")]
global_asm!(
    ".globl lcmaps_shim_enabled", ".hidden lcmaps_shim_enabled", "lcmaps_shim_enabled:", "jmp {enabled}",
    ".globl lcmaps_shim_write", ".hidden lcmaps_shim_write", "lcmaps_shim_write:", "jmp {write}",
    enabled = sym enabled, write = sym write
);
#[cfg(target_arch = "aarch64")]
global_asm!(
    ".globl lcmaps_shim_enabled", ".hidden lcmaps_shim_enabled", "lcmaps_shim_enabled:", "b {enabled}",
    ".globl lcmaps_shim_write", ".hidden lcmaps_shim_write", "lcmaps_shim_write:", "b {write}",
    enabled = sym enabled, write = sym write
);

/// Whether variadic.c needs to format at all.
extern "C" fn enabled(priority: c_int) -> c_int {
    c_int::from(logging::enabled(priority))
}

/// Takes what variadic.c has formatted.
unsafe extern "C" fn write(priority: c_int, text: *const c_char, length: size_t) -> c_int {
    guard("lcmaps_log", 1, || {
        // SAFETY: variadic.c passes its buffer and the number of bytes in it.
        let text = unsafe { slice::from_raw_parts(text.cast(), length) };
        logging::log_message(priority, text)
    })
}
