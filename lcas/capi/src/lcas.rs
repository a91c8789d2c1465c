//! `lcas.h`: session, and requests by GSS credential.

use std::ffi::c_void;

use lc_c_boundary::memory::bytes;
use lc_c_boundary::stream::Stream;
use lcas_sys::lcas_request_t;
use lcas_sys::run::{LCAS_ARG_GSS_DN, LCAS_LOG_TO_FILE, LCAS_LOG_TO_SYSLOG};
use libc::{FILE, c_char, c_int, c_ushort};

use crate::config;
use crate::guard::guard;
use crate::lcas_run::run;
use crate::logging::Wanted;
use crate::session;

/// Starts LCAS; logs to a stream, or to syslog if there is none.
///
/// # Returns
/// 0 on success, also if LCAS was started before; 1 on failure.
///
/// # Safety
/// - `fp`: NULL or an open stream, which stays open until the next call of one of these functions.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_init(fp: *mut FILE) -> c_int {
    let logtype = if fp.is_null() {
        LCAS_LOG_TO_SYSLOG
    } else {
        LCAS_LOG_TO_FILE
    };
    // SAFETY: the caller keeps the same promises.
    unsafe { lcas_init_and_log(fp, logtype) }
}

/// Starts LCAS.
///
/// # Returns
/// 0 on success, also if LCAS was started before; 1 on failure.
///
/// # Safety
/// As for `lcas_init_and_logfile()`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_init_and_log(fp: *mut FILE, logtype: c_ushort) -> c_int {
    // SAFETY: the caller keeps the same promises.
    unsafe { lcas_init_and_logfile(std::ptr::null_mut(), fp, logtype) }
}

/// Starts LCAS: sets up logging, reads the database, loads and initialises its modules.
///
/// `logtype` is a sum of 1 (log to `fp`, or to the end of the file `logfile` if `fp` is NULL) and 2 (log
/// to syslog); 0 logs nowhere.
///
/// # Returns
/// 0 on success, also if LCAS was started before, when nothing changes; 1 on failure, when no module
/// is left loaded.
///
/// # Safety
/// - `logfile`: NULL or a string; copied.
/// - `fp`: NULL or an open stream, which stays open until the next call of one of these functions.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_init_and_logfile(
    logfile: *mut c_char,
    fp: *mut FILE,
    logtype: c_ushort,
) -> c_int {
    guard("lcas_init_and_logfile", 1, || {
        // SAFETY: the caller keeps the same promises.
        let started = session::init(|| unsafe { log_target(logfile, fp, logtype) });
        c_int::from(!started)
    })
}

/// Where to log, and whether to syslog too.
///
/// # Safety
/// As for `lcas_init_and_logfile()`.
pub(crate) unsafe fn log_target(
    logfile: *const c_char,
    fp: *mut FILE,
    logtype: c_ushort,
) -> (Wanted, bool) {
    // SAFETY: the caller passes NULL or a string.
    let name = unsafe { bytes(logfile) };
    let wanted = if logtype & LCAS_LOG_TO_FILE == 0 {
        Wanted::Nothing
    } else if !fp.is_null() {
        // SAFETY: the caller keeps the stream open until logging is set up anew.
        Wanted::Stream(unsafe { Stream::new(fp) })
    } else if let Some(name) = name {
        Wanted::File(config::to_path(name.to_vec()))
    } else {
        Wanted::Unnamed
    };
    (wanted, logtype & LCAS_LOG_TO_SYSLOG != 0)
}

/// Ends LCAS: terminates and unloads the modules in their order.
///
/// # Returns
/// 0 on success, also if LCAS was not started. 1 if a module says that it did not end: it and the
/// modules behind it stay, and the next call goes on with it. Until then LCAS counts as started, and
/// refuses every request if modules before it have ended.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcas_term() -> c_int {
    guard("lcas_term", 1, || c_int::from(!session::term()))
}

/// Asks whether a user may do what a request asks for.
///
/// # Returns
/// 0 if all modules grant it; 5 if one refuses; 4 if the request cannot be evaluated, which refuses
/// it as well.
///
/// # Safety
/// - `user_dn_tmp`: ignored; the credential says who it is.
/// - `user_cred`: NULL, which is refused, or a `gss_cred_id_t` of Globus.
/// - `request`: NULL or a string; modules get it as it is.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_get_fabric_authorization(
    user_dn_tmp: *mut c_char,
    user_cred: *mut c_void,
    request: lcas_request_t,
) -> c_int {
    let _ = user_dn_tmp;
    // SAFETY: the caller keeps the same promises.
    unsafe { run(LCAS_ARG_GSS_DN, user_cred, request) }
}

/// First number of the version; not known.
///
/// # Returns
/// -1, as LCAS 1.3.19.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn getMajorVersionNumber() -> c_int {
    -1
}

/// Second number of the version; not known.
///
/// # Returns
/// -1, as LCAS 1.3.19.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn getMinorVersionNumber() -> c_int {
    -1
}

/// Third number of the version; not known.
///
/// # Returns
/// -1, as LCAS 1.3.19.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn getPatchVersionNumber() -> c_int {
    -1
}
