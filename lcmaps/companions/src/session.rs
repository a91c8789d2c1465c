//! One run of LCMAPS, with everything that belongs around it.

use std::ffi::{CString, c_int};
use std::ptr;

use lc_c_boundary::panics;
use lcmaps_sys::defines::DO_USRLOG;
use libc::{FILE, LOG_ERR};

use crate::library::{lcmaps_init, lcmaps_init_and_logfile, lcmaps_log, lcmaps_term};
use crate::policies::Policies;

/// LCMAPS, started; ended when this goes, whatever happens in between.
#[derive(Debug)]
pub struct Session(());

impl Session {
    /// Starts LCMAPS; it logs to `$LCMAPS_LOG_FILE`, else to syslog.
    #[must_use]
    pub fn start() -> Option<Self> {
        // SAFETY: neither a file name nor a stream is passed.
        let code = unsafe { lcmaps_init_and_logfile(ptr::null_mut(), ptr::null_mut(), DO_USRLOG) };
        (code == 0).then_some(Self(()))
    }

    /// Starts LCMAPS; it logs to a stream.
    ///
    /// # Safety
    /// `stream` is open and stays so as long as the session.
    #[must_use]
    pub unsafe fn start_with_stream(stream: *mut FILE) -> Option<Self> {
        // SAFETY: the caller keeps the same promise.
        let code = unsafe { lcmaps_init(stream) };
        (code == 0).then_some(Self(()))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: takes nothing; a second end is harmless.
        unsafe { lcmaps_term() };
    }
}

/// The work of an exported function: starts LCMAPS, reads `$LCMAPS_POLICY_NAME`, runs `body`, ends LCMAPS.
///
/// # Returns
/// 0 if `body` succeeds; 1 after a failure, which is logged.
pub fn run_once(
    function: &'static str,
    body: impl FnOnce(&Policies) -> Result<(), String>,
) -> c_int {
    guard(function, || {
        let Some(session) = Session::start() else {
            // The library has said why.
            return 1;
        };
        let done = Policies::from_environment().and_then(|policies| body(&policies));
        if let Err(reason) = &done {
            log_error(function, reason);
        }
        drop(session);
        c_int::from(done.is_err())
    })
}

/// Runs `body`; a panic is logged and becomes 1.
pub fn guard(function: &'static str, body: impl FnOnce() -> c_int) -> c_int {
    panics::guard(log_error, function, 1, body)
}

/// Logs why a function fails.
pub fn log_error(function: &'static str, reason: &str) {
    let line = format!("{function}(): {reason}\n").replace('\0', "?");
    let Ok(line) = CString::new(line) else {
        return;
    };
    // SAFETY: a format for one string, and a string.
    unsafe { lcmaps_log(LOG_ERR, c"%s".as_ptr(), line.as_ptr()) };
}

/// What the run functions return, as a result.
///
/// # Errors
/// If it is not 0; the library has logged the reason.
pub fn succeeded(code: c_int) -> Result<(), String> {
    if code == 0 {
        Ok(())
    } else {
        Err("LCMAPS failed to do the mapping".to_owned())
    }
}
