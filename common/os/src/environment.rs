//! Environment variables that may be believed.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use crate::is_set_uid;

/// The value of an environment variable, as far as it is this program's own.
///
/// The environment of a set-uid program is that of whoever started it. There, a variable counts only
/// if the program has set it itself, as gLExec does with what its configuration says; what it was started with
/// would let everybody choose the policy, the modules and the CAs of the program.
#[must_use]
pub fn variable(name: &str) -> Option<OsString> {
    let name = CString::new(name).ok()?;
    // SAFETY: a string. The result is NULL or a string of the environment, read before anybody in
    // this thread changes it; that other threads do not is what getenv() demands of every program.
    unsafe {
        let value = libc::getenv(name.as_ptr());
        if value.is_null() || is_set_uid() && was_there_at_the_start(value) {
            return None;
        }
        Some(OsStr::from_bytes(CStr::from_ptr(value).to_bytes()).to_owned())
    }
}

/// Whether the kernel put this text where it puts arguments and environment of a new program.
///
/// From low to high addresses it writes sixteen random bytes, then the arguments and the environment,
/// then the name of the program's file, and tells the addresses of the first and the last. What `setenv()` and
/// `putenv()` bring is elsewhere.
fn was_there_at_the_start(text: *const libc::c_char) -> bool {
    // SAFETY: getauxval only reads what the kernel left for this process.
    let (low, high) = unsafe {
        (
            libc::getauxval(libc::AT_RANDOM),
            libc::getauxval(libc::AT_EXECFN),
        )
    };
    let text = text.addr() as libc::c_ulong;
    // Without the addresses nothing can be told, so that nothing is believed.
    low == 0 || high == 0 || (low < text && text < high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_was_started_with_is_told_from_what_it_set() {
        let place = |name: &CStr| {
            // SAFETY: a string; the result is NULL or a string of the environment.
            let value = unsafe { libc::getenv(name.as_ptr()) };
            assert!(!value.is_null());
            was_there_at_the_start(value)
        };
        assert!(place(c"PATH"));
        // SAFETY: the only test of this program that changes the environment; the other one reads
        // a variable of another name through Rust's lock.
        unsafe { std::env::set_var("LC_OS_TEST_VARIABLE", "set") };
        assert!(!place(c"LC_OS_TEST_VARIABLE"));
        assert_eq!(variable("LC_OS_TEST_VARIABLE"), Some("set".into()));
        assert_eq!(variable("PATH"), std::env::var_os("PATH"));
        assert_eq!(variable("LC_OS_NO_SUCH_VARIABLE"), None);
        assert_eq!(variable("no\0name"), None);
    }
}
