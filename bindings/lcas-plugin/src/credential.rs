//! Who asks.

use std::ffi::{CStr, c_void};
use std::marker::PhantomData;
use std::ptr::NonNull;

use lcas_sys::lcas_cred_id_t;

/// The user of one request. LCAS does not verify certificates: the application has done that, or a
/// module does.
#[derive(Debug)]
pub struct Credential<'a> {
    dn: Option<&'a CStr>,
    gss: Option<NonNull<c_void>>,
    certificates: Option<Certificates<'a>>,
}

/// The certificates of a user, as OpenSSL has them. They are valid during the call.
#[derive(Debug, Clone, Copy)]
pub struct Certificates<'a> {
    leaf: NonNull<c_void>,
    chain: NonNull<c_void>,
    lifetime: PhantomData<&'a c_void>,
}

impl Certificates<'_> {
    /// The first certificate that the user sent, a proxy as a rule: an `X509 *`.
    #[must_use]
    pub fn leaf(&self) -> NonNull<c_void> {
        self.leaf
    }

    /// A `STACK_OF(X509) *`: all certificates if the user came with PEM text, all but the leaf if
    /// with a GSS credential. May be empty. Look whether the first one is the leaf.
    #[must_use]
    pub fn chain(&self) -> NonNull<c_void> {
        self.chain
    }
}

impl<'a> Credential<'a> {
    /// # Safety
    /// The pointers are NULL or valid through `'a`: `dn` a C string, `leaf` an `X509`, `chain` a
    /// `STACK_OF(X509)`.
    pub(crate) unsafe fn from_c(
        credential: lcas_cred_id_t,
        leaf: *mut c_void,
        chain: *mut c_void,
    ) -> Self {
        let certificates = match (NonNull::new(leaf), NonNull::new(chain)) {
            (Some(leaf), Some(chain)) => Some(Certificates {
                leaf,
                chain,
                lifetime: PhantomData,
            }),
            _ => None,
        };
        Self {
            // SAFETY: not NULL, so a C string by the caller's promise.
            dn: (!credential.dn.is_null()).then(|| unsafe { CStr::from_ptr(credential.dn) }),
            gss: NonNull::new(credential.cred),
            certificates,
        }
    }

    /// The DN of the user: the subject of the end entity's certificate, `/O=Grid/CN=…`. Bytes from
    /// outside; `/` and `=` in them are not escaped.
    #[must_use]
    pub fn dn(&self) -> Option<&'a CStr> {
        self.dn
    }

    /// A Globus `gss_cred_id_t`; nothing if the user came with PEM text.
    #[must_use]
    pub fn gss_credential(&self) -> Option<NonNull<c_void>> {
        self.gss
    }

    /// The certificates, for modules that are exported with `certificates`; see
    /// [`export_module!`](crate::export_module). Without them such a module refuses.
    #[must_use]
    pub fn certificates(&self) -> Option<Certificates<'a>> {
        self.certificates
    }
}
