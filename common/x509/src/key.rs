//! Whether the holder of a PEM text has the private key of a certificate.
#![forbid(unsafe_code)]

use crate::certificate::Certificate;
use crate::libcrypto::verify as libcrypto;
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
    /// Looks for the private key of this certificate in a PEM text. Only the first private key counts.
    /// What is decoded of it is wiped.
    pub fn key_in(&self, pem: &[u8]) -> KeyMatch {
        match pem::private_key(pem) {
            PrivateKey::Absent => KeyMatch::Absent,
            PrivateKey::Encrypted => KeyMatch::Encrypted,
            PrivateKey::Damaged => KeyMatch::Damaged,
            PrivateKey::Plain(der) => match libcrypto::key_matches(self.x509(), &der) {
                Some(true) => KeyMatch::Belongs,
                Some(false) => KeyMatch::Foreign,
                None => KeyMatch::Damaged,
            },
        }
    }
}
