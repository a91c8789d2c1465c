//! liblcmaps_return_account_from_pem.so.0: PEM text in, account out, in one call.

use std::ptr;

use lcmaps_companion::account::{Found, check_place};
use lcmaps_companion::library::lcmaps_run_with_pem_and_return_account;
use lcmaps_companion::session::{run_once, succeeded};
use lcmaps_sys::lcmaps_account_info_t;
use libc::{c_char, c_int};

/// Maps the end entity of a PEM chain (leaf first) to an account: starts LCMAPS, runs the policies that
/// `$LCMAPS_POLICY_NAME` lists, separated by `:` (all if it is unset or empty), and ends LCMAPS.
///
/// # Returns
/// 0 if a policy succeeded with exactly one user id and at least one primary group id; else 1.
///
/// # Safety
/// - `pem_string`: NULL (refused) or a NUL-terminated string; borrowed.
/// - `mapcounter`: a lease of its own for each number from 0; -1 for the plain one.
/// - `plcmaps_account`: NULL (refused) or a structure to overwrite on success; the caller releases its
///   lists with `lcmaps_account_info_clean()`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_return_account_from_pem(
    pem_string: *mut c_char,
    mapcounter: c_int,
    plcmaps_account: *mut lcmaps_account_info_t,
) -> c_int {
    run_once("lcmaps_return_account_from_pem", |policies| {
        check_place(plcmaps_account)?;
        let mut found = Found::default();
        // SAFETY: the caller passes NULL or a string; the places are ours.
        succeeded(unsafe {
            lcmaps_run_with_pem_and_return_account(
                ptr::null_mut(),
                pem_string,
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
        // SAFETY: filled in above; the place is not NULL, and the caller says it can be written to.
        let copied = unsafe { found.copy_to(plcmaps_account) };
        // SAFETY: this function gives the lease name away.
        unsafe { libc::free(found.pool_index.cast()) };
        copied
    })
}
