//! The calls into libcrypto: signatures over bytes, and certificates against a CA directory.
//!
//! Errors that these calls leave in OpenSSL's queue are removed again, older ones of the host
//! stay. The `openssl` crate owns and frees the objects; its functions that drain the whole queue
//! or initialise libssl are not called.

use std::ffi::{CString, c_char, c_int, c_long, c_uchar, c_uint, c_ulong, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::asn1::Asn1TimeRef;
use openssl::hash::MessageDigest;
use openssl::pkey::Id;
use openssl::stack::Stack;
use openssl::x509::store::X509Store;
use openssl::x509::{X509, X509Ref, X509StoreContext, X509VerifyResult};
use openssl_sys as ffi;

// What openssl-sys does not declare. The prototypes are those of <openssl/x509.h>,
// <openssl/x509_vfy.h> and <openssl/err.h>, unchanged from OpenSSL 1.1.1 to 3.
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
    fn X509_issuer_name_hash(certificate: *mut ffi::X509) -> c_ulong;
    fn X509_LOOKUP_ctrl(
        lookup: *mut ffi::X509_LOOKUP,
        command: c_int,
        text: *const c_char,
        number: c_long,
        answer: *mut *mut c_char,
    ) -> c_int;
    fn X509_STORE_CTX_set_flags(context: *mut ffi::X509_STORE_CTX, flags: c_ulong);
    fn X509_STORE_CTX_set_time(
        context: *mut ffi::X509_STORE_CTX,
        flags: c_ulong,
        time: libc::time_t,
    );
    fn X509_STORE_CTX_set_verify_cb(context: *mut ffi::X509_STORE_CTX, callback: Callback);
    fn X509_STORE_CTX_set_ex_data(
        context: *mut ffi::X509_STORE_CTX,
        index: c_int,
        data: *mut c_void,
    ) -> c_int;
}

/// `X509_L_ADD_DIR` of <openssl/x509_vfy.h>.
const ADD_DIRECTORY: c_int = 2;
/// `X509_FILETYPE_PEM` of <openssl/x509.h>.
const PEM_FILES: c_long = 1;

type Callback = extern "C" fn(c_int, *mut ffi::X509_STORE_CTX) -> c_int;

/// The place for application data in a verification context.
const APPLICATION_DATA: c_int = 0;

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

/// Why a certificate is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Distrust {
    /// OpenSSL refuses a certificate.
    Refused {
        /// Which one, when it is known.
        certificate: Option<X509>,
        /// Why.
        result: X509VerifyResult,
    },
    /// Verification could not be done.
    Failed,
}

/// What the callback notes.
struct Notes {
    /// Hashes of the CAs whose CRL was not found.
    without_crl: Vec<c_ulong>,
}

/// Verifies a certificate against the CAs in a directory, at a time. `helpers` may stand between
/// it and a CA of the directory, and are not trusted themselves. CRLs count where there are some.
///
/// Returns the hashes of the CAs whose CRL OpenSSL did not find.
pub(crate) fn verify(
    certificate: &X509Ref,
    helpers: &[&X509Ref],
    certdir: &Path,
    time: i64,
) -> Result<Vec<u32>, Distrust> {
    let _errors = Errors::watch();
    let mut notes = Notes {
        without_crl: Vec::new(),
    };
    let store = store(certdir).ok_or(Distrust::Failed)?;
    let helpers = stack(helpers).ok_or(Distrust::Failed)?;
    // SAFETY: no argument; the result is NULL or ours.
    let context = unsafe { ffi::X509_STORE_CTX_new() };
    if context.is_null() {
        return Err(Distrust::Failed);
    }
    // SAFETY: valid and ours; freed by the wrapper, before what it refers to.
    let context = unsafe { X509StoreContext::from_ptr(context) };
    let raw = context.as_ptr();
    // SAFETY: a valid context; store, certificate, helpers and notes outlive it.
    let verified = unsafe {
        let ready =
            ffi::X509_STORE_CTX_init(raw, store.as_ptr(), certificate.as_ptr(), helpers.as_ptr())
                == 1
                && X509_STORE_CTX_set_ex_data(raw, APPLICATION_DATA, (&raw mut notes).cast()) == 1;
        if !ready {
            return Err(Distrust::Failed);
        }
        X509_STORE_CTX_set_time(raw, 0, time);
        X509_STORE_CTX_set_flags(
            raw,
            ffi::X509_V_FLAG_CRL_CHECK | ffi::X509_V_FLAG_CRL_CHECK_ALL,
        );
        X509_STORE_CTX_set_verify_cb(raw, pass_over_missing_crls);
        ffi::X509_verify_cert(raw) == 1
    };
    if !verified {
        return Err(Distrust::Refused {
            certificate: context.current_cert().map(ToOwned::to_owned),
            result: context.error(),
        });
    }
    drop(context);
    // A hash has 32 bits.
    Ok(notes.without_crl.iter().map(|&hash| hash as u32).collect())
}

/// Called for every certificate and every trouble. A CRL that is not there is no trouble; the
/// caller gets to know about it.
extern "C" fn pass_over_missing_crls(ok: c_int, context: *mut ffi::X509_STORE_CTX) -> c_int {
    // SAFETY: OpenSSL passes the context of the running verification. Its application data are
    // the notes that `verify` put there; nobody else refers to them meanwhile.
    unsafe {
        if ok != 0 || ffi::X509_STORE_CTX_get_error(context) != ffi::X509_V_ERR_UNABLE_TO_GET_CRL {
            return ok;
        }
        let notes = ffi::X509_STORE_CTX_get_ex_data(context, APPLICATION_DATA).cast::<Notes>();
        let current = ffi::X509_STORE_CTX_get_current_cert(context);
        if notes.is_null() || current.is_null() {
            return 0;
        }
        (*notes).without_crl.push(X509_issuer_name_hash(current));
    }
    1
}

/// A store that looks for CAs and CRLs in a directory.
fn store(certdir: &Path) -> Option<X509Store> {
    let certdir = CString::new(certdir.as_os_str().as_bytes()).ok()?;
    // SAFETY: no argument; the result is NULL or ours.
    let raw = unsafe { ffi::X509_STORE_new() };
    if raw.is_null() {
        return None;
    }
    // SAFETY: valid and ours; freed by the wrapper.
    let store = unsafe { X509Store::from_ptr(raw) };
    // SAFETY: a valid store; the lookup, NULL or not, is the store's. The path is copied.
    unsafe {
        let lookup = ffi::X509_STORE_add_lookup(raw, ffi::X509_LOOKUP_hash_dir());
        let added = !lookup.is_null()
            && X509_LOOKUP_ctrl(
                lookup,
                ADD_DIRECTORY,
                certdir.as_ptr(),
                PEM_FILES,
                ptr::null_mut(),
            ) == 1;
        added.then_some(store)
    }
}

/// A stack with a reference to each certificate.
fn stack(certificates: &[&X509Ref]) -> Option<Stack<X509>> {
    // SAFETY: no argument; the result is NULL or an empty stack of ours.
    let raw = unsafe { ffi::OPENSSL_sk_new_null() };
    if raw.is_null() {
        return None;
    }
    // SAFETY: an empty stack that we own; an empty stack has no element type yet.
    let stack = unsafe { Stack::<X509>::from_ptr(raw.cast()) };
    for certificate in certificates {
        let reference = (*certificate).to_owned();
        // SAFETY: a valid stack and a valid X509, both ours.
        if unsafe { ffi::OPENSSL_sk_push(raw, reference.as_ptr().cast()) } < 1 {
            return None;
        }
        // The stack holds the reference now, and frees it.
        std::mem::forget(reference);
    }
    Some(stack)
}
