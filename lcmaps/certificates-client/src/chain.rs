//! A chain of certificates, bound to one identity.

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;

use lcmaps_certificates_abi::{Chain as Opaque, Functions, Refusal};

use crate::object::{functions, text};
use crate::reasons::Reasons;

/// A chain of certificates bound to one identity. The pointers it gives out end with it.
pub struct Chain {
    pub(crate) raw: NonNull<Opaque>,
    pub(crate) functions: &'static Functions,
}

// SAFETY: the chain behind the pointer is immutable, and its certificates are counted by OpenSSL
// with atomic operations; it may be used and freed on any thread.
unsafe impl Send for Chain {}
// SAFETY: as above; nothing is changed through a shared reference.
unsafe impl Sync for Chain {}

impl Chain {
    /// Reads the certificates of a PEM text, the first one being the leaf.
    ///
    /// # Errors
    /// The text binds no identity to the leaf, or the certificate library cannot be loaded; in
    /// the words of a log line.
    pub fn from_pem(pem: &CStr) -> Result<Self, String> {
        let text = pem.to_bytes();
        Self::make(|functions, refusal| {
            // SAFETY: the text lives during the call, and nothing of it is kept.
            unsafe { (functions.chain_from_pem)(text.as_ptr().cast(), text.len(), refusal) }
        })
    }

    /// Takes the certificates of a stack, leaf first. The stack stays the caller's.
    ///
    /// # Errors
    /// As for [`from_pem`](Self::from_pem); also when `stack` is NULL.
    ///
    /// # Safety
    /// `stack` is NULL or a valid `STACK_OF(X509) *` that nobody changes during the call.
    pub unsafe fn from_stack(stack: *mut c_void) -> Result<Self, String> {
        Self::make(|functions, refusal| {
            // SAFETY: NULL or a valid stack, by this function's contract.
            unsafe { (functions.chain_from_stack)(stack, refusal) }
        })
    }

    /// Takes the certificates of a Globus credential, which stays the caller's.
    ///
    /// # Errors
    /// As for [`from_pem`](Self::from_pem); also when `credential` is NULL or Globus is not
    /// loaded in this process.
    ///
    /// # Safety
    /// `credential` is NULL or a valid `gss_cred_id_t` of Globus.
    pub unsafe fn from_gss(credential: *mut c_void) -> Result<Self, String> {
        Self::make(|functions, refusal| {
            // SAFETY: NULL or a valid credential, by this function's contract.
            unsafe { (functions.chain_from_gss)(credential, refusal) }
        })
    }

    fn make(
        call: impl FnOnce(&'static Functions, *const Refusal) -> *mut Opaque,
    ) -> Result<Self, String> {
        let functions = functions()?;
        let mut reasons = Reasons::default();
        match NonNull::new(call(functions, &reasons.refusal())) {
            Some(raw) => Ok(Self { raw, functions }),
            None => Err(reasons.joined()),
        }
    }

    /// The user's DN: the subject of the end entity as OpenSSL writes it on one line.
    #[must_use]
    pub fn dn(&self) -> &CStr {
        // SAFETY: a live chain; the result is NULL or a string of the chain.
        let dn = unsafe { (self.functions.chain_dn)(self.raw.as_ptr()) };
        // SAFETY: NULL or NUL-terminated and as long-lived as the chain.
        unsafe { text(dn) }
    }

    /// The leaf, an `X509 *` of the chain.
    #[must_use]
    pub fn leaf(&self) -> *mut c_void {
        // SAFETY: a live chain.
        unsafe { (self.functions.chain_leaf)(self.raw.as_ptr()) }
    }

    /// A `STACK_OF(X509) *` of the chain: the linked certificates, leaf first, then other CAs.
    #[must_use]
    pub fn stack(&self) -> *mut c_void {
        // SAFETY: a live chain.
        unsafe { (self.functions.chain_stack)(self.raw.as_ptr()) }
    }

    /// The certificates of the input that are not in the stack, each with its reason.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        // SAFETY: a live chain.
        let count = unsafe { (self.functions.chain_warning_count)(self.raw.as_ptr()) };
        (0..count)
            .map(|index| {
                // SAFETY: a live chain; the result is NULL or a string of the chain.
                let warning = unsafe { (self.functions.chain_warning)(self.raw.as_ptr(), index) };
                // SAFETY: NULL or NUL-terminated and as long-lived as the chain.
                unsafe { text(warning) }.to_string_lossy().into_owned()
            })
            .collect()
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        // SAFETY: a live chain, freed once.
        unsafe { (self.functions.chain_free)(self.raw.as_ptr()) };
    }
}
