//! liblcmaps_return_poolindex.so.0: GSS context or credential in, lease name out, in one call.

mod peer;

use std::ffi::{CStr, CString};
use std::ptr;

use lcmaps_companion::account::Found;
use lcmaps_companion::library::{
    lcmaps_run_and_return_poolindex, lcmaps_run_with_pem_and_return_account,
};
use lcmaps_companion::policies::Policies;
use lcmaps_companion::session::{run_once, succeeded};
use libc::{c_char, c_int, c_uint, c_void};

/// Maps the peer of a GSS context to a pool account and gives its lease name: starts LCMAPS, runs the policies that
/// `$LCMAPS_POLICY_NAME` lists, separated by `:` (all if it is unset or empty), and ends LCMAPS.
///
/// # Returns
/// 0 if a policy succeeded with exactly one user id, at least one primary group id, and a lease whose name
/// fits; else 1.
///
/// # Safety
/// - `context_handle`: NULL (refused) or an established `gss_ctx_id_t` of Globus; borrowed.
/// - `poolindex_buffer`: NULL (refused) or room for `buffer_length` bytes, the closing NUL included; written
///   on success only.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_return_poolindex(
    context_handle: *mut c_void,
    poolindex_buffer: *mut c_char,
    buffer_length: c_uint,
) -> c_int {
    // SAFETY: the caller passes NULL or a context.
    let lease = |policies: &Policies| unsafe { of_context(context_handle, policies) };
    // SAFETY: the caller says how large the buffer is.
    unsafe {
        answer(
            "lcmaps_return_poolindex",
            poolindex_buffer,
            buffer_length,
            lease,
        )
    }
}

/// `lcmaps_return_poolindex` for a GSS credential.
///
/// # Returns
/// 0 if a policy succeeded and a lease was registered whose name fits; else 1.
///
/// # Safety
/// - `credential_handle`: NULL (refused) or a `gss_cred_id_t` of Globus; borrowed.
/// - `poolindex_buffer`: as for `lcmaps_return_poolindex`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_return_poolindex_from_gss_cred(
    credential_handle: *mut c_void,
    poolindex_buffer: *mut c_char,
    buffer_length: c_uint,
) -> c_int {
    // SAFETY: the caller passes NULL or a credential.
    let lease = |policies: &Policies| unsafe { of_credential(credential_handle, policies) };
    let function = "lcmaps_return_poolindex_from_gss_cred";
    // SAFETY: the caller says how large the buffer is.
    unsafe { answer(function, poolindex_buffer, buffer_length, lease) }
}

/// # Safety
/// `buffer` is NULL or has room for `length` bytes.
unsafe fn answer(
    function: &'static str,
    buffer: *mut c_char,
    length: c_uint,
    lease: impl FnOnce(&Policies) -> Result<CString, String>,
) -> c_int {
    run_once(function, |policies| {
        if buffer.is_null() {
            return Err("the caller left no place for the pool index (NULL pointer)".to_owned());
        }
        let lease = lease(policies)?;
        let bytes = lease.as_bytes_with_nul();
        if usize::try_from(length).is_ok_and(|length| length < bytes.len()) {
            return Err(format!(
                "the caller's buffer of {length} bytes is too small for the pool index, which needs {}",
                bytes.len()
            ));
        }
        // SAFETY: not NULL and large enough, and a fresh string does not overlap it.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr().cast(), buffer, bytes.len()) };
        Ok(())
    })
}

/// # Safety
/// `credential` is NULL or a `gss_cred_id_t` of Globus.
unsafe fn of_credential(credential: *mut c_void, policies: &Policies) -> Result<CString, String> {
    let mut lease = ptr::null_mut();
    // SAFETY: the caller vouches for the credential; the place is ours.
    succeeded(unsafe {
        lcmaps_run_and_return_poolindex(
            ptr::null_mut(),
            credential,
            ptr::null_mut(),
            &mut lease,
            policies.count(),
            policies.names(),
        )
    })?;
    // SAFETY: this function gives the lease name away.
    unsafe { take(lease) }
}

/// # Safety
/// `context` is NULL or a `gss_ctx_id_t` of Globus.
unsafe fn of_context(context: *mut c_void, policies: &Policies) -> Result<CString, String> {
    // SAFETY: the caller keeps the same promise.
    let pem = unsafe { peer::certificates(context) }.map_err(|problem| problem.to_string())?;
    let mut found = Found::default();
    // SAFETY: a string, and places of ours.
    succeeded(unsafe {
        lcmaps_run_with_pem_and_return_account(
            ptr::null_mut(),
            pem.as_ptr().cast_mut(),
            -1,
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
    // SAFETY: this function gives the lease name away.
    unsafe { take(found.pool_index) }
}

/// Takes a lease name over.
///
/// # Safety
/// `lease` is NULL or a `malloc`ed string that is the caller's.
unsafe fn take(lease: *mut c_char) -> Result<CString, String> {
    if lease.is_null() {
        return Err("LCMAPS failed to find a poolindex, error.".to_owned());
    }
    // SAFETY: not NULL, hence a string.
    let copy = unsafe { CStr::from_ptr(lease) }.to_owned();
    // SAFETY: malloc'ed, freed once.
    unsafe { libc::free(lease.cast()) };
    Ok(copy)
}
