//! `lcas_utils.h`: credentials and file names; `lcas_getfexist` is in `variadic.rs`.

use std::ffi::c_void;
use std::os::unix::ffi::OsStrExt;
use std::ptr;

use lc_c_boundary::memory::{Malloced, bytes};
use lc_configuration::file_name;
use lcas_sys::lcas_cred_id_t;
use libc::c_char;

use crate::config;
use crate::guard::guard;

/// The DN of a credential.
///
/// # Returns
/// The DN, which belongs to the credential; NULL if it has none.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcas_get_dn(lcas_credential: lcas_cred_id_t) -> *mut c_char {
    lcas_credential.dn
}

/// The GSS credential of a credential.
///
/// # Returns
/// A `gss_cred_id_t`, which belongs to the credential; NULL if it has none.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcas_get_gss_cred(lcas_credential: lcas_cred_id_t) -> *mut c_void {
    lcas_credential.cred
}

/// Builds a file name: `pathp`, behind `prefixp` if it is relative, with `suffixp` as a further part.
///
/// NULL counts as an empty string. A slash is put between two parts where neither brings one.
///
/// # Returns
/// The name, to be released with `free()`; NULL if memory ran out.
///
/// # Safety
/// - `prefixp`, `pathp`, `suffixp`: NULL or a string; only read.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_genfilename(
    prefixp: *mut c_char,
    pathp: *mut c_char,
    suffixp: *mut c_char,
) -> *mut c_char {
    guard("lcas_genfilename", ptr::null_mut(), || {
        // SAFETY: strings or NULL by contract.
        let [prefix, path, suffix] =
            [prefixp, pathp, suffixp].map(|part| unsafe { bytes(part) }.unwrap_or_default());
        give(Some(&file_name::join(prefix, path, suffix)))
    })
}

/// Finds a configuration file: an absolute name as it is, a relative one in LCAS's directory.
///
/// # Returns
/// The path, to be released with `free()`; NULL if there is no such file.
///
/// # Safety
/// - `name`: NULL or a string; only read.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_findfile(name: *mut c_char) -> *mut c_char {
    guard("lcas_findfile", ptr::null_mut(), || {
        // SAFETY: NULL or a string by contract.
        let name = unsafe { bytes(name) };
        let path = name.and_then(config::configuration_file);
        give(path.as_deref())
    })
}

/// The same as `lcas_findfile()`.
///
/// # Returns
/// The path, to be released with `free()`; NULL if there is no such file.
///
/// # Safety
/// - `name`: NULL or a string; only read.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_finddbfile(name: *mut c_char) -> *mut c_char {
    // SAFETY: the caller keeps the same promises.
    unsafe { lcas_findfile(name) }
}

/// Finds a module: an absolute name as it is, a relative one in `LCAS_MODULES_DIR`, then in LCAS's
/// directory for modules.
///
/// # Returns
/// The path, to be released with `free()`; NULL if there is no such file.
///
/// # Safety
/// - `name`: NULL or a string; only read.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_findplugin(name: *mut c_char) -> *mut c_char {
    guard("lcas_findplugin", ptr::null_mut(), || {
        // SAFETY: NULL or a string by contract.
        let name = unsafe { bytes(name) };
        let path = name.and_then(|name| config::module(name).ok());
        give(path.as_deref().map(|path| path.as_os_str().as_bytes()))
    })
}

/// A copy for the caller; NULL for `None`, or if memory ran out.
pub(crate) fn give(text: Option<&[u8]>) -> *mut c_char {
    Malloced::text(text).map_or(ptr::null_mut(), Malloced::into_raw)
}
