//! What only unsafe code can do: reading the host's certificates, and changing the environment.
#![allow(unsafe_code)]

use std::ffi::OsString;

use lc_x509::{Chain, Error};
use lcmaps_plugin::Run;

/// Why there is no chain to look at.
pub(crate) enum NoChain {
    /// The application did not hand over certificates.
    None,
    /// It did, but they bind no identity to the first one.
    Unlinked(Error),
}

/// The chain of the user, with references of its own to the certificates.
pub(crate) fn chain(run: &Run<'_>) -> Result<Chain, NoChain> {
    let stack = run.certificate_chain().ok_or(NoChain::None)?;
    // SAFETY: the run argument's type says that this is a STACK_OF(X509) *. The host keeps it
    // unchanged during the call.
    unsafe { Chain::from_stack(stack.as_ptr().cast()) }.map_err(NoChain::Unlinked)
}

/// Whether the host's leaf certificate, if it tells one, is the first one of the chain.
pub(crate) fn leaf_is_first(run: &Run<'_>, chain: &Chain) -> bool {
    // SAFETY: the run argument's type says that this is an X509 *, which lives through the call.
    run.leaf_certificate()
        .is_none_or(|leaf| unsafe { chain.begins_with(leaf.as_ptr().cast()) })
}

/// Takes a variable out of the environment, so that no process started later inherits it.
pub(crate) fn take_variable(name: &str) -> Option<OsString> {
    let value = lc_os::variable(name);
    // SAFETY: hosts call plugin_initialize from lcmaps_init, before they run anything in threads of
    // theirs; the original module does the same at the same moment.
    unsafe { std::env::remove_var(name) };
    value
}
