//! `lcmaps_openssl.h`: mapping by parsed certificates.

use lcmaps_certificates_client::Chain;
use lcmaps_core::CredentialKind;
use lcmaps_sys::lcmaps_request_t;
use libc::{c_char, c_int, c_void, gid_t, uid_t};

use crate::account_run::run_account;
use crate::certificates;
use crate::inputs;
use crate::outputs::{AccountOut, Ownership};
use crate::run_arguments::Borrowed;

/// Maps the end entity of a chain of parsed certificates (leaf first) to an account.
///
/// # Returns
/// As `lcmaps_run_with_fqans_mapcounter_and_return_account`.
///
/// # Safety
/// - `cert_chain`: NULL (refused) or a `STACK_OF(X509) *` of the OpenSSL that the process uses; remains the
///   caller's.
/// - the rest as for `lcmaps_run_with_fqans_mapcounter_and_return_account`, but both lists are the
///   caller's to `free()`, and the lease name belongs to the library.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_run_with_stack_of_x509_and_return_account(
    cert_chain: *mut c_void,
    mapcounter: c_int,
    request: lcmaps_request_t,
    npols: c_int,
    policynames: *mut *mut c_char,
    puid: *mut uid_t,
    ppgid_list: *mut *mut gid_t,
    pnpgid: *mut c_int,
    psgid_list: *mut *mut gid_t,
    pnsgid: *mut c_int,
    poolindexp: *mut *mut c_char,
) -> c_int {
    const NAME: &str = "lcmaps_run_with_stack_of_x509_and_return_account";
    let out = AccountOut {
        uid: puid,
        primary: ppgid_list,
        primary_count: pnpgid,
        secondary: psgid_list,
        secondary_count: pnsgid,
        pool_index: poolindexp,
    };
    // SAFETY: the caller passes a list of that many names.
    let selection = || unsafe { inputs::selection(policynames, npols) };
    let prepare = || {
        if cert_chain.is_null() {
            return Err("certificate chain empty: the caller passed none (rc = 0x16)".into());
        }
        // SAFETY: the caller passes a stack of certificates.
        let chain = unsafe { Chain::from_stack(cert_chain) }?;
        let borrowed = Borrowed {
            request,
            ..Borrowed::default()
        };
        let mut prepared = certificates::prepared(CredentialKind::X509, chain, borrowed);
        prepared.credential.map_counter = mapcounter;
        Ok(prepared)
    };
    // SAFETY: the caller says that the pointers can be written to.
    unsafe { run_account(NAME, out, Ownership::ListsGiven, selection, prepare) }
}
