//! `lcmaps_report.h`: what happened in a run. An addition to the original's interface.

use libc::{c_char, c_int};

use crate::guard::guard;
use crate::outputs::give_text;
use crate::thread_results;

/// Tells what happened in the calling thread's last run as a JSON object (man page lcmaps(3)).
///
/// # Returns
/// 0, or 1 if this thread has not run anything since the last term, or memory runs out.
///
/// # Safety
/// - `json`: writable; receives a string that the caller frees with `free()`. Untouched on failure.
// SAFETY: the name is this project's own; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_get_run_report(json: *mut *mut c_char) -> c_int {
    guard("lcmaps_get_run_report", 1, || {
        if json.is_null() {
            return 1;
        }
        let report =
            thread_results::with(|result| result.record.as_ref().map(|r| r.report().to_json()));
        match report.flatten() {
            // SAFETY: not NULL, and the caller says it can be written to.
            Some(text) => unsafe { give_text(json, text.as_bytes()) },
            None => 1,
        }
    })
}
