//! The calls into libcrypto, each wrapped in a safe function.
//!
//! The `openssl` crate owns and frees the objects. Where one of its methods would drain the whole
//! error queue of the thread (and with it the host's own entries) or initialise libssl, the C
//! function is called here instead.

pub(crate) mod keys;
pub(crate) mod verify;

use std::ffi::{CStr, CString, c_char, c_int, c_uchar, c_ulong, c_void};
use std::ptr;

use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::asn1::Asn1TimeRef;
use openssl::stack::Stack;
use openssl::x509::{X509, X509NameRef, X509Ref};
use openssl_sys as ffi;

use crate::dates;

// What openssl-sys does not declare. The prototypes are those of <openssl/x509.h>,
// <openssl/x509v3.h> and <openssl/err.h>, unchanged from OpenSSL 1.1.1 to 3.
unsafe extern "C" {
    fn ERR_set_mark() -> c_int;
    fn ERR_pop_to_mark() -> c_int;
    fn X509_NAME_ENTRY_set(entry: *const ffi::X509_NAME_ENTRY) -> c_int;
    fn X509_NAME_delete_entry(name: *mut ffi::X509_NAME, at: c_int) -> *mut ffi::X509_NAME_ENTRY;
    fn X509_NAME_oneline(
        name: *const ffi::X509_NAME,
        buffer: *mut c_char,
        size: c_int,
    ) -> *mut c_char;
    fn X509_check_purpose(certificate: *mut ffi::X509, purpose: c_int, as_ca: c_int) -> c_int;
    fn X509_cmp_current_time(time: *const ffi::ASN1_TIME) -> c_int;
    fn X509_get0_pubkey(certificate: *const ffi::X509) -> *mut ffi::EVP_PKEY;
}

/// Removes on drop what was added to the thread's error queue since it was made.
struct Errors {
    last_before: c_ulong,
}

impl Errors {
    fn watch() -> Self {
        // SAFETY: both functions take no argument and touch the calling thread's queue only.
        let last_before = unsafe {
            ERR_set_mark();
            ffi::ERR_peek_last_error()
        };
        Self { last_before }
    }

    /// OpenSSL's words for the latest failure.
    fn reason(&self) -> String {
        // SAFETY: no argument; the calling thread's queue only.
        let last = unsafe { ffi::ERR_peek_last_error() };
        if last == 0 || last == self.last_before {
            return "OpenSSL gives no reason".to_owned();
        }
        // SAFETY: takes any code; the result is NULL or a static string.
        let text = unsafe { ffi::ERR_reason_error_string(last) };
        if text.is_null() {
            return format!("OpenSSL error {last:#x}");
        }
        // SAFETY: not NULL, hence a NUL-terminated string that is never freed.
        unsafe { CStr::from_ptr(text) }
            .to_string_lossy()
            .into_owned()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        // SAFETY: no argument; the calling thread's queue only.
        unsafe { ERR_pop_to_mark() };
    }
}

/// The outcome of one signature check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signature {
    /// The issuer's key made the signature.
    Good,
    /// It did not.
    Bad,
    /// It cannot be told, for example because the algorithm is switched off on this machine.
    Unknown(String),
}

/// Decodes one DER certificate that fills the whole slice.
pub(crate) fn decode(der: &[u8]) -> Result<X509, String> {
    let errors = Errors::watch();
    let Ok(length) = der.len().try_into() else {
        return Err("it is too long".to_owned());
    };
    let mut at: *const c_uchar = der.as_ptr();
    // SAFETY: `at` points to `length` readable bytes; the result is NULL or ours to free.
    let raw = unsafe { ffi::d2i_X509(ptr::null_mut(), &mut at, length) };
    if raw.is_null() {
        return Err(errors.reason());
    }
    // SAFETY: a valid X509 that we own; freed by the wrapper.
    let certificate = unsafe { X509::from_ptr(raw) };
    if at != der.as_ptr_range().end {
        return Err("there are bytes after its end".to_owned());
    }
    Ok(certificate)
}

/// The certificates of a borrowed stack, each with a reference of its own; `Err` is the position
/// of a NULL entry.
///
/// # Safety
/// `stack` is a valid `STACK_OF(X509) *`, not NULL, that nobody changes meanwhile.
pub(crate) unsafe fn stack_entries(stack: *const ffi::stack_st_X509) -> Result<Vec<X509>, usize> {
    let stack = stack.cast::<ffi::OPENSSL_STACK>();
    // SAFETY: a valid stack, by this function's contract.
    let count = unsafe { ffi::OPENSSL_sk_num(stack) };
    let mut certificates = Vec::new();
    for at in 0..count {
        // SAFETY: a valid stack and an index below its count.
        let entry = unsafe { ffi::OPENSSL_sk_value(stack, at) }.cast::<ffi::X509>();
        if entry.is_null() {
            return Err(certificates.len());
        }
        // SAFETY: the entry is a valid X509 of the caller's stack; `to_owned` takes a reference.
        certificates.push(unsafe { X509Ref::from_ptr(entry) }.to_owned());
    }
    Ok(certificates)
}

/// A new stack with a reference to each certificate; `None` when memory is out.
#[must_use]
pub fn new_stack<'a>(certificates: impl Iterator<Item = &'a X509Ref>) -> Option<Stack<X509>> {
    // SAFETY: no argument; the result is NULL or an empty stack of ours.
    let raw = unsafe { ffi::OPENSSL_sk_new_null() };
    if raw.is_null() {
        return None;
    }
    // SAFETY: an empty stack that we own; an empty stack has no element type yet.
    let stack = unsafe { Stack::<X509>::from_ptr(raw.cast()) };
    for certificate in certificates {
        let reference = certificate.to_owned();
        // SAFETY: a valid stack and a valid X509, both ours.
        if unsafe { ffi::OPENSSL_sk_push(raw, reference.as_ptr().cast()) } < 1 {
            return None;
        }
        // The stack holds the reference now, and frees it.
        std::mem::forget(reference);
    }
    Some(stack)
}

/// Whether OpenSSL takes the certificate for a CA of TLS clients; `None` when an extension is
/// invalid.
pub(crate) fn is_authority(certificate: &X509Ref) -> Option<bool> {
    let _errors = Errors::watch();
    // SAFETY: a valid X509. The call fills the extension cache in it, under OpenSSL's own lock.
    match unsafe { X509_check_purpose(certificate.as_ptr(), ffi::X509_PURPOSE_SSL_CLIENT, 1) } {
        0 => Some(false),
        answer if answer > 0 => Some(true),
        _ => None,
    }
}

/// Whether both are the same certificate, byte for byte.
pub(crate) fn same_certificate(one: &X509Ref, other: &X509Ref) -> bool {
    let _errors = Errors::watch();
    // SAFETY: two valid X509.
    unsafe { ffi::X509_cmp(one.as_ptr(), other.as_ptr()) == 0 }
}

/// Whether both names are equal as OpenSSL compares names (case and blanks do not count).
pub(crate) fn same_name(one: &X509NameRef, other: &X509NameRef) -> bool {
    let _errors = Errors::watch();
    // SAFETY: two valid names.
    unsafe { ffi::X509_NAME_cmp(one.as_ptr(), other.as_ptr()) == 0 }
}

/// Whether the key of `issuer` made the signature on `certificate`.
pub(crate) fn check_signature(certificate: &X509Ref, issuer: &X509Ref) -> Signature {
    let errors = Errors::watch();
    // SAFETY: a valid X509; the result is NULL or a key that the X509 keeps.
    let key = unsafe { X509_get0_pubkey(issuer.as_ptr()) };
    if key.is_null() {
        return Signature::Unknown(errors.reason());
    }
    // SAFETY: a valid X509 and a valid key, which lives as long as `issuer`.
    match unsafe { ffi::X509_verify(certificate.as_ptr(), key) } {
        1 => Signature::Good,
        0 => Signature::Bad,
        _ => Signature::Unknown(errors.reason()),
    }
}

/// Whether the certificate's dates include the present.
pub(crate) fn is_current(certificate: &X509Ref) -> bool {
    let _errors = Errors::watch();
    // SAFETY: valid times of a valid X509. The answer 0 means a malformed time.
    unsafe {
        X509_cmp_current_time(certificate.not_before().as_ptr()) < 0
            && X509_cmp_current_time(certificate.not_after().as_ptr()) > 0
    }
}

/// A time of a certificate in seconds since 1970; `None` when it is not in one of the two forms that
/// RFC 5280 allows.
pub(crate) fn seconds(time: &Asn1TimeRef) -> Option<i64> {
    let string = time.as_ptr().cast::<ffi::ASN1_STRING>();
    // SAFETY: a valid time, which is a string; the bytes belong to it.
    let (kind, text) = unsafe {
        let length = usize::try_from(ffi::ASN1_STRING_length(string)).unwrap_or(0);
        (
            ffi::ASN1_STRING_type(string),
            bytes(ffi::ASN1_STRING_get0_data(string), length),
        )
    };
    match kind {
        ffi::V_ASN1_UTCTIME => dates::utc_time(text),
        ffi::V_ASN1_GENERALIZEDTIME => dates::generalized_time(text),
        _ => None,
    }
}

/// The name as `X509_NAME_oneline` writes it; `None` when it is too long for OpenSSL.
pub(crate) fn oneline(name: &X509NameRef) -> Option<CString> {
    let _errors = Errors::watch();
    // SAFETY: a valid name; without a buffer OpenSSL allocates the result.
    let raw = unsafe { X509_NAME_oneline(name.as_ptr(), ptr::null_mut(), 0) };
    if raw.is_null() {
        return None;
    }
    // SAFETY: not NULL, hence a NUL-terminated string of ours until freed below.
    let text = unsafe { CStr::from_ptr(raw) }.to_owned();
    // SAFETY: allocated by OpenSSL, freed once.
    unsafe { ffi::CRYPTO_free(raw.cast::<c_void>(), c"".as_ptr(), 0) };
    Some(text)
}

/// Whether `child` is `parent` and one more attribute, alone in its RDN.
pub(crate) fn extends_by_one(child: &X509NameRef, parent: &X509NameRef) -> bool {
    let _errors = Errors::watch();
    // SAFETY: valid names.
    let (count, parent_count) = unsafe {
        (
            ffi::X509_NAME_entry_count(child.as_ptr()),
            ffi::X509_NAME_entry_count(parent.as_ptr()),
        )
    };
    if count < 1 || count - 1 != parent_count {
        return false;
    }
    // SAFETY: a valid name; the result is NULL or ours.
    let copy = unsafe { ffi::X509_NAME_dup(child.as_ptr()) };
    if copy.is_null() {
        return false;
    }
    // SAFETY: a valid name that we own; freed by the wrapper.
    let copy = unsafe { openssl::x509::X509Name::from_ptr(copy) };
    if count > 1 {
        // SAFETY: a valid name and indices below its count.
        let shared = unsafe {
            X509_NAME_ENTRY_set(ffi::X509_NAME_get_entry(copy.as_ptr(), count - 1))
                == X509_NAME_ENTRY_set(ffi::X509_NAME_get_entry(copy.as_ptr(), count - 2))
        };
        if shared {
            return false;
        }
    }
    // SAFETY: a valid name of ours and an index below its count; the removed entry is ours.
    let removed = unsafe { X509_NAME_delete_entry(copy.as_ptr(), count - 1) };
    if removed.is_null() {
        return false;
    }
    // SAFETY: not NULL and ours; freed by the wrapper.
    drop(unsafe { openssl::x509::X509NameEntry::from_ptr(removed) });
    same_name(&copy, parent)
}

/// One extension of a certificate.
pub(crate) struct Extension<'a> {
    /// The contents octets of its object identifier.
    pub(crate) oid: &'a [u8],
    /// Whether it is marked critical.
    pub(crate) critical: bool,
    /// The DER text inside.
    pub(crate) value: &'a [u8],
}

/// The extensions of a certificate, in order.
pub(crate) fn extensions(certificate: &X509Ref) -> Vec<Extension<'_>> {
    let _errors = Errors::watch();
    // SAFETY: a valid X509.
    let count = unsafe { ffi::X509_get_ext_count(certificate.as_ptr()) };
    let mut extensions = Vec::new();
    for at in 0..count {
        // SAFETY: a valid X509 and an index below its count; all results belong to the X509.
        unsafe {
            let extension = ffi::X509_get_ext(certificate.as_ptr(), at);
            if extension.is_null() {
                continue;
            }
            let object = ffi::X509_EXTENSION_get_object(extension);
            let data = ffi::X509_EXTENSION_get_data(extension).cast::<ffi::ASN1_STRING>();
            if object.is_null() || data.is_null() {
                continue;
            }
            extensions.push(Extension {
                oid: bytes(ffi::OBJ_get0_data(object), ffi::OBJ_length(object)),
                critical: ffi::X509_EXTENSION_get_critical(extension) > 0,
                value: bytes(
                    ffi::ASN1_STRING_get0_data(data),
                    usize::try_from(ffi::ASN1_STRING_length(data)).unwrap_or(0),
                ),
            });
        }
    }
    extensions
}

/// The bytes at `start`, none when NULL.
///
/// # Safety
/// `start` is NULL or points to `length` bytes that live and stay unchanged for `'a`.
unsafe fn bytes<'a>(start: *const c_uchar, length: usize) -> &'a [u8] {
    if start.is_null() || length == 0 {
        return &[];
    }
    // SAFETY: not NULL, and readable by this function's contract.
    unsafe { std::slice::from_raw_parts(start, length) }
}

/// One attribute of a name: OpenSSL's number of its type, its string type and its bytes.
pub(crate) struct Attribute<'a> {
    /// NID of the attribute type.
    pub(crate) nid: c_int,
    /// ASN.1 tag of the string.
    pub(crate) string_type: c_int,
    /// Contents octets of the string.
    pub(crate) value: &'a [u8],
}

/// The attributes of a name, in order.
pub(crate) fn attributes(name: &X509NameRef) -> Vec<Attribute<'_>> {
    // SAFETY: a valid name.
    let count = unsafe { ffi::X509_NAME_entry_count(name.as_ptr()) };
    let mut attributes = Vec::new();
    for at in 0..count {
        // SAFETY: a valid name and an index below its count; all results belong to the name.
        unsafe {
            let entry = ffi::X509_NAME_get_entry(name.as_ptr(), at);
            if entry.is_null() {
                continue;
            }
            let object = ffi::X509_NAME_ENTRY_get_object(entry);
            let data = ffi::X509_NAME_ENTRY_get_data(entry);
            if object.is_null() || data.is_null() {
                continue;
            }
            attributes.push(Attribute {
                nid: ffi::OBJ_obj2nid(object),
                string_type: ffi::ASN1_STRING_type(data),
                value: bytes(
                    ffi::ASN1_STRING_get0_data(data),
                    usize::try_from(ffi::ASN1_STRING_length(data)).unwrap_or(0),
                ),
            });
        }
    }
    attributes
}
