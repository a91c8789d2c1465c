//! What a long-lived process need not work out twice.
//!
//! Everything here is a function of bytes: a certificate of its DER text, a good signature of the
//! certificate and its issuer's. Keys are SHA-256 hashes of those bytes, so that neither a name nor
//! an address stands for a certificate. The number of entries is bounded; what was used last stays.
#![forbid(unsafe_code)]

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use lru::LruCache;
use openssl::sha::Sha256;
use openssl::x509::{X509, X509Ref};

use crate::libcrypto::{self, Signature};

/// Longest certificate that is kept; bounds the memory, not what is accepted.
const LONGEST_KEPT: usize = 16 * 1024;
/// Certificates that are kept: a few for each of some dozens of users.
const CERTIFICATES: NonZeroUsize = NonZeroUsize::new(256).unwrap();
/// Good signatures that are remembered.
const SIGNATURES: NonZeroUsize = NonZeroUsize::new(1024).unwrap();

/// SHA-256 of what an entry is about.
pub(crate) type Key = [u8; 32];

/// The latest answers to one kind of question.
pub(crate) struct Memo<K: Hash + Eq, V>(Mutex<LruCache<K, V>>);

impl<K: Hash + Eq, V: Clone> Memo<K, V> {
    /// A memo of at most `capacity` answers.
    pub(crate) fn new(capacity: NonZeroUsize) -> Self {
        Self(Mutex::new(LruCache::new(capacity)))
    }

    /// The answer, if it is still known.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        self.lock().get(key).cloned()
    }

    /// Remembers an answer.
    pub(crate) fn put(&self, key: K, answer: V) {
        self.lock().put(key, answer);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LruCache<K, V>> {
        // No code of others runs under the lock, and an entry is a cache of what can be worked out.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Decodes one DER certificate that fills the whole slice, or takes the one decoded before.
///
/// Objects are shared by their users, as those of OpenSSL's own stores are: nobody may change them.
///
/// # Errors
/// As [`libcrypto::decode`].
pub(crate) fn certificate(der: &[u8]) -> Result<X509, String> {
    static KNOWN: LazyLock<Memo<Key, X509>> = LazyLock::new(|| Memo::new(CERTIFICATES));
    if der.len() > LONGEST_KEPT {
        return libcrypto::decode(der);
    }
    let key = openssl::sha::sha256(der);
    if let Some(known) = KNOWN.get(&key) {
        return Ok(known);
    }
    let certificate = libcrypto::decode(der)?;
    KNOWN.put(key, certificate.clone());
    Ok(certificate)
}

/// Signatures that were found good.
static GOOD: LazyLock<Memo<Key, ()>> = LazyLock::new(|| Memo::new(SIGNATURES));

/// Who else may know a good signature.
static ELSEWHERE: OnceLock<fn(&X509Ref, &X509Ref) -> bool> = OnceLock::new();

/// Has `known` asked whether the key of an issuer (its second argument) made the signature on a
/// certificate, before that is checked. Its yes is believed: it must come from the same process.
pub fn ask_about_signatures(known: fn(&X509Ref, &X509Ref) -> bool) {
    // The first one stays; a process has one host.
    let _ = ELSEWHERE.set(known);
}

/// Whether the key of `issuer` is remembered to have made the signature on `certificate`.
#[must_use]
pub fn signature_known(certificate: &X509Ref, issuer: &X509Ref) -> bool {
    key([certificate, issuer]).is_some_and(|key| GOOD.get(&key).is_some())
}

/// Whether the key of `issuer` made the signature on `certificate`. A good one is checked once.
pub(crate) fn signature(certificate: &X509Ref, issuer: &X509Ref) -> Signature {
    let Some(key) = key([certificate, issuer]) else {
        return libcrypto::check_signature(certificate, issuer);
    };
    if GOOD.get(&key).is_some() {
        return Signature::Good;
    }
    let answer = match ELSEWHERE.get() {
        Some(known) if known(certificate, issuer) => Signature::Good,
        _ => libcrypto::check_signature(certificate, issuer),
    };
    if let Signature::Good = answer {
        GOOD.put(key, ());
    }
    answer
}

/// The hash of some certificates in order; `None` when one cannot be encoded. A certificate says
/// how long it is, so two lists with one concatenation are one list.
pub(crate) fn key<'a>(certificates: impl IntoIterator<Item = &'a X509Ref>) -> Option<Key> {
    let mut hash = Sha256::new();
    for certificate in certificates {
        hash.update(&libcrypto::verify::der(certificate)?);
    }
    Some(hash.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_answers_are_kept() {
        let memo = Memo::new(NonZeroUsize::new(2).expect("two"));
        for number in 0..4 {
            memo.put(number, number * 10);
        }
        assert_eq!(memo.get(&1), None);
        assert_eq!(memo.get(&2), Some(20));
        memo.put(4, 40);
        assert_eq!(memo.get(&3), None, "2 was used after it");
        assert_eq!((memo.get(&2), memo.get(&4)), (Some(20), Some(40)));
    }
}
