//! `lcas_run.h`: what the original exports beside its headers, and programs have found: the log
//! target and words here, `lcas_run_va` in `variadic.rs`.

use std::ffi::c_void;

use lc_c_boundary::word_list;
use lcas_sys::lcas_request_t;
use lcas_sys::run::{LCAS_RUN_GRANTED, LCAS_RUN_NOT_EVALUATED, LCAS_RUN_REFUSED};
use libc::{FILE, c_char, c_int, c_ushort};

use crate::guard::guard;
use crate::lcas::log_target;
use crate::logging;
use crate::request::Credential;
use crate::session::{self, Answer};

/// Asks the modules about a credential of a kind of `lcas_run_va()`.
///
/// # Safety
/// The credential is what goes with the kind; the request is NULL or a string.
pub(crate) unsafe fn run(kind: c_int, credential: *mut c_void, request: lcas_request_t) -> c_int {
    guard("lcas_run_va", LCAS_RUN_NOT_EVALUATED, || {
        // SAFETY: the caller keeps the same promises.
        let answer = unsafe { session::run(Credential::from_c(kind, credential), request) };
        match answer {
            Answer::Granted => LCAS_RUN_GRANTED,
            Answer::Refused => LCAS_RUN_REFUSED,
            Answer::NotEvaluated => LCAS_RUN_NOT_EVALUATED,
        }
    })
}

/// Sets up logging as `lcas_init_and_logfile()` does, which calls this.
///
/// # Returns
/// 0 on success; 1 if there is nowhere to log although `logtype` asks for it, or if `LCAS_DEBUG_LEVEL`
/// is no number.
///
/// # Safety
/// - `path`: NULL or a string; copied.
/// - `fp`: NULL or an open stream, which stays open until logging is set up anew.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_log_open(
    path: *mut c_char,
    fp: *mut FILE,
    logtype: c_ushort,
) -> c_int {
    guard("lcas_log_open", 1, || {
        // SAFETY: the caller keeps the same promises.
        let (wanted, to_syslog) = unsafe { log_target(path, fp, logtype) };
        c_int::from(logging::open(wanted, to_syslog).is_err())
    })
}

/// Forgets the text in front of log lines.
///
/// # Returns
/// 0.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcas_log_close() -> c_int {
    guard("lcas_log_close", 0, || {
        logging::close();
        0
    })
}

/// Splits a string into words.
///
/// A double quote at the start of a word protects separators up to the next double quote; text
/// directly behind it starts another word. A quote inside a word is an ordinary character.
///
/// # Returns
/// 0 on success: `args` holds `*n` words and a closing NULL. Otherwise `args` holds `*n` words
/// without the NULL, and the result is -1 (memory ran out), -2 (more words than fit), -3 (a quote
/// is not closed) or -4 (`args`, `n` or `sep` is NULL; nothing is stored).
///
/// # Safety
/// - `cmd`: NULL (no words) or a string; only read.
/// - `args`: NULL or space for `*n` pointers, the closing NULL included. Each word stored is
///   released by the caller with `free()`, after a failure too.
/// - `n`: NULL, or the size of `args`; receives the number of words.
/// - `sep`: NULL or a string of the bytes that separate words; only read.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_tokenize(
    cmd: *const c_char,
    args: *mut *mut c_char,
    n: *mut c_int,
    sep: *mut c_char,
) -> c_int {
    guard("lcas_tokenize", -1, || {
        // SAFETY: the same contract.
        unsafe { word_list::fill(cmd, args, n, sep) }
    })
}
