//! The host: the liblcas that loaded this module. Its functions are undefined symbols here.

use std::ffi::{CStr, CString};

use libc::c_int;

/// Hands one line to the host's log.
pub(crate) fn log(priority: c_int, line: &CStr) {
    // SAFETY: the format takes exactly the one string that follows; both live through the call, and
    // the host does not write to the format.
    unsafe { lcas_sys::functions::lcas_log(priority, c"%s\n".as_ptr().cast_mut(), line.as_ptr()) };
}

/// How much the administrator wants to read.
pub(crate) fn debug_level() -> c_int {
    // SAFETY: takes nothing and returns a number.
    unsafe { lcas_sys::functions::lcas_get_debug_level() }
}

/// The path of a configuration file, if it exists.
pub(crate) fn find_file(name: &CStr) -> Option<CString> {
    // SAFETY: a C string, which the host does not write to; the result is NULL or malloc'ed.
    let found = unsafe { lcas_sys::functions::lcas_findfile(name.as_ptr().cast_mut()) };
    if found.is_null() {
        return None;
    }
    // SAFETY: not NULL, so a C string.
    let path = unsafe { CStr::from_ptr(found) }.to_owned();
    // SAFETY: malloc'ed by the host and handed to us.
    unsafe { libc::free(found.cast()) };
    Some(path)
}
