//! `lcmaps_basic.h`: mapping by PEM text, verification.

use lcmaps_certificates_client::Chain;
use lcmaps_core::verdict::Verification;
use lcmaps_core::{CredentialKind, Mode, RequestedAccount, Uid};
use lcmaps_sys::lcmaps_request_t;
use libc::{c_char, c_int, gid_t, uid_t};

use crate::account_run::run_account;
use crate::certificates;
use crate::config;
use crate::context::{self, Prepared};
use crate::guard::guard;
use crate::inputs;
use crate::outputs::{AccountOut, Ownership};
use crate::run_arguments::Borrowed;

/// Maps the end entity of a PEM chain (leaf first) to an account.
///
/// # Returns
/// As `lcmaps_run_with_fqans_mapcounter_and_return_account`.
///
/// # Safety
/// - `user_dn`: ignored; the name is that of the chain's end entity.
/// - `pem_string`: NULL (refused) or a NUL-terminated string, unchanged during the call; borrowed. Modules
///   see this very string; a private key in it is neither read nor copied by the library.
/// - the rest as for `lcmaps_run_with_fqans_mapcounter_and_return_account`, but `*poolindexp` is the
///   caller's to `free()`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_run_with_pem_and_return_account(
    _user_dn: *mut c_char,
    pem_string: *mut c_char,
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
    const NAME: &str = "lcmaps_run_with_pem_and_return_account";
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
        // SAFETY: the caller passes NULL or a NUL-terminated string.
        let mut prepared = unsafe { from_pem(pem_string, request) }?;
        prepared.credential.map_counter = mapcounter;
        Ok(prepared)
    };
    // SAFETY: the caller says that the pointers can be written to.
    unsafe { run_account(NAME, out, Ownership::PoolIndexGiven, selection, prepare) }
}

/// Confirms that the end entity of a PEM chain (leaf first) has the given account. Changes nothing.
///
/// # Returns
/// 0 if a policy succeeded in verification mode, with exactly one user id, at least one primary group
/// id, and what `$LCMAPS_VERIFY_TYPE` asks for equals what was given; else 1.
///
/// # Safety
/// - `user_dn`: ignored.
/// - `pem_string`: as for `lcmaps_run_with_pem_and_return_account`.
/// - `pgid_list`, `sgid_list`: `npgid` and `nsgid` ids, or NULL with 0; borrowed.
/// - `poolindex`: NULL or a NUL-terminated string; borrowed.
/// - `request`: passed on to modules; borrowed.
/// - `policynames`: `npols` strings, or NULL with 0; borrowed.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_run_and_verify_account_from_pem(
    _user_dn: *mut c_char,
    pem_string: *mut c_char,
    uid: uid_t,
    pgid_list: *mut gid_t,
    npgid: c_int,
    sgid_list: *mut gid_t,
    nsgid: c_int,
    poolindex: *mut c_char,
    request: lcmaps_request_t,
    npols: c_int,
    policynames: *mut *mut c_char,
) -> c_int {
    const NAME: &str = "lcmaps_run_and_verify_account_from_pem";
    guard(NAME, 1, || {
        // Read before the run, compared after it: both sides need it.
        // SAFETY: the caller passes lists of that many ids and NULL or a string.
        let requested = unsafe {
            certificates::gids(pgid_list, npgid, "primary gids").and_then(|primary_gids| {
                Ok(RequestedAccount {
                    uid: Uid(uid),
                    primary_gids,
                    secondary_gids: certificates::gids(sgid_list, nsgid, "secondary gids")?,
                    pool_index: inputs::optional(poolindex),
                })
            })
        };
        let confirmed = context::default().run(
            NAME,
            Mode::Verify,
            // SAFETY: the caller passes a list of that many names.
            || unsafe { inputs::selection(policynames, npols) },
            || {
                // SAFETY: the caller passes NULL or a NUL-terminated string.
                let mut prepared = unsafe { from_pem(pem_string, request) }?;
                prepared.credential.requested_account = Some(requested.clone()?);
                Ok(prepared)
            },
            |mapping| {
                let kind = config::variable("LCMAPS_VERIFY_TYPE");
                let requested = requested.as_ref().map_err(Clone::clone)?;
                Verification::from_environment(kind.as_deref())
                    .and_then(|kind| kind.confirm(mapping, requested))
                    .map_err(|e| e.to_string())
            },
        );
        c_int::from(confirmed.is_none())
    })
}

/// # Safety
/// `pem` is NULL or a NUL-terminated string that stays unchanged for the run.
unsafe fn from_pem(pem: *mut c_char, request: lcmaps_request_t) -> Result<Prepared, String> {
    // SAFETY: the caller keeps the same promise.
    let Some(text) = (unsafe { certificates::borrowed(pem) }) else {
        return Err("PEM string empty: the caller passed none (rc = 0x16)".to_owned());
    };
    let chain = Chain::from_pem(text).map_err(|e| format!("{e} (rc = 0x16)"))?;
    let borrowed = Borrowed {
        request,
        pem,
        ..Borrowed::default()
    };
    Ok(certificates::prepared(CredentialKind::Pem, chain, borrowed))
}
