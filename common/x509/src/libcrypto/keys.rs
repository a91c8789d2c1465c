//! Private keys: whose they are, and whether their holder has them.

use std::ffi::{c_int, c_uchar, c_void};
use std::ptr;

use foreign_types::ForeignTypeRef as _;
use openssl::x509::X509Ref;
use openssl_sys as ffi;

use super::Errors;
use super::verify::written;

// Not in openssl-sys. The prototypes are those of <openssl/x509.h>, unchanged from OpenSSL 1.1.1 to 3.
unsafe extern "C" {
    fn X509_check_private_key(certificate: *const ffi::X509, key: *const ffi::EVP_PKEY) -> c_int;
    fn X509_get_X509_PUBKEY(certificate: *const ffi::X509) -> *mut c_void;
    fn i2d_X509_PUBKEY(key: *const c_void, out: *mut *mut c_uchar) -> c_int;
}

/// Longest private key that is looked at, in bytes of DER: RSA of 16 384 bits has less.
const LONGEST: usize = 16 * 1024;

/// Whether the private key in DER belongs to a certificate; `None` when it cannot be decoded.
pub(crate) fn key_matches(certificate: &X509Ref, der: &[u8]) -> Option<bool> {
    let _errors = Errors::watch();
    let length = length_of(der)?;
    let mut at: *const c_uchar = der.as_ptr();
    // SAFETY: `at` points to `length` readable bytes; the result is NULL or ours, and freed below,
    // which wipes it.
    unsafe {
        let key = ffi::d2i_AutoPrivateKey(ptr::null_mut(), &mut at, length);
        if key.is_null() {
            return None;
        }
        let matches = X509_check_private_key(certificate.as_ptr(), key) == 1 && is_whole(key);
        ffi::EVP_PKEY_free(key);
        Some(matches)
    }
}

/// Whether a key is private in more than name.
///
/// # Safety
/// `key` is a valid key.
unsafe fn is_whole(key: *mut ffi::EVP_PKEY) -> bool {
    // SAFETY: a valid key; what it hands out is NULL or ours, and freed.
    unsafe {
        match ffi::EVP_PKEY_id(key) {
            ffi::EVP_PKEY_RSA | ffi::NID_rsassaPss => {
                let rsa = ffi::EVP_PKEY_get1_RSA(key);
                let whole = !rsa.is_null() && rsa_is_whole(rsa);
                ffi::RSA_free(rsa);
                whole
            }
            ffi::EVP_PKEY_EC => {
                let ec = ffi::EVP_PKEY_get1_EC_KEY(key);
                let whole = !ec.is_null() && ec_is_whole(ec);
                ffi::EC_KEY_free(ec);
                whole
            }
            // Their public part is worked out from the private one, never read.
            ffi::EVP_PKEY_ED25519 | ffi::EVP_PKEY_ED448 => true,
            _ => false,
        }
    }
}

/// Whether the factors of an RSA key make up its modulus. Anybody can write a key whose public part
/// is somebody else's; nobody else can write its factors.
///
/// # Safety
/// `key` is a valid key.
unsafe fn rsa_is_whole(key: *const ffi::RSA) -> bool {
    let (mut modulus, mut p, mut q) = (ptr::null(), ptr::null(), ptr::null());
    // SAFETY: a valid key, which owns the numbers; the product is ours and freed, wiped.
    unsafe {
        ffi::RSA_get0_key(key, &raw mut modulus, ptr::null_mut(), ptr::null_mut());
        ffi::RSA_get0_factors(key, &raw mut p, &raw mut q);
        if modulus.is_null() || p.is_null() || q.is_null() {
            return false;
        }
        let (context, product) = (ffi::BN_CTX_new(), ffi::BN_new());
        let whole = !context.is_null()
            && !product.is_null()
            && ffi::BN_num_bits(p) > 1
            && ffi::BN_num_bits(q) > 1
            && ffi::BN_mul(product, p, q, context) == 1
            && ffi::BN_cmp(product, modulus) == 0;
        ffi::BN_clear_free(product);
        ffi::BN_CTX_free(context);
        whole
    }
}

/// Whether the private number of an EC key leads to its public point.
///
/// # Safety
/// `key` is a valid key.
unsafe fn ec_is_whole(key: *const ffi::EC_KEY) -> bool {
    // SAFETY: a valid key, which owns group, number and point; the other point is ours and freed.
    unsafe {
        let group = ffi::EC_KEY_get0_group(key);
        let (private, public) = (
            ffi::EC_KEY_get0_private_key(key),
            ffi::EC_KEY_get0_public_key(key),
        );
        if group.is_null() || private.is_null() || public.is_null() {
            return false;
        }
        let point = ffi::EC_POINT_new(group);
        let whole = !point.is_null()
            && ffi::EC_POINT_mul(
                group,
                point,
                private,
                ptr::null(),
                ptr::null(),
                ptr::null_mut(),
            ) == 1
            && ffi::EC_POINT_cmp(group, point, public, ptr::null_mut()) == 0;
        ffi::EC_POINT_free(point);
        whole
    }
}

fn length_of(der: &[u8]) -> Option<std::ffi::c_long> {
    if der.len() > LONGEST {
        return None;
    }
    der.len().try_into().ok()
}

/// The SubjectPublicKeyInfo of a certificate in DER.
pub(crate) fn public_key_info(certificate: &X509Ref) -> Option<Vec<u8>> {
    let _errors = Errors::watch();
    // SAFETY: a valid X509; the key is NULL or belongs to it.
    unsafe {
        let key = X509_get_X509_PUBKEY(certificate.as_ptr());
        if key.is_null() {
            return None;
        }
        written(|out| i2d_X509_PUBKEY(key, out))
    }
}

/// The SubjectPublicKeyInfo in DER that belongs to an RSA or EC private key in its own form (PKCS#1,
/// SEC 1), if the key is whole.
pub(crate) fn public_part(private: &[u8]) -> Option<Vec<u8>> {
    let _errors = Errors::watch();
    let length = length_of(private)?;
    // SAFETY: each `at` points to `length` readable bytes; keys are NULL or ours, and freed, which
    // wipes them. Texts are written as `written` says.
    unsafe {
        let mut at: *const c_uchar = private.as_ptr();
        let rsa = ffi::d2i_RSAPrivateKey(ptr::null_mut(), &mut at, length);
        if !rsa.is_null() {
            let public = rsa_is_whole(rsa)
                .then(|| written(|out| ffi::i2d_RSA_PUBKEY(rsa, out)))
                .flatten();
            ffi::RSA_free(rsa);
            return public;
        }
        let mut at: *const c_uchar = private.as_ptr();
        let ec = ffi::d2i_ECPrivateKey(ptr::null_mut(), &mut at, length);
        if ec.is_null() {
            return None;
        }
        let public = ec_is_whole(ec)
            .then(|| written(|out| ffi::i2d_EC_PUBKEY(ec, out)))
            .flatten();
        ffi::EC_KEY_free(ec);
        public
    }
}
