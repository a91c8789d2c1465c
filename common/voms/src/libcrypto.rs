//! The calls into libcrypto: signatures over bytes, keys and dates.
//!
//! Errors that these calls leave in OpenSSL's queue are removed again, older ones of the host
//! stay. The `openssl` crate owns and frees the objects; its functions that drain the whole queue
//! or initialise libssl (all that can return an `ErrorStack`) are not called.

use std::ffi::{c_int, c_uchar, c_uint};
use std::ptr;

use foreign_types::ForeignTypeRef;
use openssl::asn1::{Asn1IntegerRef, Asn1TimeRef};
use openssl::hash::MessageDigest;
use openssl::pkey::Id;
use openssl::x509::{X509NameRef, X509Ref};
use openssl_sys as ffi;

// What openssl-sys does not declare. The prototypes are those of <openssl/asn1.h>,
// <openssl/x509.h> and <openssl/err.h>, unchanged from OpenSSL 1.1.1 to 3.
unsafe extern "C" {
    fn ERR_set_mark() -> c_int;
    fn ERR_pop_to_mark() -> c_int;
    fn ASN1_TIME_to_generalizedtime(
        time: *const ffi::ASN1_TIME,
        place: *mut *mut ffi::ASN1_GENERALIZEDTIME,
    ) -> *mut ffi::ASN1_GENERALIZEDTIME;
    fn X509_get0_pubkey(certificate: *const ffi::X509) -> *mut ffi::EVP_PKEY;
    fn X509_pubkey_digest(
        certificate: *const ffi::X509,
        digest: *const ffi::EVP_MD,
        place: *mut c_uchar,
        length: *mut c_uint,
    ) -> c_int;
}

/// `V_ASN1_NEG_INTEGER` of <openssl/asn1.h>.
const NEGATIVE_INTEGER: c_int = 0x102;

/// Removes on drop what was added to the thread's error queue since it was made.
struct Errors;

impl Errors {
    fn watch() -> Self {
        // SAFETY: no argument; the calling thread's queue only.
        unsafe { ERR_set_mark() };
        Self
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
    /// The key made the signature.
    Good,
    /// It did not.
    Bad,
    /// It cannot be told.
    Unknown(&'static str),
}

/// How something was signed.
#[derive(Clone, Copy)]
pub(crate) struct Scheme {
    /// The type of the key.
    pub(crate) key: Id,
    /// The digest, if the scheme leaves a choice.
    pub(crate) digest: Option<MessageDigest>,
}

/// Whether the key of `signer` made `signature` over `signed`.
pub(crate) fn check(
    signer: &X509Ref,
    scheme: Scheme,
    signed: &[u8],
    signature: &[u8],
) -> Signature {
    let _errors = Errors::watch();
    // SAFETY: a valid X509; the result is NULL or a key that the X509 keeps.
    let key = unsafe { X509_get0_pubkey(signer.as_ptr()) };
    if key.is_null() {
        return Signature::Unknown("the key in its certificate cannot be read");
    }
    // SAFETY: a valid key.
    if unsafe { ffi::EVP_PKEY_id(key) } != scheme.key.as_raw() {
        return Signature::Bad;
    }
    // SAFETY: no argument; the result is NULL or ours.
    let context = unsafe { ffi::EVP_MD_CTX_new() };
    if context.is_null() {
        return Signature::Unknown("OpenSSL has no memory");
    }
    let digest = scheme.digest.map_or(ptr::null(), |digest| digest.as_ptr());
    // SAFETY: a valid context and key; a static digest or NULL; slices with their own lengths.
    let answer = unsafe {
        if ffi::EVP_DigestVerifyInit(context, ptr::null_mut(), digest, ptr::null_mut(), key) == 1 {
            Some(ffi::EVP_DigestVerify(
                context,
                signature.as_ptr(),
                signature.len(),
                signed.as_ptr(),
                signed.len(),
            ))
        } else {
            None
        }
    };
    // SAFETY: ours, freed once.
    unsafe { ffi::EVP_MD_CTX_free(context) };
    match answer {
        Some(1) => Signature::Good,
        // A negative answer is a signature that is not even well formed.
        Some(_) => Signature::Bad,
        None => Signature::Unknown("its algorithm is switched off on this machine"),
    }
}

/// The SHA-1 of the certificate's key, which is its usual identifier.
pub(crate) fn key_digest(certificate: &X509Ref) -> Option<[u8; 20]> {
    let _errors = Errors::watch();
    let mut digest = [0; 64];
    let mut length = 0;
    // SAFETY: a valid X509, a static digest, and room for the longest one there is.
    let done = unsafe {
        X509_pubkey_digest(
            certificate.as_ptr(),
            MessageDigest::sha1().as_ptr(),
            digest.as_mut_ptr(),
            &mut length,
        )
    };
    let digest = digest.get(..usize::try_from(length).ok()?)?;
    (done == 1).then_some(digest)?.try_into().ok()
}

/// The DER text of a name.
pub(crate) fn name_der(name: &X509NameRef) -> Option<Vec<u8>> {
    let _errors = Errors::watch();
    let mut text = ptr::null_mut();
    // SAFETY: a valid name; the result is a buffer of OpenSSL of the length that is returned.
    let length = unsafe { ffi::i2d_X509_NAME(name.as_ptr(), &mut text) };
    if text.is_null() {
        return None;
    }
    let der = usize::try_from(length).ok().map(|length| {
        // SAFETY: the buffer just made, which has that length.
        unsafe { std::slice::from_raw_parts(text, length) }.to_vec()
    });
    // SAFETY: allocated by OpenSSL, freed once.
    unsafe { ffi::CRYPTO_free(text.cast(), c"".as_ptr(), 0) };
    der
}

/// Whether a number is negative, and its magnitude, the highest octet first.
pub(crate) fn magnitude(number: &Asn1IntegerRef) -> Option<(bool, Vec<u8>)> {
    let string = number.as_ptr().cast::<ffi::ASN1_STRING>();
    // SAFETY: an INTEGER is a string to OpenSSL, of the length that it says.
    unsafe {
        let data = ffi::ASN1_STRING_get0_data(string);
        let length = usize::try_from(ffi::ASN1_STRING_length(string)).ok()?;
        let octets = match length {
            0 => &[][..],
            _ if data.is_null() => return None,
            _ => std::slice::from_raw_parts(data, length),
        };
        let negative = ffi::ASN1_STRING_type(string) == NEGATIVE_INTEGER;
        Some((negative, octets.to_vec()))
    }
}

/// Seconds since 1970.
pub(crate) fn seconds(time: &Asn1TimeRef) -> Option<i64> {
    let _errors = Errors::watch();
    // SAFETY: a valid time; the result is NULL or ours.
    let general = unsafe { ASN1_TIME_to_generalizedtime(time.as_ptr(), ptr::null_mut()) };
    if general.is_null() {
        return None;
    }
    let text = general.cast::<ffi::ASN1_STRING>();
    // SAFETY: a valid string, whose data have the length that it says; not used after it is freed.
    let seconds = unsafe {
        let data = ffi::ASN1_STRING_get0_data(text);
        let length = usize::try_from(ffi::ASN1_STRING_length(text)).unwrap_or(0);
        (!data.is_null())
            .then(|| std::slice::from_raw_parts(data, length))
            .and_then(crate::time::seconds)
    };
    // SAFETY: ours, freed once.
    unsafe { ffi::ASN1_STRING_free(text) };
    seconds
}
