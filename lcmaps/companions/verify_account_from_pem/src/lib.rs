//! liblcmaps_verify_account_from_pem.so.0: whether PEM text maps to an account, in one call.

use std::arch::naked_asm;
use std::ptr;

use lcmaps_companion::library::lcmaps_run_and_verify_account_from_pem;
use lcmaps_companion::session::{run_once, succeeded};
use lcmaps_sys::lcmaps_account_info_t;
use libc::{c_char, c_int};

/// Confirms that the end entity of a PEM chain (leaf first) has the given account: starts LCMAPS, runs the
/// policies that `$LCMAPS_POLICY_NAME` lists, separated by `:` (all if it is unset or empty), in verification
/// mode, and ends LCMAPS.
///
/// # Returns
/// 0 if a policy succeeded with exactly one user id, at least one primary group id, and what
/// `$LCMAPS_VERIFY_TYPE` asks for equals what was given; else 1.
///
/// # Safety
/// - `pem_string`: NULL (refused) or a NUL-terminated string; borrowed.
/// - `lcmaps_account`: the account; its lists have as many ids as it says, or are NULL with 0; borrowed.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_verify_account_from_pem(
    pem_string: *mut c_char,
    lcmaps_account: lcmaps_account_info_t,
) -> c_int {
    run_once("lcmaps_verify_account_from_pem", |policies| {
        // SAFETY: the caller passes NULL or strings, and lists of that many ids.
        succeeded(unsafe {
            lcmaps_run_and_verify_account_from_pem(
                ptr::null_mut(),
                pem_string,
                lcmaps_account.uid,
                lcmaps_account.pgid_list,
                lcmaps_account.npgid,
                lcmaps_account.sgid_list,
                lcmaps_account.nsgid,
                lcmaps_account.poolindex,
                ptr::null_mut(),
                policies.count(),
                policies.names(),
            )
        })
    })
}

unsafe extern "C" {
    // variadic.c
    fn lcmaps_shim_verify_account_from_pem_va(narg: c_int, ...) -> c_int;
}

/// `int lcmaps_verify_account_from_pem_va(int narg, ...)`: the same with `narg` arguments, which has to be 2.
///
/// A naked jump into variadic.c: rustc hides functions that are defined in C, and cannot define variadic ones.
///
/// # Returns
/// As `lcmaps_verify_account_from_pem`; 1 for any other number of arguments.
///
/// # Safety
/// - the arguments behind `narg` are those of `lcmaps_verify_account_from_pem`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
#[unsafe(naked)]
pub unsafe extern "C" fn lcmaps_verify_account_from_pem_va() {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("jmp {}", sym lcmaps_shim_verify_account_from_pem_va);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("b {}", sym lcmaps_shim_verify_account_from_pem_va);
}
