//! Credentials and certificates. The original exports these without declaring them anywhere.

use std::ffi::{CStr, CString, c_void};
use std::fs::File;
use std::io::Write as _;
use std::ptr;

use lc_c_boundary::memory::{bytes, free_and_clear};
use lc_c_boundary::stream::open_log_file;
use lcas_sys::lcas_cred_id_t;
use lcmaps_certificates_client::{
    Certificates, Chain, certificate_text, certificates_text, free_certificates, is_authority,
    subject,
};
use libc::{c_char, c_int};

use crate::config;
use crate::guard::guard;
use crate::lcas_utils::give;
use crate::logging::log;

/// Makes a credential: with the DN of the GSS credential if there is one, else with a copy of the DN.
///
/// # Returns
/// 0 on success, 1 if the DN of the GSS credential cannot be told or there is no place for the result.
///
/// # Safety
/// - `dn`: NULL or a string; copied.
/// - `cred`: NULL or a Globus `gss_cred_id_t`; the credential refers to it.
/// - `out`: NULL or a place for the result, to be released with `lcas_release_cred()`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_fill_cred(
    dn: *mut c_char,
    cred: *mut c_void,
    out: *mut lcas_cred_id_t,
) -> c_int {
    guard("lcas_fill_cred", 1, || {
        // SAFETY: the caller keeps the same promises.
        let name = unsafe {
            if cred.is_null() {
                bytes(dn).map(<[u8]>::to_vec)
            } else {
                dn_of(cred).map(CString::into_bytes)
            }
        };
        if out.is_null() || (!cred.is_null() && name.is_none()) {
            return 1;
        }
        let copy = give(name.as_deref());
        if copy.is_null() && name.is_some() {
            return 1;
        }
        // SAFETY: not NULL, and a place by contract.
        unsafe { out.write(lcas_cred_id_t { cred, dn: copy }) };
        0
    })
}

/// Releases what `lcas_fill_cred()` made. The GSS credential stays the caller's.
///
/// # Returns
/// 0.
///
/// # Safety
/// - `cred`: NULL or a credential of `lcas_fill_cred()`, which is empty afterwards.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_release_cred(cred: *mut lcas_cred_id_t) -> c_int {
    // SAFETY: NULL or a credential by contract.
    if let Some(cred) = unsafe { cred.as_mut() } {
        // SAFETY: the DN came from malloc, and nobody else frees it.
        unsafe { free_and_clear(&mut cred.dn) };
        cred.cred = ptr::null_mut();
    }
    0
}

/// The DN of a GSS credential, that of the end entity.
///
/// # Returns
/// The DN, to be released with `free()`; NULL if it cannot be told.
///
/// # Safety
/// - `cred`: NULL or a Globus `gss_cred_id_t`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_gss_cred_to_dn(cred: *mut c_void) -> *mut c_char {
    guard("lcas_gss_cred_to_dn", ptr::null_mut(), || {
        // SAFETY: the caller keeps the same promises.
        give(unsafe { dn_of(cred) }.as_deref().map(CStr::to_bytes))
    })
}

/// # Safety
/// `cred` is NULL or a Globus `gss_cred_id_t`.
unsafe fn dn_of(cred: *mut c_void) -> Option<CString> {
    // SAFETY: the caller keeps the same promises.
    logged(unsafe { Chain::from_gss(cred) }).map(|chain| chain.dn().to_owned())
}

/// The leaf of a GSS credential.
///
/// # Returns
/// An `X509 *`, to be released with `X509_free()`; NULL if it cannot be read.
///
/// # Safety
/// - `cred`: NULL or a Globus `gss_cred_id_t`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_cred_to_x509(cred: *mut c_void) -> *mut c_void {
    guard("lcas_cred_to_x509", ptr::null_mut(), || {
        // SAFETY: the caller keeps the same promises.
        let found = logged(unsafe { Certificates::from_gss(cred) });
        found.map_or(ptr::null_mut(), Certificates::into_leaf)
    })
}

/// The certificates of a GSS credential behind the leaf.
///
/// # Returns
/// A `STACK_OF(X509) *`, to be released with `lcas_x509_free_chain()`; NULL if they cannot be read.
///
/// # Safety
/// - `cred`: NULL or a Globus `gss_cred_id_t`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_cred_to_x509_chain(cred: *mut c_void) -> *mut c_void {
    guard("lcas_cred_to_x509_chain", ptr::null_mut(), || {
        // SAFETY: the caller keeps the same promises.
        let found = logged(unsafe { Certificates::from_gss(cred) });
        found.map_or(ptr::null_mut(), Certificates::into_stack)
    })
}

/// The certificates of a PEM text in their order.
///
/// # Returns
/// 0 on success; 1 if there is none or the text is damaged; -1 if an argument is NULL. Nothing is
/// stored after a failure.
///
/// # Safety
/// - `out`: NULL or a place for a `STACK_OF(X509) *`, to be released with `lcas_x509_free_chain()`.
/// - `pem`: NULL or a string; only read.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_pem_string_to_x509_chain(
    out: *mut *mut c_void,
    pem: *mut c_char,
) -> c_int {
    guard("lcas_pem_string_to_x509_chain", -1, || {
        if out.is_null() || pem.is_null() {
            return -1;
        }
        // SAFETY: not NULL, so a string by contract.
        let Some(found) = logged(Certificates::from_pem(unsafe { CStr::from_ptr(pem) })) else {
            return 1;
        };
        // SAFETY: not NULL, and a place by contract.
        unsafe { *out = found.into_stack() };
        0
    })
}

/// The first certificate of a PEM text.
///
/// # Returns
/// 0 on success; -1 if there is none, the text is damaged or an argument is NULL. Nothing is stored
/// after a failure.
///
/// # Safety
/// - `out`: NULL or a place for an `X509 *`, to be released with `X509_free()`.
/// - `pem`: NULL or a string; only read.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_pem_string_to_x509(out: *mut *mut c_void, pem: *mut c_char) -> c_int {
    guard("lcas_pem_string_to_x509", -1, || {
        if out.is_null() || pem.is_null() {
            return -1;
        }
        // SAFETY: not NULL, so a string by contract.
        let Some(found) = logged(Certificates::from_pem(unsafe { CStr::from_ptr(pem) })) else {
            return -1;
        };
        // SAFETY: not NULL, and a place by contract.
        unsafe { *out = found.into_leaf() };
        0
    })
}

/// The subject of a certificate.
///
/// # Returns
/// The DN, to be released with `free()`; NULL if there is none.
///
/// # Safety
/// - `certificate`: NULL or an `X509 *`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_x509_to_dn(certificate: *mut c_void) -> *mut c_char {
    guard("lcas_x509_to_dn", ptr::null_mut(), || {
        // SAFETY: the caller keeps the same promises.
        give(
            unsafe { subject(certificate) }
                .as_deref()
                .map(CStr::to_bytes),
        )
    })
}

/// The DN of the user of a chain, that of the end entity.
///
/// # Returns
/// The DN, to be released with `free()`; NULL if the chain binds nobody to its first certificate.
///
/// # Safety
/// - `certificate`: ignored.
/// - `chain`: NULL or a `STACK_OF(X509) *`, the leaf first.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_x509_chain_to_dn(
    certificate: *mut c_void,
    chain: *mut c_void,
) -> *mut c_char {
    let _ = certificate;
    guard("lcas_x509_chain_to_dn", ptr::null_mut(), || {
        // SAFETY: the caller keeps the same promises.
        let chain = logged(unsafe { Chain::from_stack(chain) });
        give(chain.as_ref().map(|chain| chain.dn().to_bytes()))
    })
}

/// Whether a certificate may be the CA of TLS clients.
///
/// # Returns
/// 1 or 0.
///
/// # Safety
/// - `certificate`: NULL or an `X509 *`.
#[allow(non_snake_case)]
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_x509IsCA(certificate: *mut c_void) -> c_int {
    guard("lcas_x509IsCA", 0, || {
        // SAFETY: the caller keeps the same promises.
        c_int::from(unsafe { is_authority(certificate) })
    })
}

/// Releases a chain with the certificates in it, and sets the pointer NULL.
///
/// # Safety
/// - `chain`: NULL, or a place with NULL or a `STACK_OF(X509) *` that is the caller's.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_x509_free_chain(chain: *mut *mut c_void) {
    guard("lcas_x509_free_chain", (), || {
        // SAFETY: NULL or a place by contract.
        if let Some(place) = unsafe { chain.as_mut() } {
            let stack = std::mem::replace(place, ptr::null_mut());
            // SAFETY: NULL or a stack that is the caller's by contract.
            unsafe { free_certificates(stack) };
        }
    });
}

/// Appends what a certificate says to a file.
///
/// # Safety
/// - `certificate`: NULL or an `X509 *`.
/// - `file`: NULL or a string; only read.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_print_x509_to_string(certificate: *mut c_void, file: *mut c_char) {
    guard("lcas_print_x509_to_string", (), || {
        // SAFETY: the caller keeps the same promises.
        unsafe { append(certificate_text(certificate), file) };
    });
}

/// Appends what the certificates of a chain say to a file.
///
/// # Safety
/// - `chain`: NULL or a `STACK_OF(X509) *`.
/// - `file`: NULL or a string; only read.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_print_stack_of_x509_to_string(chain: *mut c_void, file: *mut c_char) {
    guard("lcas_print_stack_of_x509_to_string", (), || {
        // SAFETY: the caller keeps the same promises.
        unsafe { append(certificates_text(chain), file) };
    });
}

/// # Safety
/// `file` is NULL or a string.
unsafe fn append(text: Option<CString>, file: *const c_char) {
    // SAFETY: the caller keeps the same promises.
    let (Some(text), Some(name)) = (text, unsafe { bytes(file) }) else {
        return;
    };
    let path = config::to_path(name.to_vec());
    let written = open_log_file(&path).and_then(|mut file: File| file.write_all(text.as_bytes()));
    if let Err(e) = written {
        log(0, &format!("cannot write to {}: {e}", path.display()));
    }
}

/// What succeeded; a failure is logged.
fn logged<T>(result: Result<T, String>) -> Option<T> {
    result.inspect_err(|reason| log(0, reason)).ok()
}
