//! Path validation, CRLs and signature algorithms: what verification needs of libcrypto.

use std::ffi::{CStr, c_char, c_int, c_long, c_uchar, c_ulong, c_void};
use std::marker::PhantomData;
use std::ptr;
use std::sync::Arc;

use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::x509::{X509, X509Crl, X509Ref};
use openssl_sys as ffi;

use super::{Errors, X509_get0_pubkey, bytes, new_stack};

// Not in openssl-sys, or not for every release. The prototypes are those of <openssl/x509.h>,
// <openssl/x509v3.h> and <openssl/x509_vfy.h>, unchanged from OpenSSL 1.1.1 to 3.
unsafe extern "C" {
    fn NAME_CONSTRAINTS_check(certificate: *mut ffi::X509, constraints: *mut c_void) -> c_int;
    fn NAME_CONSTRAINTS_free(constraints: *mut c_void);
    fn X509_STORE_CTX_set0_crls(context: *mut ffi::X509_STORE_CTX, crls: *mut c_void);
    fn X509_STORE_CTX_set0_trusted_stack(
        context: *mut ffi::X509_STORE_CTX,
        trusted: *mut ffi::stack_st_X509,
    );
    fn X509_STORE_CTX_set_depth(context: *mut ffi::X509_STORE_CTX, depth: c_int);
    fn X509_STORE_CTX_set_ex_data(
        context: *mut ffi::X509_STORE_CTX,
        index: c_int,
        data: *mut c_void,
    ) -> c_int;
    fn X509_STORE_CTX_set_flags(context: *mut ffi::X509_STORE_CTX, flags: c_ulong);
    fn X509_STORE_CTX_set_purpose(context: *mut ffi::X509_STORE_CTX, purpose: c_int) -> c_int;
    fn X509_STORE_CTX_set_time(
        context: *mut ffi::X509_STORE_CTX,
        flags: c_ulong,
        time: libc::time_t,
    );
    fn X509_STORE_CTX_set_verify_cb(context: *mut ffi::X509_STORE_CTX, callback: Callback);
    fn X509_check_issued(issuer: *mut ffi::X509, subject: *mut ffi::X509) -> c_int;
    fn X509_get_signature_info(
        certificate: *mut ffi::X509,
        digest: *mut c_int,
        key: *mut c_int,
        security_bits: *mut c_int,
        flags: *mut u32,
    ) -> c_int;
    fn X509_supported_extension(extension: *mut ffi::X509_EXTENSION) -> c_int;
}

type Callback = unsafe extern "C" fn(c_int, *mut ffi::X509_STORE_CTX) -> c_int;

/// Where OpenSSL keeps the pointer that belongs to the caller of a verification.
const APPLICATION_DATA: c_int = 0;
/// NID of the name constraints extension.
const NAME_CONSTRAINTS: c_int = 666;
/// The bit for digitalSignature in what `X509_get_key_usage` returns.
const DIGITAL_SIGNATURE: u32 = 0x80;

/// Results of path validation that mean something here.
pub(crate) mod code {
    use std::ffi::c_int;

    pub(crate) const NO_ISSUER: c_int = 2;
    pub(crate) const NO_CRL: c_int = 3;
    pub(crate) const NOT_YET_VALID: c_int = 9;
    pub(crate) const EXPIRED: c_int = 10;
    pub(crate) const CRL_NOT_YET_VALID: c_int = 11;
    pub(crate) const CRL_EXPIRED: c_int = 12;
    pub(crate) const SELF_SIGNED_LEAF: c_int = 18;
    pub(crate) const SELF_SIGNED_IN_CHAIN: c_int = 19;
    pub(crate) const NO_LOCAL_ISSUER: c_int = 20;
    pub(crate) const CANNOT_VERIFY_LEAF: c_int = 21;
    pub(crate) const REVOKED: c_int = 23;
    pub(crate) const INVALID_PURPOSE: c_int = 26;
    pub(crate) const KEY_USAGE_NO_CERTIFICATE_SIGN: c_int = 32;
}

/// Why path validation failed.
pub(crate) struct Problem {
    /// OpenSSL's number.
    pub(crate) code: c_int,
    /// OpenSSL's words.
    pub(crate) words: String,
    /// The certificate at fault, if one is.
    pub(crate) certificate: Option<X509>,
}

/// A validated path.
#[derive(Clone)]
pub(crate) struct Path {
    /// From the certificate asked about to the root.
    pub(crate) certificates: Vec<X509>,
    /// Positions in it of certificates for which no CRL was found.
    pub(crate) without_crl: Vec<usize>,
}

/// The CRLs of one file.
pub(crate) type Crls = Arc<Vec<X509Crl>>;

/// What path validation works with.
pub(crate) struct Material<'a> {
    /// Trusted roots, and other CAs of the trust folder.
    pub(crate) trusted: &'a [X509],
    /// CAs of the input.
    pub(crate) untrusted: &'a [X509],
    /// CRL files of the trust folder.
    pub(crate) crls: &'a [Crls],
    /// Seconds since 1970.
    pub(crate) time: i64,
}

struct Context(*mut ffi::X509_STORE_CTX);

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: NULL or ours, freed once.
        unsafe { ffi::X509_STORE_CTX_free(self.0) };
    }
}

struct Store(*mut ffi::X509_STORE);

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: NULL or ours, freed once.
        unsafe { ffi::X509_STORE_free(self.0) };
    }
}

/// Validates the path from a certificate that is no proxy to a trusted root: signatures, dates,
/// CRLs of every certificate, CA marks and path lengths, name constraints. `None` without memory.
pub(crate) fn validate(leaf: &X509Ref, material: &Material<'_>) -> Option<Result<Path, Problem>> {
    let _errors = Errors::watch();
    let references = |list: &[X509]| new_stack(list.iter().map(AsRef::as_ref));
    let trusted = references(material.trusted)?;
    let untrusted = references(material.untrusted)?;
    let crls = CrlStack::new(material.crls)?;
    let mut without_crl = Vec::new();
    // SAFETY: the results are NULL or ours. The store is empty and has no lookup: nothing is read
    // from the file system.
    let (store, context) = unsafe {
        (
            Store(ffi::X509_STORE_new()),
            Context(ffi::X509_STORE_CTX_new()),
        )
    };
    if store.0.is_null() || context.0.is_null() {
        return None;
    }
    let certificates = material.trusted.len() + material.untrusted.len() + 1;
    // SAFETY: all objects are valid and live longer than `context`, which borrows them; the stacks
    // are not changed. `without_crl` is only used through the pointer until the call is over.
    let answer = unsafe {
        if ffi::X509_STORE_CTX_init(context.0, store.0, leaf.as_ptr(), untrusted.as_ptr()) != 1 {
            return None;
        }
        X509_STORE_CTX_set0_trusted_stack(context.0, trusted.as_ptr());
        X509_STORE_CTX_set0_crls(context.0, crls.raw.cast());
        X509_STORE_CTX_set_flags(
            context.0,
            ffi::X509_V_FLAG_CRL_CHECK | ffi::X509_V_FLAG_CRL_CHECK_ALL,
        );
        X509_STORE_CTX_set_time(context.0, 0, material.time);
        X509_STORE_CTX_set_depth(
            context.0,
            c_int::try_from(certificates + 9).unwrap_or(c_int::MAX),
        );
        let missing: *mut Vec<usize> = &raw mut without_crl;
        if X509_STORE_CTX_set_purpose(context.0, ffi::X509_PURPOSE_SSL_CLIENT) != 1
            || X509_STORE_CTX_set_ex_data(context.0, APPLICATION_DATA, missing.cast()) != 1
        {
            return None;
        }
        X509_STORE_CTX_set_verify_cb(context.0, tolerate);
        ffi::X509_verify_cert(context.0)
    };
    if answer == 1 {
        // SAFETY: a context that verified; the chain belongs to it.
        let chain = unsafe { ffi::X509_STORE_CTX_get0_chain(context.0) };
        if chain.is_null() {
            return None;
        }
        // SAFETY: not NULL, a valid stack that nobody changes.
        let certificates = unsafe { super::stack_entries(chain) }.ok()?;
        return Some(Ok(Path {
            certificates,
            without_crl,
        }));
    }
    // SAFETY: a context after a verification; the certificate is NULL or belongs to it.
    let (code, certificate) = unsafe {
        let at = ffi::X509_STORE_CTX_get_current_cert(context.0);
        let certificate = (!at.is_null()).then(|| X509Ref::from_ptr(at).to_owned());
        (ffi::X509_STORE_CTX_get_error(context.0), certificate)
    };
    // SAFETY: takes any number; the result is a static string.
    let words = unsafe { CStr::from_ptr(ffi::X509_verify_cert_error_string(c_long::from(code))) };
    Some(Err(Problem {
        code,
        words: words.to_string_lossy().into_owned(),
        certificate,
    }))
}

/// Passes over what is decided elsewhere: a missing CRL, which is noted, and the purpose, since hosts
/// and services act as clients as well.
unsafe extern "C" fn tolerate(verdict: c_int, context: *mut ffi::X509_STORE_CTX) -> c_int {
    if verdict == 1 {
        return 1;
    }
    // SAFETY: the context that `validate` made; its data is the list there, which nobody else uses.
    unsafe {
        match ffi::X509_STORE_CTX_get_error(context) {
            code::NO_CRL => {
                let missing = ffi::X509_STORE_CTX_get_ex_data(context, APPLICATION_DATA);
                let depth = ffi::X509_STORE_CTX_get_error_depth(context);
                match (
                    missing.cast::<Vec<usize>>().as_mut(),
                    usize::try_from(depth),
                ) {
                    (Some(missing), Ok(depth)) => {
                        missing.push(depth);
                        1
                    }
                    _ => 0,
                }
            }
            code::INVALID_PURPOSE => 1,
            _ => 0,
        }
    }
}

/// A stack that borrows its CRLs.
struct CrlStack<'a> {
    raw: *mut ffi::OPENSSL_STACK,
    crls: PhantomData<&'a X509Crl>,
}

impl<'a> CrlStack<'a> {
    fn new(files: &'a [Crls]) -> Option<Self> {
        let stack = Self {
            // SAFETY: no argument; the result is NULL or an empty stack of ours.
            raw: unsafe { ffi::OPENSSL_sk_new_null() },
            crls: PhantomData,
        };
        if stack.raw.is_null() {
            return None;
        }
        for crl in files.iter().flat_map(|file| file.iter()) {
            // SAFETY: a valid stack and a valid CRL that lives longer.
            if unsafe { ffi::OPENSSL_sk_push(stack.raw, crl.as_ptr().cast()) } < 1 {
                return None;
            }
        }
        Some(stack)
    }
}

impl Drop for CrlStack<'_> {
    fn drop(&mut self) {
        // SAFETY: NULL or ours, freed once; its elements are not.
        unsafe { ffi::OPENSSL_sk_free(self.raw) };
    }
}

/// Decodes one DER CRL that fills the whole slice.
pub(crate) fn decode_crl(der: &[u8]) -> Result<X509Crl, String> {
    let errors = Errors::watch();
    let Ok(length) = der.len().try_into() else {
        return Err("it is too long".to_owned());
    };
    let mut at: *const c_uchar = der.as_ptr();
    // SAFETY: `at` points to `length` readable bytes; the result is NULL or ours to free.
    let raw = unsafe { ffi::d2i_X509_CRL(ptr::null_mut(), &mut at, length) };
    if raw.is_null() {
        return Err(errors.reason());
    }
    // SAFETY: a valid CRL that we own; freed by the wrapper.
    let crl = unsafe { X509Crl::from_ptr(raw) };
    if at != der.as_ptr_range().end {
        return Err("there are bytes after its end".to_owned());
    }
    Ok(crl)
}

/// The number under which a trust folder keeps what belongs to this certificate's issuer.
pub(crate) fn issuer_hash(certificate: &X509Ref) -> u32 {
    let _errors = Errors::watch();
    // SAFETY: a valid X509.
    let hash = unsafe { ffi::X509_issuer_name_hash(certificate.as_ptr()) };
    // OpenSSL's number has 32 bits in a `c_ulong`.
    u32::try_from(hash & 0xffff_ffff).unwrap_or(0)
}

/// How a certificate is signed: the numbers of digest and key algorithm, if OpenSSL knows both.
pub(crate) fn signature_algorithm(certificate: &X509Ref) -> Option<(c_int, c_int)> {
    let _errors = Errors::watch();
    let (mut digest, mut key, mut bits, mut flags) = (0, 0, 0, 0);
    // SAFETY: a valid X509 and places for the results.
    let known = unsafe {
        X509_get_signature_info(
            certificate.as_ptr(),
            &raw mut digest,
            &raw mut key,
            &raw mut bits,
            &raw mut flags,
        )
    };
    // 0 is also the answer for algorithms that are known and of no stated strength.
    (known == 1 || key != 0).then_some((digest, key))
}

/// OpenSSL's name for an algorithm of a certificate's signature.
pub(crate) fn signature_name(certificate: &X509Ref) -> String {
    // SAFETY: a valid X509; the name is NULL or a static string.
    unsafe {
        let name = ffi::OBJ_nid2sn(ffi::X509_get_signature_nid(certificate.as_ptr()));
        if name.is_null() {
            return "unknown".to_owned();
        }
        CStr::from_ptr(name).to_string_lossy().into_owned()
    }
}

/// Bits of an RSA key; `None` for keys of other kinds, and for those that cannot be read.
pub(crate) fn rsa_bits(certificate: &X509Ref) -> Option<u32> {
    let _errors = Errors::watch();
    // SAFETY: a valid X509; the key is NULL or lives as long as it.
    unsafe {
        let key = X509_get0_pubkey(certificate.as_ptr());
        if key.is_null() || ffi::EVP_PKEY_id(key) != ffi::EVP_PKEY_RSA {
            return None;
        }
        u32::try_from(ffi::EVP_PKEY_bits(key)).ok()
    }
}

/// Whether the key usage lets a certificate sign what is no certificate of a CA; proxies are that.
pub(crate) fn may_sign(certificate: &X509Ref) -> bool {
    let _errors = Errors::watch();
    // SAFETY: a valid X509. Without the extension all bits are set.
    unsafe { ffi::X509_get_key_usage(certificate.as_ptr()) & DIGITAL_SIGNATURE != 0 }
}

/// Whether names, key identifiers and key usage say that `issuer` issued `certificate`: 0, or OpenSSL's
/// number for what says otherwise.
pub(crate) fn check_issued(issuer: &X509Ref, certificate: &X509Ref) -> (c_int, String) {
    let _errors = Errors::watch();
    // SAFETY: two valid certificates; the text is a static string.
    unsafe {
        let code = X509_check_issued(issuer.as_ptr(), certificate.as_ptr());
        let words = CStr::from_ptr(ffi::X509_verify_cert_error_string(c_long::from(code)));
        (code, words.to_string_lossy().into_owned())
    }
}

/// The object identifier of a critical extension that OpenSSL does not handle, but for those of
/// `handled`, which are contents octets.
pub(crate) fn unhandled_critical(certificate: &X509Ref, handled: &[&[u8]]) -> Option<String> {
    let _errors = Errors::watch();
    // SAFETY: a valid X509.
    let count = unsafe { ffi::X509_get_ext_count(certificate.as_ptr()) };
    for at in 0..count {
        // SAFETY: an index below the count; all results belong to the X509.
        unsafe {
            let extension = ffi::X509_get_ext(certificate.as_ptr(), at);
            if extension.is_null()
                || ffi::X509_EXTENSION_get_critical(extension) <= 0
                || X509_supported_extension(extension) != 0
            {
                continue;
            }
            let object = ffi::X509_EXTENSION_get_object(extension);
            if object.is_null() {
                return Some("unknown".to_owned());
            }
            let oid = bytes(ffi::OBJ_get0_data(object), ffi::OBJ_length(object));
            if handled.contains(&oid) {
                continue;
            }
            let mut text = [0_u8; 128];
            ffi::OBJ_obj2txt(text.as_mut_ptr().cast::<c_char>(), 128, object, 1);
            let text = CStr::from_bytes_until_nul(&text).unwrap_or_default();
            return Some(text.to_string_lossy().into_owned());
        }
    }
    None
}

/// Whether the name constraints of a CA, if it has any, allow the names of a certificate.
pub(crate) fn names_allowed(authority: &X509Ref, certificate: &X509Ref) -> bool {
    let _errors = Errors::watch();
    let mut critical = -1;
    // SAFETY: a valid X509; the result is NULL or ours. -1 means that there is no such extension.
    unsafe {
        let constraints = ffi::X509_get_ext_d2i(
            authority.as_ptr(),
            NAME_CONSTRAINTS,
            &raw mut critical,
            ptr::null_mut(),
        );
        if constraints.is_null() {
            return critical == -1;
        }
        let allowed = NAME_CONSTRAINTS_check(certificate.as_ptr(), constraints) == 0;
        NAME_CONSTRAINTS_free(constraints);
        allowed
    }
}

/// A certificate in DER. The call is that of libcrypto: the crate's own needs libssl too.
pub(crate) fn der(certificate: &X509Ref) -> Option<Vec<u8>> {
    let _errors = Errors::watch();
    // SAFETY: a valid X509.
    unsafe { written(|out| ffi::i2d_X509(certificate.as_ptr(), out)) }
}

/// What an `i2d` function writes.
///
/// # Safety
/// `encode` returns the length of its text, and writes it to where the pointer points unless that is
/// NULL.
pub(crate) unsafe fn written(encode: impl Fn(*mut *mut c_uchar) -> c_int) -> Option<Vec<u8>> {
    let length = usize::try_from(encode(ptr::null_mut())).ok()?;
    let mut der = vec![0; length];
    let mut at = der.as_mut_ptr();
    (encode(&raw mut at) > 0).then_some(der)
}
