//! globus_gss_assist_gridmap by way of LCMAPS, for programs that were written for a grid-mapfile.
//!
//! liblcmaps_gss_assist_gridmap.so.0 and liblcmaps_gss_assist_gridmap_without_gsi.so.0 are this file, linked to
//! liblcmaps and to liblcmaps_without_gsi.

use std::io::Write;
use std::ptr;

use lcmaps_companion::library::lcmaps_run_without_credentials_and_return_username;
use lcmaps_companion::session::{Session, guard};
use libc::{FILE, c_char, c_int};

unsafe extern "C" {
    /// The standard error stream of the C library.
    static stderr: *mut FILE;
}

/// Maps a name to a user name by all policies, and says so on standard error, where LCMAPS logs to.
///
/// # Returns
/// 0 if a policy succeeded and the first user id found has an account; else 1.
///
/// # Safety
/// - `globusidp`: NULL (refused) or a NUL-terminated string; borrowed.
/// - `useridp`: NULL (refused) or writable; NULL after a failure, on success a name that the caller frees
///   with `free()`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn globus_gss_assist_gridmap(
    globusidp: *mut c_char,
    useridp: *mut *mut c_char,
) -> c_int {
    guard("globus_gss_assist_gridmap", || {
        say("Using globus_gss_assist_gridmap interface of LCMAPS");
        if useridp.is_null() {
            say(
                "globus_gss_assist_gridmap: the caller left no place for the user name (NULL pointer)",
            );
            return 1;
        }
        // SAFETY: not NULL, and the caller says it can be written to.
        unsafe { *useridp = ptr::null_mut() };
        // SAFETY: the C library keeps the stream open.
        let Some(session) = (unsafe { Session::start_with_stream(stderr) }) else {
            say("globus_gss_assist_gridmap: LCMAPS cannot be started");
            return 1;
        };
        // SAFETY: the caller passes NULL or a string, and a place for the name.
        let code = unsafe {
            lcmaps_run_without_credentials_and_return_username(
                globusidp,
                ptr::null_mut(),
                useridp,
                0,
                ptr::null_mut(),
            )
        };
        drop(session);
        if code != 0 {
            say("globus_gss_assist_gridmap: LCMAPS failed to do the mapping");
            return 1;
        }
        say("globus_gss_assist_gridmap interface of LCMAPS done");
        0
    })
}

/// Writes a line to standard error. A program that closed it wants to see nothing.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
