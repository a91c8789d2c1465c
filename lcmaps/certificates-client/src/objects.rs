//! Certificates that no chain binds together, as OpenSSL has them.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

use lcmaps_certificates_abi::{Functions, Refusal};

use crate::chain::Chain;
use crate::object::functions;
use crate::reasons::Reasons;

/// A leaf and a stack of certificates that belong to the caller.
#[derive(Debug)]
pub struct Certificates {
    leaf: *mut c_void,
    stack: *mut c_void,
    functions: &'static Functions,
}

impl Certificates {
    /// All certificates of a PEM text in their order.
    ///
    /// # Errors
    /// The text is damaged or holds no certificate or too many, or the certificate library cannot
    /// be loaded; in the words of a log line.
    pub fn from_pem(pem: &CStr) -> Result<Self, String> {
        let text = pem.to_bytes();
        Self::read(|functions, leaf, stack, refusal| {
            // SAFETY: the text lives during the call; two places for the result.
            unsafe {
                (functions.certificates_from_pem)(
                    text.as_ptr().cast(),
                    text.len(),
                    leaf,
                    stack,
                    refusal,
                )
            }
        })
    }

    /// The certificates of a Globus credential, which stays the caller's. The leaf is not in the
    /// stack.
    ///
    /// # Errors
    /// As for [`from_pem`](Self::from_pem); also when `credential` is NULL or Globus is not loaded
    /// in this process.
    ///
    /// # Safety
    /// `credential` is NULL or a valid `gss_cred_id_t` of Globus.
    pub unsafe fn from_gss(credential: *mut c_void) -> Result<Self, String> {
        Self::read(|functions, leaf, stack, refusal| {
            // SAFETY: the caller vouches for the credential; two places for the result.
            unsafe { (functions.certificates_from_gss)(credential, leaf, stack, refusal) }
        })
    }

    /// The first certificate, an `X509 *`, which becomes the caller's; the stack is freed.
    #[must_use]
    pub fn into_leaf(mut self) -> *mut c_void {
        std::mem::replace(&mut self.leaf, ptr::null_mut())
    }

    /// The `STACK_OF(X509) *`, which becomes the caller's; the leaf is freed.
    #[must_use]
    pub fn into_stack(mut self) -> *mut c_void {
        std::mem::replace(&mut self.stack, ptr::null_mut())
    }

    fn read(
        call: impl FnOnce(
            &'static Functions,
            *mut *mut c_void,
            *mut *mut c_void,
            *const Refusal,
        ) -> c_int,
    ) -> Result<Self, String> {
        let functions = functions()?;
        let mut reasons = Reasons::default();
        let (mut leaf, mut stack) = (ptr::null_mut(), ptr::null_mut());
        match call(functions, &raw mut leaf, &raw mut stack, &reasons.refusal()) {
            0 => Ok(Self {
                leaf,
                stack,
                functions,
            }),
            _ => Err(reasons.joined()),
        }
    }
}

impl Drop for Certificates {
    fn drop(&mut self) {
        // SAFETY: NULL or ours.
        unsafe {
            (self.functions.certificate_free)(self.leaf);
            (self.functions.certificates_free)(self.stack);
        }
    }
}

impl Chain {
    /// A `STACK_OF(X509) *` of the chain: as [`stack`](Self::stack) without the leaf, and maybe
    /// empty.
    ///
    /// # Errors
    /// Memory is out.
    pub fn stack_without_leaf(&self) -> Result<*mut c_void, String> {
        // SAFETY: a live chain.
        let stack = unsafe { (self.functions.chain_stack_without_leaf)(self.raw.as_ptr()) };
        if stack.is_null() {
            return Err("no memory for the certificate chain".to_owned());
        }
        Ok(stack)
    }
}

/// Frees a `STACK_OF(X509) *` with the certificates in it.
///
/// # Safety
/// `stack` is NULL or a stack that is the caller's to free.
pub unsafe fn free_certificates(stack: *mut c_void) {
    if let (false, Ok(functions)) = (stack.is_null(), functions()) {
        // SAFETY: the caller's promise.
        unsafe { (functions.certificates_free)(stack) };
    }
}

/// The subject of a certificate as a DN; nothing for NULL, or when it cannot be written as one.
///
/// # Safety
/// `certificate` is NULL or an `X509 *`.
#[must_use]
pub unsafe fn subject(certificate: *mut c_void) -> Option<CString> {
    // SAFETY: the caller's promise.
    unsafe { text(certificate, |functions| functions.certificate_subject) }
}

/// What a certificate says, for readers.
///
/// # Safety
/// `certificate` is NULL or an `X509 *`.
#[must_use]
pub unsafe fn certificate_text(certificate: *mut c_void) -> Option<CString> {
    // SAFETY: the caller's promise.
    unsafe { text(certificate, |functions| functions.certificate_text) }
}

/// What all certificates of a stack say, for readers.
///
/// # Safety
/// `stack` is NULL or a `STACK_OF(X509) *`.
#[must_use]
pub unsafe fn certificates_text(stack: *mut c_void) -> Option<CString> {
    // SAFETY: the caller's promise.
    unsafe { text(stack, |functions| functions.certificates_text) }
}

/// Whether a certificate may be the CA of TLS clients; NULL may not.
///
/// # Safety
/// `certificate` is NULL or an `X509 *`.
#[must_use]
pub unsafe fn is_authority(certificate: *mut c_void) -> bool {
    functions().is_ok_and(|functions| {
        // SAFETY: the caller's promise.
        unsafe { (functions.certificate_is_authority)(certificate) == 1 }
    })
}

type ToText = unsafe extern "C" fn(*mut c_void) -> *mut c_char;

/// # Safety
/// `object` is NULL or what the function takes.
unsafe fn text(object: *mut c_void, choose: impl FnOnce(&Functions) -> ToText) -> Option<CString> {
    if object.is_null() {
        return None;
    }
    let function = choose(functions().ok()?);
    // SAFETY: the caller's promise.
    let text = unsafe { function(object) };
    if text.is_null() {
        return None;
    }
    // SAFETY: not NULL, hence NUL-terminated.
    let copy = unsafe { CStr::from_ptr(text) }.to_owned();
    // SAFETY: malloc'ed and ours.
    unsafe { libc::free(text.cast()) };
    Some(copy)
}
