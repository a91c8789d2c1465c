//! What liblcmaps and its certificate object say to each other; defines no state.
//!
//! liblcmaps links neither OpenSSL nor Globus. On the first certificate it opens
//! `liblcmaps_certificates.so.0`, calls [`ENTRY`] and gets a table of [`Functions`]. Both files
//! come from one build, but an upgrade may replace them one after the other under a running
//! program, so the table says how long it is. New functions are added at its end; only a change of
//! what is there raises [`VERSION`].
#![forbid(unsafe_code)]

use std::ffi::{CStr, c_char, c_int, c_void};

/// The version of the table.
pub const VERSION: u32 = 1;

/// The one symbol of the certificate object, an [`Entry`].
pub const ENTRY: &CStr = c"lcmaps_certificates_functions";

/// File names of the certificate object, the one to prefer first.
pub const FILE_NAMES: [&str; 2] = ["liblcmaps_certificates.so.0", "liblcmaps_certificates.so"];

/// The type of [`ENTRY`]: returns a table that lives as long as the process, never NULL.
pub type Entry = unsafe extern "C" fn() -> *const Header;

/// A chain of certificates with an identity; made and freed by the certificate object.
#[repr(C)]
pub struct Chain {
    _opaque: [u8; 0],
}

/// The verified VOMS attributes of a chain, on their own; made and freed by the certificate object.
#[repr(C)]
pub struct Voms {
    _opaque: [u8; 0],
}

/// How VOMS attributes are verified.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct VomsSettings {
    /// The directory of LSC files and certificates of VOMS servers.
    pub vomsdir: *const c_char,
    /// The directory of CAs and CRLs.
    pub certdir: *const c_char,
    /// The flag word of `lcmaps_set_voms_attributes_verification`.
    pub checks: u32,
    /// The flags of `lcmaps_set_voms_verification_time`.
    pub time_base: c_int,
    /// The time of `lcmaps_set_voms_verification_time`.
    pub time: i64,
}

/// Takes the reason of a failure: `context` as given in [`Refusal`], then text (UTF-8, without
/// NUL at its end) and its length in bytes. The text is the callee's; it is called once for each
/// reason, of which a function that makes a chain has at most one, and must not unwind.
pub type TakeReason =
    unsafe extern "C" fn(context: *mut c_void, text: *const c_char, length: usize);

/// Where a failing function tells its reason.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Refusal {
    /// Passed on to `take`.
    pub context: *mut c_void,
    /// Called with the reason.
    pub take: TakeReason,
}

/// The beginning of every table, whatever its version.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// [`VERSION`] at build time.
    pub version: u32,
    /// Bytes of the whole table, this header among them.
    pub size: u32,
}

/// The functions of the certificate object.
///
/// A function that makes a chain returns NULL when it refuses the input, and tells `refusal` why.
/// The pointers that `chain_*` functions return belong to the chain and end with it.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Functions {
    /// Version and length of this table.
    pub header: Header,
    /// Reads the certificates of PEM text of `length` bytes; nothing of it is kept.
    pub chain_from_pem: unsafe extern "C" fn(
        text: *const c_char,
        length: usize,
        refusal: *const Refusal,
    ) -> *mut Chain,
    /// Takes the certificates of a `STACK_OF(X509) *`, leaf first. The stack stays the caller's.
    pub chain_from_stack:
        unsafe extern "C" fn(stack: *mut c_void, refusal: *const Refusal) -> *mut Chain,
    /// Takes the certificates of a Globus `gss_cred_id_t`, which stays the caller's.
    pub chain_from_gss:
        unsafe extern "C" fn(credential: *mut c_void, refusal: *const Refusal) -> *mut Chain,
    /// The user's DN, the subject of the end entity. Never NULL.
    pub chain_dn: unsafe extern "C" fn(chain: *const Chain) -> *const c_char,
    /// The leaf, an `X509 *`. Never NULL.
    pub chain_leaf: unsafe extern "C" fn(chain: *const Chain) -> *mut c_void,
    /// A `STACK_OF(X509) *`: the linked chain, leaf first, then other CAs. Never NULL.
    pub chain_stack: unsafe extern "C" fn(chain: *const Chain) -> *mut c_void,
    /// How many certificates were left out of the stack.
    pub chain_warning_count: unsafe extern "C" fn(chain: *const Chain) -> usize,
    /// Which certificate was left out and why, printable ASCII; NULL beyond the count.
    pub chain_warning: unsafe extern "C" fn(chain: *const Chain, index: usize) -> *const c_char,
    /// Frees a chain; NULL is allowed.
    pub chain_free: unsafe extern "C" fn(chain: *mut Chain),
    /// Reads and verifies the VOMS attributes of a chain. `refusal` is told of each attribute
    /// certificate that is refused; one of them, and nothing is granted. NULL only when a
    /// setting is not usable, which it is told as well. The result does not need the chain.
    pub chain_voms: unsafe extern "C" fn(
        chain: *const Chain,
        settings: *const VomsSettings,
        refusal: *const Refusal,
    ) -> *mut Voms,
    /// A `lcmaps_vomsdata_t *` with what is granted, NULL when nothing is. It ends with `voms`;
    /// ids in it may be changed meanwhile, pointers may not.
    pub voms_data: unsafe extern "C" fn(voms: *const Voms) -> *mut c_void,
    /// The FQANs that are granted, in order, ending with NULL, and their number in `count` (NULL
    /// is allowed); NULL when there are none. They end with `voms`.
    pub voms_fqans: unsafe extern "C" fn(voms: *const Voms, count: *mut usize) -> *mut *mut c_char,
    /// Frees VOMS attributes; NULL is allowed.
    pub voms_free: unsafe extern "C" fn(voms: *mut Voms),
    /// A `STACK_OF(X509) *`: that of `chain_stack` without the leaf. It may be empty and belongs to
    /// the chain; NULL only when memory is out.
    pub chain_stack_without_leaf: unsafe extern "C" fn(chain: *const Chain) -> *mut c_void,
    /// Reads the certificates of PEM text of `length` bytes, linked to each other or not. `leaf`
    /// gets the first one, an `X509 *`, and `stack` all of them, a `STACK_OF(X509) *`; both are the
    /// caller's, and both places may be NULL. 0, or -1 after a refusal, when nothing is stored.
    pub certificates_from_pem: unsafe extern "C" fn(
        text: *const c_char,
        length: usize,
        leaf: *mut *mut c_void,
        stack: *mut *mut c_void,
        refusal: *const Refusal,
    ) -> c_int,
    /// The same for a Globus `gss_cred_id_t`, and `stack` does not get the leaf.
    pub certificates_from_gss: unsafe extern "C" fn(
        credential: *mut c_void,
        leaf: *mut *mut c_void,
        stack: *mut *mut c_void,
        refusal: *const Refusal,
    ) -> c_int,
    /// Frees an `X509 *`; NULL is allowed.
    pub certificate_free: unsafe extern "C" fn(certificate: *mut c_void),
    /// Frees a `STACK_OF(X509) *` with the certificates in it; NULL is allowed.
    pub certificates_free: unsafe extern "C" fn(stack: *mut c_void),
    /// The subject of an `X509 *` as a DN, malloc'ed; NULL when it cannot be written as one.
    pub certificate_subject: unsafe extern "C" fn(certificate: *mut c_void) -> *mut c_char,
    /// Whether an `X509 *` may be the CA of TLS clients: 1 or 0.
    pub certificate_is_authority: unsafe extern "C" fn(certificate: *mut c_void) -> c_int,
    /// What an `X509 *` says, for readers, malloc'ed; NULL when it cannot be written.
    pub certificate_text: unsafe extern "C" fn(certificate: *mut c_void) -> *mut c_char,
    /// The same for all of a `STACK_OF(X509) *`.
    pub certificates_text: unsafe extern "C" fn(stack: *mut c_void) -> *mut c_char,
    /// Whether the key of the second `X509 *` is known to have made the signature on the first one,
    /// because a chain of both was made: 1 or 0. Checks nothing.
    pub signature_known:
        unsafe extern "C" fn(certificate: *mut c_void, issuer: *mut c_void) -> c_int,
}

impl Functions {
    /// The length of the table that this build knows.
    pub const SIZE: u32 = size_of::<Functions>() as u32;
}
