//! liblcmaps_return_poolindex_without_gsi.so.0: name and FQANs in, account out, in one call.

use std::ptr;

use lcmaps_companion::account::{Found, check_place};
use lcmaps_companion::library::lcmaps_run_with_fqans_mapcounter_and_return_account;
use lcmaps_companion::session::{run_once, succeeded};
use lcmaps_sys::lcmaps_account_info_t;
use libc::{c_char, c_int};

/// Maps a name with FQANs to a pool account: starts LCMAPS, runs the policies that `$LCMAPS_POLICY_NAME` lists,
/// separated by `:` (all if it is unset or empty), and ends LCMAPS.
///
/// # Returns
/// 0 if a policy succeeded with exactly one user id, at least one primary group id and a lease; else 1.
///
/// # Safety
/// - `user_dn`: NULL (refused) or a NUL-terminated string; borrowed.
/// - `fqan_list`: `nfqan` strings, or NULL for none; borrowed.
/// - `plcmaps_account`: NULL (refused) or a structure to overwrite on success; the caller releases its
///   lists with `lcmaps_account_info_clean()`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_return_poolindex_without_gsi(
    user_dn: *mut c_char,
    fqan_list: *mut *mut c_char,
    nfqan: c_int,
    plcmaps_account: *mut lcmaps_account_info_t,
) -> c_int {
    let function = "lcmaps_return_poolindex_without_gsi";
    // SAFETY: the caller keeps the same promises.
    unsafe {
        map(
            function,
            user_dn,
            fqan_list,
            nfqan,
            -1,
            plcmaps_account,
            Lease::Needed,
        )
    }
}

/// `lcmaps_return_poolindex_without_gsi` with a lease of its own for each map counter from 0.
///
/// # Returns
/// As there.
///
/// # Safety
/// As there.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_return_poolindex_with_mapcounter(
    user_dn: *mut c_char,
    fqan_list: *mut *mut c_char,
    nfqan: c_int,
    mapcounter: c_int,
    plcmaps_account: *mut lcmaps_account_info_t,
) -> c_int {
    let function = "lcmaps_return_poolindex_with_mapcounter";
    // SAFETY: the caller keeps the same promises.
    unsafe {
        map(
            function,
            user_dn,
            fqan_list,
            nfqan,
            mapcounter,
            plcmaps_account,
            Lease::Needed,
        )
    }
}

/// `lcmaps_return_poolindex_with_mapcounter` for accounts of every kind: a lease is not needed.
///
/// # Returns
/// 0 if a policy succeeded with exactly one user id and at least one primary group id; else 1.
///
/// # Safety
/// As there.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_return_account_without_gsi(
    user_dn: *mut c_char,
    fqan_list: *mut *mut c_char,
    nfqan: c_int,
    mapcounter: c_int,
    plcmaps_account: *mut lcmaps_account_info_t,
) -> c_int {
    let function = "lcmaps_return_account_without_gsi";
    // SAFETY: the caller keeps the same promises.
    unsafe {
        map(
            function,
            user_dn,
            fqan_list,
            nfqan,
            mapcounter,
            plcmaps_account,
            Lease::Optional,
        )
    }
}

/// Whether an account without a lease will do.
#[derive(Debug, PartialEq, Eq)]
enum Lease {
    Needed,
    Optional,
}

/// # Safety
/// As for the exported functions.
unsafe fn map(
    function: &'static str,
    dn: *mut c_char,
    fqans: *mut *mut c_char,
    nfqan: c_int,
    mapcounter: c_int,
    account: *mut lcmaps_account_info_t,
    lease: Lease,
) -> c_int {
    run_once(function, |policies| {
        check_place(account)?;
        let mut found = Found::default();
        // SAFETY: the caller passes NULL or strings; the places are ours.
        succeeded(unsafe {
            lcmaps_run_with_fqans_mapcounter_and_return_account(
                dn,
                fqans,
                nfqan,
                mapcounter,
                ptr::null_mut(),
                policies.count(),
                policies.names(),
                &mut found.uid,
                &mut found.primary,
                &mut found.primary_count,
                &mut found.secondary,
                &mut found.secondary_count,
                &mut found.pool_index,
            )
        })?;
        if lease == Lease::Needed && found.pool_index.is_null() {
            return Err("LCMAPS failed to find a poolindex, error.".to_owned());
        }
        // SAFETY: filled in above; the place is not NULL, and the caller says it can be written to.
        unsafe { found.copy_to(account) }
    })
}
