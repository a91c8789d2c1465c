//! The host: the liblcmaps that loaded this module. Its functions are undefined symbols here.

use std::ffi::{CStr, c_void};
use std::fmt;

use libc::c_int;

/// A version of LCMAPS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// First number.
    pub major: i32,
    /// Second number.
    pub minor: i32,
    /// Third number.
    pub patch: i32,
}

impl Version {
    /// The first version that knows the run argument `requested_username`.
    pub const WITH_REQUESTED_USERNAME: Self = Self {
        major: 1,
        minor: 5,
        patch: 8,
    };
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The version of the host, `None` when it is too old to tell.
pub(crate) fn version() -> Option<Version> {
    Some(Version {
        major: version_part(c"lcmaps_get_major_version")?,
        minor: version_part(c"lcmaps_get_minor_version")?,
        patch: version_part(c"lcmaps_get_patch_version")?,
    })
}

/// Asks one of the version functions, which very old hosts do not have.
fn version_part(name: &CStr) -> Option<i32> {
    // SAFETY: name is a C string; dlsym with RTLD_DEFAULT only searches.
    let symbol = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    if symbol.is_null() {
        return None;
    }
    // SAFETY: in every LCMAPS these three names are functions without arguments that return int.
    let part: extern "C" fn() -> c_int = unsafe { std::mem::transmute(symbol) };
    Some(part())
}

/// Hands one line to the host's log.
pub(crate) fn log(priority: c_int, line: &CStr) {
    // SAFETY: the format takes exactly the one string that follows; both live through the call.
    unsafe { lcmaps_sys::functions::lcmaps_log(priority, c"%s\n".as_ptr(), line.as_ptr()) };
}

/// Hands one piece of credential data to the host, which copies it. False when it was not taken.
///
/// # Safety
/// `data` points to what `kind` asks for (`lcmaps_cred_data.h`) and lives through the call.
pub(crate) unsafe fn add_credential_data(kind: c_int, data: *mut c_void) -> bool {
    // SAFETY: the caller's promise.
    unsafe { lcmaps_sys::functions::addCredentialData(kind, data) == 0 }
}

/// The host's registered data of one kind and the number of its elements. The data is the host's
/// and moves at the next addition.
pub(crate) fn credential_data(kind: c_int) -> (*mut c_void, usize) {
    let mut count: c_int = 0;
    // SAFETY: count is a valid place for the result.
    let data = unsafe { lcmaps_sys::functions::getCredentialData(kind, &raw mut count) };
    (data, usize::try_from(count).unwrap_or(0))
}
