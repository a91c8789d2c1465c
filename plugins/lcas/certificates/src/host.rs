//! What only unsafe code can do: reading the host's certificates.
#![allow(unsafe_code)]

use lc_x509::Chain;
use lcas_plugin::{Credential, Failure};

/// The chain of the user, with references of its own to the certificates.
///
/// Hosts hand over all certificates, or all but the leaf: a leaf that comes twice is one.
pub(crate) fn chain(credential: &Credential<'_>) -> Result<Chain, Failure> {
    let certificates = credential.certificates().ok_or_else(|| {
        Failure::refused("there is no certificate chain: the application handed over a name only")
    })?;
    let (leaf, stack) = (certificates.leaf(), certificates.chain());
    // SAFETY: the host says that these are an X509 * and a STACK_OF(X509) *, and keeps them unchanged during the call.
    unsafe { Chain::from_leaf_and_stack(leaf.as_ptr().cast(), stack.as_ptr().cast()) }
        .map_err(Failure::refused)
}
