//! `lcas_pem.h`: one request, from start to end.

use std::ffi::CString;

use lcas_sys::lcas_request_t;
use lcas_sys::run::LCAS_ARG_PEM;
use libc::{c_char, c_int};

use crate::config;
use crate::guard::guard;
use crate::lcas_run::run;
use crate::logging::{Wanted, tell, time_stamp};
use crate::session;

/// Where to log without `LCAS_LOG_FILE`.
const LOG_FILE: &[u8] = b"/var/log/lcas-suexec.log";

/// Starts LCAS, asks whether the user with this PEM text may do what a request asks for, and ends LCAS.
///
/// Logs to syslog and to the file in `LCAS_LOG_FILE`, else to `/var/log/lcas-suexec.log`. Sets
/// `LCAS_LOG_STRING` and `LCAS_DB_FILE` in the environment, if they are not set.
///
/// # Returns
/// 0 if the request is granted and LCAS ended; 1 otherwise.
///
/// # Safety
/// - `pem_string`: NULL or a string: the user's certificates, the leaf first.
/// - `request`: NULL or a string; modules get it as it is.
/// - No other thread uses the environment meanwhile.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_pem(pem_string: *mut c_char, request: lcas_request_t) -> c_int {
    guard("lcas_pem", 1, || {
        // SAFETY: the caller promises that nobody uses the environment.
        unsafe {
            set_unless_set("LCAS_LOG_STRING", &format!("pem: {}", time_stamp()));
            set_unless_set("LCAS_DB_FILE", "lcas.db");
        }
        let started = session::init(|| {
            let file = config::variable("LCAS_LOG_FILE").unwrap_or_else(|| LOG_FILE.to_vec());
            (Wanted::File(config::to_path(file)), true)
        });
        if !started {
            tell("LCAS initialization failure.");
            return 1;
        }
        // SAFETY: the caller keeps the same promises.
        let refused = unsafe { run(LCAS_ARG_PEM, pem_string.cast(), request) } != 0;
        let ended = session::term();
        if !ended {
            tell("LCAS termination failure.");
        }
        c_int::from(refused || !ended)
    })
}

/// # Safety
/// No other thread uses the environment meanwhile.
unsafe fn set_unless_set(name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (CString::new(name), CString::new(value)) {
        // SAFETY: two strings, which are copied; the caller vouches for the environment.
        unsafe { libc::setenv(name.as_ptr(), value.as_ptr(), 0) };
    }
}
