//! Certificates that no chain binds together, as liblcas hands them to its callers.
//!
//! `# Safety` of all of them: pointers are as the table's documentation says. A panic becomes the
//! function's failure value.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::{ptr, slice};

use foreign_types::{ForeignType, ForeignTypeRef};
use lc_x509::{Certificate, new_stack};
use lcmaps_certificates_abi::Refusal;
use openssl::stack::{Stack, StackRef};
use openssl::x509::{X509, X509Ref};

use crate::functions::{guard, tell};
use crate::globus;

// What openssl-sys does not declare, from <openssl/err.h> and <openssl/x509v3.h>.
unsafe extern "C" {
    fn ERR_set_mark() -> c_int;
    fn ERR_pop_to_mark() -> c_int;
    /// Whether a certificate may be used for a purpose, as a CA if `ca` is not 0.
    fn X509_check_purpose(certificate: *mut openssl_sys::X509, purpose: c_int, ca: c_int) -> c_int;
}

/// The purpose "TLS client" of `X509_check_purpose`.
const TLS_CLIENT: c_int = 1;

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn certificates_from_pem(
    text: *const c_char,
    length: usize,
    leaf: *mut *mut c_void,
    stack: *mut *mut c_void,
    refusal: *const Refusal,
) -> c_int {
    let read = || {
        if text.is_null() {
            return Err("there is no PEM text".to_owned());
        }
        // SAFETY: not NULL, and `length` bytes by contract.
        let text = unsafe { slice::from_raw_parts(text.cast::<u8>(), length) };
        let certificates = Certificate::all_from_pem(text).map_err(|error| error.to_string())?;
        let all: Vec<X509> = (certificates.iter())
            .map(|certificate| certificate.x509().to_owned())
            .collect();
        let first = all.first().cloned();
        Ok((first.ok_or("the input holds no certificate")?, all))
    };
    // SAFETY: places and refusal are the caller's, by contract.
    unsafe { hand_out(read, leaf, stack, refusal) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn certificates_from_gss(
    credential: *mut c_void,
    leaf: *mut *mut c_void,
    stack: *mut *mut c_void,
    refusal: *const Refusal,
) -> c_int {
    let read = || {
        // SAFETY: NULL or a Globus credential, by contract.
        let all = unsafe { globus::certificates(credential) }.map_err(|error| error.to_string())?;
        let mut all = all.into_iter();
        let first = all.next().ok_or("the credential holds no certificate")?;
        Ok((first, all.collect()))
    };
    // SAFETY: places and refusal are the caller's, by contract.
    unsafe { hand_out(read, leaf, stack, refusal) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn certificate_free(certificate: *mut c_void) {
    if !certificate.is_null() {
        // SAFETY: a certificate that is the caller's to free.
        drop(unsafe { X509::from_ptr(certificate.cast()) });
    }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn certificates_free(stack: *mut c_void) {
    if !stack.is_null() {
        // SAFETY: a stack that is the caller's to free, with all in it.
        drop(unsafe { Stack::<X509>::from_ptr(stack.cast()) });
    }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn certificate_subject(certificate: *mut c_void) -> *mut c_char {
    let subject = |certificate: &X509Ref| Certificate::new(certificate.to_owned()).subject().ok();
    // SAFETY: NULL or a certificate, by contract.
    unsafe { text_of(certificate, subject) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn certificate_is_authority(certificate: *mut c_void) -> c_int {
    if certificate.is_null() {
        return 0;
    }
    // SAFETY: not NULL, and a certificate by contract.
    let answer =
        leaving_no_errors(|| unsafe { X509_check_purpose(certificate.cast(), TLS_CLIENT, 1) });
    c_int::from(answer == 1)
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn certificate_text(certificate: *mut c_void) -> *mut c_char {
    // SAFETY: NULL or a certificate, by contract.
    unsafe {
        text_of(certificate, |certificate| {
            CString::new(shown(certificate)?).ok()
        })
    }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn certificates_text(stack: *mut c_void) -> *mut c_char {
    if stack.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: not NULL, and a stack of certificates by contract.
    let stack = unsafe { StackRef::<X509>::from_ptr(stack.cast()) };
    let text = || {
        let texts: Option<Vec<_>> = stack.iter().map(shown).collect();
        CString::new(texts?.concat()).ok()
    };
    give(guard(text).ok().flatten())
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn signature_known(
    certificate: *mut c_void,
    issuer: *mut c_void,
) -> c_int {
    if certificate.is_null() || issuer.is_null() {
        return 0;
    }
    // SAFETY: not NULL, and certificates by contract.
    let (certificate, issuer) = unsafe {
        (
            X509Ref::from_ptr(certificate.cast()),
            X509Ref::from_ptr(issuer.cast()),
        )
    };
    let known = guard(|| lc_x509::signature_known(certificate, issuer));
    c_int::from(known == Ok(true))
}

/// Runs `body` and removes what it added to the thread's error queue, which is the host's.
fn leaving_no_errors<T>(body: impl FnOnce() -> T) -> T {
    // SAFETY: no argument; the calling thread's queue only.
    unsafe { ERR_set_mark() };
    let result = body();
    // SAFETY: as above.
    unsafe { ERR_pop_to_mark() };
    result
}

/// What a certificate says. The calls are those of libcrypto: the crate's own needs libssl too.
fn shown(certificate: &X509Ref) -> Option<Vec<u8>> {
    // SAFETY: a new memory BIO, NULL when memory is out.
    let bio = unsafe { openssl_sys::BIO_new(openssl_sys::BIO_s_mem()) };
    if bio.is_null() {
        return None;
    }
    // SAFETY: a BIO and a certificate.
    let printed =
        leaving_no_errors(|| unsafe { openssl_sys::X509_print(bio, certificate.as_ptr()) }) == 1;
    let mut first: *mut c_char = ptr::null_mut();
    // SAFETY: a memory BIO and a place for the address of its data.
    let length = unsafe { openssl_sys::BIO_get_mem_data(bio, &raw mut first) };
    let text = match usize::try_from(length) {
        Ok(length) if printed && !first.is_null() => {
            // SAFETY: the BIO holds that many bytes until it is freed.
            Some(unsafe { slice::from_raw_parts(first.cast::<u8>(), length) }.to_vec())
        }
        _ => None,
    };
    // SAFETY: made above and freed once.
    unsafe { openssl_sys::BIO_free_all(bio) };
    text
}

/// Stores what `read` finds; a refusal or a panic is told and becomes -1.
///
/// # Safety
/// The places are NULL or can be written to; `refusal` is NULL or valid.
unsafe fn hand_out(
    read: impl FnOnce() -> Result<(X509, Vec<X509>), String>,
    leaf: *mut *mut c_void,
    all: *mut *mut c_void,
    refusal: *const Refusal,
) -> c_int {
    let outcome = guard(|| {
        let (first, list) = read()?;
        let list = new_stack(list.iter().map(AsRef::as_ref)).ok_or("out of memory")?;
        Ok((first, list))
    });
    let outcome = outcome
        .unwrap_or_else(|panic| Err(format!("internal error in the certificate code: {panic}")));
    match outcome {
        Ok((first, list)) => {
            if !leaf.is_null() {
                // SAFETY: a place, by this function's contract; the certificate becomes the caller's.
                unsafe { *leaf = first.as_ptr().cast() };
                std::mem::forget(first);
            }
            if !all.is_null() {
                // SAFETY: as above.
                unsafe { *all = list.as_ptr().cast() };
                std::mem::forget(list);
            }
            0
        }
        Err(reason) => {
            // SAFETY: as for this function.
            unsafe { tell(refusal, &reason) };
            -1
        }
    }
}

/// A text about a certificate, malloc'ed; NULL when there is none.
///
/// # Safety
/// `certificate` is NULL or an `X509 *`.
unsafe fn text_of(
    certificate: *mut c_void,
    text: impl FnOnce(&X509Ref) -> Option<CString>,
) -> *mut c_char {
    if certificate.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: not NULL, hence a certificate by this function's contract.
    let certificate = unsafe { X509Ref::from_ptr(certificate.cast()) };
    give(guard(|| text(certificate)).ok().flatten())
}

/// A copy that the caller frees with `free()`.
fn give(text: Option<CString>) -> *mut c_char {
    let Some(text) = text else {
        return ptr::null_mut();
    };
    let text: &CStr = &text;
    // SAFETY: a NUL-terminated string.
    unsafe { libc::strdup(text.as_ptr()) }
}
