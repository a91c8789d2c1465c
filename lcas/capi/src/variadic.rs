//! The functions with a variable number of arguments, which variadic.c implements.

use std::arch::{global_asm, naked_asm};
use std::ffi::c_void;
use std::path::Path;
use std::slice;

use lc_c_boundary::memory::bytes;
use lcas_sys::lcas_request_t;
use libc::{c_char, c_int, size_t};

use crate::config;
use crate::guard::guard;
use crate::lcas_run::run;
use crate::logging::{self, Shape};

unsafe extern "C" {
    // variadic.c
    fn lcas_shim_log(prty: c_int, fmt: *const c_char, ...) -> c_int;
    fn lcas_shim_log_debug(debug_lvl: c_int, fmt: *const c_char, ...) -> c_int;
    fn lcas_shim_log_time(prty: c_int, fmt: *const c_char, ...) -> c_int;
    fn lcas_shim_getfexist(n: c_int, ...) -> *mut c_char;
    fn lcas_shim_run_va(arg_type: c_int, ...) -> c_int;
}

/// Exports a C-variadic function under its public name. A function that is defined in C cannot be
/// exported from a cdylib (rustc's version script hides it), a Rust function cannot be variadic: a
/// naked jump, which touches neither registers nor stack, is both. Rust releases with stable
/// `c_variadic` make this macro and variadic.c superfluous.
macro_rules! variadic {
    ($(#[$doc:meta])* $name:ident => $shim:ident) => {
        $(#[$doc])*
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
    /// `int lcas_log(int prty, char *fmt, ...)`: logs with a syslog priority.
    ///
    /// # Returns
    /// 0.
    ///
    /// # Safety
    /// - `fmt`: NULL or a printf format that fits the arguments behind it; borrowed for the call.
    lcas_log => lcas_shim_log
}
variadic! {
    /// `int lcas_log_debug(int debug_lvl, char *fmt, ...)`: logs with priority 1, if the debug level
    /// is high enough.
    ///
    /// # Returns
    /// 0, or 1 if the debug level is too low.
    ///
    /// # Safety
    /// As for `lcas_log`.
    lcas_log_debug => lcas_shim_log_debug
}
variadic! {
    /// `int lcas_log_time(int prty, char *fmt, ...)`: logs with a syslog priority and the time.
    ///
    /// # Returns
    /// 0.
    ///
    /// # Safety
    /// As for `lcas_log`.
    lcas_log_time => lcas_shim_log_time
}
variadic! {
    /// `char *lcas_getfexist(int n, ...)`: the first of n paths that exists.
    ///
    /// # Returns
    /// One of the pointers, or NULL.
    ///
    /// # Safety
    /// - `n`: the number of paths behind it, each NULL or a string; borrowed for the call.
    lcas_getfexist => lcas_shim_getfexist
}
variadic! {
    /// `int lcas_run_va(int arg_type, ...)`: asks whether a user may do what a request asks for.
    ///
    /// # Returns
    /// 0 granted, 5 refused by a module, 4 not evaluated.
    ///
    /// # Safety
    /// Behind `arg_type` stand: for 0 a PEM text and a request; for 1 a GSS credential and a request;
    /// for 2 a DN, which is ignored, a GSS credential and a request. Each may be NULL. For other numbers
    /// nothing is looked at.
    lcas_run_va => lcas_shim_run_va
}

/// Gives a function of this file the hidden name under which variadic.c calls it. A label and no
/// `no_mangle` function, because a cdylib would export that.
macro_rules! hidden {
    ($name:literal => $function:ident) => {
        #[cfg(target_arch = "x86_64")]
        global_asm!(
            concat!(".globl ", $name), concat!(".hidden ", $name), concat!($name, ":"), "jmp {f}",
            f = sym $function
        );
        #[cfg(target_arch = "aarch64")]
        global_asm!(
            concat!(".globl ", $name), concat!(".hidden ", $name), concat!($name, ":"), "b {f}",
            f = sym $function
        );
    };
}

hidden!("lcas_shim_write" => write);
hidden!("lcas_shim_level" => level);
hidden!("lcas_shim_exists" => exists);
hidden!("lcas_shim_run" => run_kind);

/// Takes what variadic.c has formatted.
unsafe extern "C" fn write(
    priority: c_int,
    with_time: c_int,
    text: *const c_char,
    length: size_t,
) -> c_int {
    guard("lcas_log", 1, || {
        // SAFETY: variadic.c passes its buffer and the number of bytes in it.
        let text = unsafe { slice::from_raw_parts(text.cast(), length) };
        let shape = if with_time == 0 {
            Shape::Log
        } else {
            Shape::Time
        };
        logging::write(shape, priority, text);
        0
    })
}

/// The debug level.
extern "C" fn level() -> c_int {
    logging::level()
}

/// Whether a path that is not empty exists.
unsafe extern "C" fn exists(path: *const c_char) -> c_int {
    guard("lcas_getfexist", 0, || {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;

        // SAFETY: variadic.c passes NULL or a string of the caller.
        let found = unsafe { bytes(path) }
            .filter(|path| !path.is_empty())
            .is_some_and(|path| config::exists(Path::new(OsStr::from_bytes(path))));
        c_int::from(found)
    })
}

/// The work of `lcas_run_va`.
unsafe extern "C" fn run_kind(
    kind: c_int,
    credential: *mut c_void,
    request: lcas_request_t,
) -> c_int {
    // SAFETY: variadic.c passes what the caller of lcas_run_va passes.
    unsafe { run(kind, credential, request) }
}
