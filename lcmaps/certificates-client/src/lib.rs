//! The door to everything that needs OpenSSL, opened on the first certificate.
//!
//! `liblcmaps_certificates.so.0` lies beside the library that links this crate; a program that maps
//! by DN never loads it. It is looked for in the directory that the library itself was loaded from,
//! then as the dynamic linker finds it, once for the life of the process, and stays loaded.

mod chain;
mod object;
mod objects;
mod reasons;
mod voms;

pub use chain::Chain;
pub use objects::{
    Certificates, certificate_text, certificates_text, free_certificates, is_authority, subject,
};
pub use voms::{Verification, Voms};
