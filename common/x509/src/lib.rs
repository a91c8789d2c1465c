//! Certificate chains and proxies: from what a user presents to whom it speaks for.
//!
//! A [`Chain`] is made from PEM text, from an OpenSSL stack or from loose certificates. The
//! first certificate is the leaf. From there every step goes to the certificate whose subject
//! is the issuer's name **and** whose key made the signature, never to a neighbour in the
//! input. The first certificate on that way that is no proxy is the end-entity certificate, and
//! its subject is the user's DN. Certificates that are not on the way cannot change the result.
//!
//! What a chain establishes: the holder of the end-entity certificate's key made the leaf
//! (through the proxies between them). What it does not: dates, revocation, path lengths, or
//! whether anybody trusts the authority. That is what a [`Verifier`] adds, with a folder of
//! trusted CAs. Whether the sender has the leaf's private key, [`Certificate::key_in`] tells;
//! for how long proxies are valid, [`LifetimeLimits`].
//!
//! All unsafe code is in `libcrypto`. Errors that our calls leave in OpenSSL's queue are removed
//! again, older ones of the host stay; nothing global of OpenSSL is set.

mod certificate;
mod chain;
mod dates;
mod delegation;
mod der;
mod duration;
mod error;
mod key;
mod libcrypto;
mod lifetime;
mod links;
mod memo;
mod name;
mod paths;
mod pem;
mod proxy;
mod trust;
mod verdict;
mod verify;

pub use certificate::{Certificate, Irregularity, Kind};
pub use chain::Chain;
pub use dates::{ShownDuration, ShownTime, Validity, generalized_time};
pub use duration::{LIFETIME_FORM, lifetime};
pub use error::{Error, LeftOut, LeftOutReason, PemProblem};
pub use key::KeyMatch;
pub use libcrypto::new_stack;
pub use lifetime::{LifetimeError, LifetimeLimits};
pub use memo::{ask_about_signatures, signature_known};
pub use name::NameProblem;
pub use proxy::{Flavour, Language, Proxy};
pub use verdict::{Verified, VerifyError, Warning};
pub use verify::{MissingCrl, NamespaceRules, Settings, Verifier};

/// Most certificates that one input may hold.
///
/// Real chains have fewer than ten; the limit bounds the work that an input can cause.
pub const MAX_CERTIFICATES: usize = 100;

/// Longest PEM text that is read, in bytes.
pub const MAX_PEM_BYTES: usize = 1024 * 1024;

/// Most signatures that are checked for one chain.
///
/// A linked chain needs one check for each certificate. Only an input with many certificates of
/// the same subject needs more, and such an input is made to cost time.
pub const MAX_SIGNATURE_CHECKS: usize = 128;
