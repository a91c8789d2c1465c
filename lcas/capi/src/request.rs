//! What modules are asked: who, what, and with which certificates.

use std::ffi::{CStr, c_int, c_void};
use std::ptr;

use lcas_sys::run::{LCAS_ARG_GSS, LCAS_ARG_GSS_DN, LCAS_ARG_PEM};
use lcas_sys::{lcas_cred_id_t, lcas_request_t};
use lcmaps_certificates_client::Chain;

use crate::logging::{debug, log};

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum Credential<'a> {
    /// PEM text.
    Pem(Option<&'a CStr>),
    /// A `gss_cred_id_t`, with a DN that does not count or without.
    Gss {
        /// The handle.
        handle: *mut c_void,
        /// Whether the caller gave a DN too.
        with_dn: bool,
    },
    /// No kind that is known.
    Unknown(c_int),
}

impl<'a> Credential<'a> {
    /// The credential of `lcas_run_va`.
    ///
    /// # Safety
    /// `credential` is what goes with `kind`: NULL or PEM text, NULL or a Globus `gss_cred_id_t`.
    #[must_use]
    pub unsafe fn from_c(kind: c_int, credential: *mut c_void) -> Self {
        match kind {
            LCAS_ARG_PEM if credential.is_null() => Self::Pem(None),
            // SAFETY: not NULL, so PEM text by this function's contract.
            LCAS_ARG_PEM => Self::Pem(Some(unsafe { CStr::from_ptr(credential.cast()) })),
            LCAS_ARG_GSS | LCAS_ARG_GSS_DN => Self::Gss {
                handle: credential,
                with_dn: kind == LCAS_ARG_GSS_DN,
            },
            unknown => Self::Unknown(unknown),
        }
    }

    /// The function that log lines name: as the original has it, whoever was called.
    #[must_use]
    pub fn function(&self) -> &'static str {
        match self {
            Self::Gss { with_dn: false, .. } => "lcas.mod-lcas_get_fabric_authorization()",
            _ => "lcas.mod-lcas_run_va()",
        }
    }

    /// What modules are asked about this credential.
    ///
    /// # Errors
    /// It binds no identity, or cannot be read; in the words of a log line.
    ///
    /// # Safety
    /// A GSS handle is NULL or valid; the request is NULL or a string through the question's life.
    pub unsafe fn question(self, request: lcas_request_t) -> Result<Question, String> {
        let function = self.function();
        let (chain, handle) = match self {
            Self::Pem(None) => return Err("there is no PEM text".to_owned()),
            Self::Pem(Some(pem)) => (Chain::from_pem(pem)?, ptr::null_mut()),
            Self::Gss { handle, .. } => {
                // SAFETY: NULL or a Globus credential, by this function's contract.
                (unsafe { Chain::from_gss(handle) }?, handle)
            }
            Self::Unknown(kind) => {
                return Err(format!("Unknown LCAS argument type (arg_type={kind})"));
            }
        };
        for warning in chain.warnings() {
            log(1, &format!("{function}: {warning}"));
        }
        // As the original: all certificates of a PEM text, and those behind the leaf of a credential.
        let stack = match self {
            Self::Gss { .. } => chain.stack_without_leaf()?,
            _ => chain.stack(),
        };
        let question = Question {
            function,
            request,
            handle,
            stack,
            chain,
        };
        debug(2, || {
            format!(
                "{function}: user is {}",
                question.chain.dn().to_string_lossy()
            )
        });
        Ok(question)
    }
}

/// A request of somebody known.
pub struct Question {
    function: &'static str,
    request: lcas_request_t,
    handle: *mut c_void,
    stack: *mut c_void,
    chain: Chain,
}

impl Question {
    /// The function that log lines name.
    #[must_use]
    pub fn function(&self) -> &'static str {
        self.function
    }

    /// The request as the caller passed it.
    #[must_use]
    pub fn request(&self) -> lcas_request_t {
        self.request
    }

    /// The credential as modules get it; it ends with the question.
    #[must_use]
    pub fn credential(&self) -> lcas_cred_id_t {
        lcas_cred_id_t {
            cred: self.handle,
            dn: self.chain.dn().as_ptr().cast_mut(),
        }
    }

    /// The first certificate, an `X509 *`.
    #[must_use]
    pub fn leaf(&self) -> *mut c_void {
        self.chain.leaf()
    }

    /// The others, a `STACK_OF(X509) *`.
    #[must_use]
    pub fn chain(&self) -> *mut c_void {
        self.stack
    }
}
