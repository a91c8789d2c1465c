//! VOMS attributes: from a chain of certificates to what its holder is in virtual organisations.
//!
//! A user's proxy carries attribute certificates (RFC 5755, as VOMS writes them). [`attributes`]
//! decodes and verifies them. `rasn` decodes, so no byte of an attribute certificate reaches a
//! parser in C before the signature over it is known to be good; the certificates that it brings
//! are read by OpenSSL, as all certificates are.
//!
//! What is established, unless switched off: the attribute certificate was given to the end
//! entity of the chain, is valid at the time of verification, is meant for this host if it says
//! for which, was signed by the key of a server that the LSC files or certificates in the VOMS
//! directory name for its VO, and that server's certificate is good for the trusted CAs, by the
//! rules of `lc_x509`. Always: its FQANs are of the VO whose directory was consulted.
//!
//! Limits bound the work that a credential can cause; files are read for VOs and hosts whose
//! names cannot lead out of the VOMS directory.

mod asn1;
mod attributes;
mod content;
mod libcrypto;
mod lsc;
mod name;
mod number;
mod reason;
mod settings;
mod signer;
mod time;
mod verify;

pub use attributes::{Attributes, Generic, Outcome};
pub use reason::{NoSigner, Reason, Refused};
pub use settings::{Checks, Settings, When};
pub use verify::attributes;

/// Longest extension with attribute certificates that is read, in bytes.
pub const MAX_EXTENSION_BYTES: usize = 1024 * 1024;

/// Most attribute certificates of one chain.
pub const MAX_CERTIFICATES: usize = 32;

/// Most FQANs of one attribute certificate.
pub const MAX_FQANS: usize = 1024;

/// Most generic attributes of one attribute certificate.
pub const MAX_GENERIC: usize = 1024;

/// Most certificates that an attribute certificate may bring for its signer.
pub const MAX_SIGNERS: usize = 10;

/// An object identifier in its usual form.
fn dotted(arcs: &[u32]) -> String {
    let arcs: Vec<_> = arcs.iter().map(ToString::to_string).collect();
    arcs.join(".")
}
