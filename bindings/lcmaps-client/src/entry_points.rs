//! The C functions of the library that this crate calls, looked up once.

use std::path::Path;

use lcmaps_sys::lcmaps_request_t;
use libc::{FILE, c_char, c_int, c_ushort, gid_t, uid_t};
use libloading::os::unix;

use crate::Error;

pub(crate) type Init = unsafe extern "C" fn(*mut c_char, *mut FILE, c_ushort) -> c_int;
pub(crate) type Term = unsafe extern "C" fn() -> c_int;
pub(crate) type GetVersion = unsafe extern "C" fn() -> c_int;
pub(crate) type GetReport = unsafe extern "C" fn(*mut *mut c_char) -> c_int;

/// `lcmaps_run_without_credentials_and_return_username`
pub(crate) type RunUsername = unsafe extern "C" fn(
    *mut c_char,
    lcmaps_request_t,
    *mut *mut c_char,
    c_int,
    *mut *mut c_char,
) -> c_int;

/// `lcmaps_run_with_fqans_mapcounter_and_return_account`
pub(crate) type RunFqans = unsafe extern "C" fn(
    *mut c_char,
    *mut *mut c_char,
    c_int,
    c_int,
    lcmaps_request_t,
    c_int,
    *mut *mut c_char,
    *mut uid_t,
    *mut *mut gid_t,
    *mut c_int,
    *mut *mut gid_t,
    *mut c_int,
    *mut *mut c_char,
) -> c_int;

/// `lcmaps_run_with_pem_and_return_account`
pub(crate) type RunPem = unsafe extern "C" fn(
    *mut c_char,
    *mut c_char,
    c_int,
    lcmaps_request_t,
    c_int,
    *mut *mut c_char,
    *mut uid_t,
    *mut *mut gid_t,
    *mut c_int,
    *mut *mut gid_t,
    *mut c_int,
    *mut *mut c_char,
) -> c_int;

/// `lcmaps_run_and_verify_account_from_pem`
pub(crate) type VerifyPem = unsafe extern "C" fn(
    *mut c_char,
    *mut c_char,
    uid_t,
    *mut gid_t,
    c_int,
    *mut gid_t,
    c_int,
    *mut c_char,
    lcmaps_request_t,
    c_int,
    *mut *mut c_char,
) -> c_int;

/// Function pointers into a library that stays loaded until the process ends.
#[derive(Clone, Copy)]
pub(crate) struct EntryPoints {
    pub(crate) init: Init,
    pub(crate) term: Term,
    pub(crate) run_username: RunUsername,
    pub(crate) run_fqans: RunFqans,
    pub(crate) run_pem: Option<RunPem>,
    pub(crate) verify_pem: Option<VerifyPem>,
    pub(crate) version: Option<[GetVersion; 3]>,
    pub(crate) report: Option<GetReport>,
}

impl EntryPoints {
    /// Looks the functions up; those of every LCMAPS have to exist.
    pub(crate) fn find(library: &unix::Library, path: &Path) -> Result<Self, Error> {
        let need = |function| Error::NotLcmaps {
            path: path.to_owned(),
            function,
        };
        // SAFETY: each name is looked up with the type that the LCMAPS headers give it.
        unsafe {
            let major = symbol(library, "lcmaps_get_major_version");
            let minor = symbol(library, "lcmaps_get_minor_version");
            let patch = symbol(library, "lcmaps_get_patch_version");
            Ok(Self {
                init: symbol(library, "lcmaps_init_and_logfile")
                    .ok_or_else(|| need("lcmaps_init_and_logfile"))?,
                term: symbol(library, "lcmaps_term").ok_or_else(|| need("lcmaps_term"))?,
                run_username: symbol(library, USERNAME).ok_or_else(|| need(USERNAME))?,
                run_fqans: symbol(library, FQANS).ok_or_else(|| need(FQANS))?,
                run_pem: symbol(library, PEM),
                verify_pem: symbol(library, VERIFY),
                version: major.zip(minor).zip(patch).map(|((a, b), c)| [a, b, c]),
                report: symbol(library, "lcmaps_get_run_report"),
            })
        }
    }
}

const USERNAME: &str = "lcmaps_run_without_credentials_and_return_username";
const FQANS: &str = "lcmaps_run_with_fqans_mapcounter_and_return_account";
/// Name of the PEM interface, for messages.
pub(crate) const PEM: &str = "lcmaps_run_with_pem_and_return_account";
/// Name of the verification interface, for messages.
pub(crate) const VERIFY: &str = "lcmaps_run_and_verify_account_from_pem";

/// A function of the library, or `None` if it has none of this name.
///
/// # Safety
/// `F` must be the function pointer type of that C function.
unsafe fn symbol<F: Copy>(library: &unix::Library, name: &str) -> Option<F> {
    // SAFETY: the caller vouches for the type; the pointer outlives the symbol because the library is never closed.
    unsafe { library.get::<F>(name).ok().map(|symbol| *symbol) }
}
