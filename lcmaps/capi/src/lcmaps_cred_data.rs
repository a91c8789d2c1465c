//! `lcmaps_cred_data.h`: credential data that modules register and read.

use std::ptr;

use libc::{c_int, c_void};

use crate::context;
use crate::guard::guard;

/// Registers credential data of the run that the caller belongs to; without a run, of the process.
///
/// # Returns
/// 0 (also for a NULL `data`, which adds nothing), -1 for an unknown type.
///
/// # Safety
/// - `data`: NULL or what `datatype` says (`char **`, `uid_t *`, `gid_t *`, `lcmaps_vo_data_t *`,
///   `lcmaps_vo_mapping_t *`); copied.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn addCredentialData(datatype: c_int, data: *mut c_void) -> c_int {
    guard("addCredentialData", -1, || {
        // SAFETY: the caller passes what the type says.
        let added = context::of_caller(|context| unsafe { context.data().add(datatype, data) });
        if added.is_ok() { 0 } else { -1 }
    })
}

/// Reads registered credential data.
///
/// # Returns
/// For DN and POOL_INDEX the address of the string pointer (never NULL; the string itself may be), for
/// the other types the first element or NULL. NULL for an unknown type, with `*count` untouched. The
/// data belongs to the library and is valid until the next addition of that type, run or term.
///
/// # Safety
/// - `count`: NULL or writable; receives the number of elements.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getCredentialData(datatype: c_int, count: *mut c_int) -> *mut c_void {
    guard("getCredentialData", ptr::null_mut(), || {
        let Some((data, number)) = context::of_caller(|context| context.data().view(datatype))
        else {
            return ptr::null_mut();
        };
        if !count.is_null() {
            // SAFETY: not NULL, and the caller says it can be written to.
            unsafe { *count = c_int::try_from(number).unwrap_or(c_int::MAX) };
        }
        data
    })
}
