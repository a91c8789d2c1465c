//! Whether the holder of a PEM text has the private key of a certificate.
#![forbid(unsafe_code)]

use crate::certificate::Certificate;
use crate::der::{INTEGER, OCTET_STRING, Reader, SEQUENCE};
use crate::libcrypto::keys as libcrypto;
use crate::pem::{self, PrivateKey};

/// What a PEM text says about the private key of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum KeyMatch {
    /// The first private key in it is the one.
    Belongs,
    /// The first private key in it belongs to another certificate.
    Foreign,
    /// There is no private key in it.
    Absent,
    /// The first private key in it is encrypted; nobody is there to give a passphrase.
    Encrypted,
    /// The first private key in it cannot be decoded.
    Damaged,
}

impl Certificate {
    /// Looks for the private key of this certificate in a PEM text. Only the first private key counts,
    /// and only one that is whole: a key whose public part was copied from a certificate belongs to
    /// nobody. What is decoded of it is wiped.
    pub fn key_in(&self, pem: &[u8]) -> KeyMatch {
        match pem::private_key(pem) {
            PrivateKey::Absent => KeyMatch::Absent,
            PrivateKey::Encrypted => KeyMatch::Encrypted,
            PrivateKey::Damaged => KeyMatch::Damaged,
            PrivateKey::Plain(der) if self.has_public_part_of(&der) => KeyMatch::Belongs,
            PrivateKey::Plain(der) => match libcrypto::key_matches(self.x509(), &der) {
                Some(true) => KeyMatch::Belongs,
                Some(false) => KeyMatch::Foreign,
                None => KeyMatch::Damaged,
            },
        }
    }

    /// Whether the public part of a private key is the key of this certificate, byte for byte.
    ///
    /// This is what `key_matches` tells, for the kinds of keys that proxies have,
    /// without OpenSSL's decoders, which try each format they know and take ten times as long as
    /// all the rest of it. A "no" decides nothing.
    fn has_public_part_of(&self, der: &[u8]) -> bool {
        let public = libcrypto::public_part(pkcs8_contents(der).unwrap_or(der));
        public.is_some() && public == libcrypto::public_key_info(self.x509())
    }
}

/// The key inside PKCS#8 text: a version, the algorithm, the key.
fn pkcs8_contents(der: &[u8]) -> Option<&[u8]> {
    let mut inside = Reader::new(der).enter(SEQUENCE)?;
    inside.take(INTEGER)?;
    inside.take(SEQUENCE)?;
    inside.take(OCTET_STRING)
}
