//! `lcmaps_account.h`: helpers for the account structure that programs pass around.

use lcmaps_sys::lcmaps_account_info_t;
use libc::{c_char, c_int, gid_t, uid_t};

use crate::c_memory::{Malloced, OutOfMemory, bytes, free_and_clear};
use crate::guard::guard;

/// An account without an id, a list or a pool index.
const EMPTY: lcmaps_account_info_t = lcmaps_account_info_t {
    uid: uid_t::MAX,
    pgid_list: std::ptr::null_mut(),
    npgid: 0,
    sgid_list: std::ptr::null_mut(),
    nsgid: 0,
    poolindex: std::ptr::null_mut(),
};

/// Why an account could not be filled. The C caller sees -1 for each.
#[derive(Debug)]
enum FillError {
    /// A count below zero, or a count without a list.
    NoList,
    /// No memory for a copy.
    Memory,
}

impl From<OutOfMemory> for FillError {
    fn from(_: OutOfMemory) -> Self {
        Self::Memory
    }
}

/// Prepares an account structure: uid -1, no group ids, no pool index.
///
/// # Returns
/// 0, also for NULL.
///
/// # Safety
/// - `plcmaps_account`: NULL or a structure to overwrite; what it held is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_account_info_init(
    plcmaps_account: *mut lcmaps_account_info_t,
) -> c_int {
    guard("lcmaps_account_info_init", 1, || {
        if !plcmaps_account.is_null() {
            // SAFETY: not NULL, and writable by contract. It may be uninitialised, so no reference.
            unsafe { plcmaps_account.write(EMPTY) };
        }
        0
    })
}

/// Fills an account structure with copies of what the other arguments point to.
///
/// Release the copies with `lcmaps_account_info_clean()`.
///
/// # Returns
/// 0 on success; 1 if an argument in front of the structure is NULL; -1 if the structure is NULL, a
/// count is negative or has no list, or memory ran out. After a failure the structure is as
/// `lcmaps_account_info_init()` leaves it.
///
/// # Safety
/// - `puid`: NULL or a user id.
/// - `ppgid_list`, `pnpgid`: NULL, or the list of primary group ids and its length; copied.
/// - `psgid_list`, `pnsgid`: the same for the secondary group ids; copied.
/// - `ppoolindex`: NULL, or a pointer to a string or to NULL; copied.
/// - `plcmaps_account`: NULL or a structure to overwrite; what it held is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_account_info_fill(
    puid: *mut uid_t,
    ppgid_list: *mut *mut gid_t,
    pnpgid: *mut c_int,
    psgid_list: *mut *mut gid_t,
    pnsgid: *mut c_int,
    ppoolindex: *mut *mut c_char,
    plcmaps_account: *mut lcmaps_account_info_t,
) -> c_int {
    guard("lcmaps_account_info_fill", -1, || {
        if plcmaps_account.is_null() {
            return -1;
        }
        // SAFETY: not NULL, and writable by contract. It may be uninitialised, so no reference.
        unsafe { plcmaps_account.write(EMPTY) };
        if puid.is_null()
            || ppgid_list.is_null()
            || pnpgid.is_null()
            || psgid_list.is_null()
            || pnsgid.is_null()
            || ppoolindex.is_null()
        {
            return 1;
        }
        // SAFETY: none of the pointers is NULL, and each points to a value by contract.
        let filled = unsafe {
            fill(
                *puid,
                (*ppgid_list, *pnpgid),
                (*psgid_list, *pnsgid),
                *ppoolindex,
            )
        };
        match filled {
            Ok(account) => {
                // SAFETY: as for the first write.
                unsafe { plcmaps_account.write(account) };
                0
            }
            Err(FillError::NoList | FillError::Memory) => -1,
        }
    })
}

/// Frees the lists and the pool index of an account structure and leaves it empty.
///
/// The structure itself is not freed. Cleaning twice is harmless.
///
/// # Returns
/// 0, also for NULL.
///
/// # Safety
/// - `plcmaps_account`: NULL, or a structure that `lcmaps_account_info_init()` or
///   `lcmaps_account_info_fill()` prepared and whose pointers came from `malloc()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_account_info_clean(
    plcmaps_account: *mut lcmaps_account_info_t,
) -> c_int {
    guard("lcmaps_account_info_clean", 1, || {
        // SAFETY: NULL, or an initialised structure that nobody else uses during the call.
        if let Some(account) = unsafe { plcmaps_account.as_mut() } {
            // SAFETY: the pointers came from malloc by contract.
            unsafe {
                free_and_clear(&mut account.pgid_list);
                free_and_clear(&mut account.sgid_list);
                free_and_clear(&mut account.poolindex);
            }
            account.npgid = 0;
            account.nsgid = 0;
        }
        0
    })
}

/// An account with copies of both lists and of the pool index.
///
/// # Safety
/// Each list has as many elements as its count says, or is NULL; `poolindex` is NULL or a string.
unsafe fn fill(
    uid: uid_t,
    primary: (*const gid_t, c_int),
    secondary: (*const gid_t, c_int),
    poolindex: *const c_char,
) -> Result<lcmaps_account_info_t, FillError> {
    // SAFETY: the caller vouches for lists, counts and string.
    let (pgids, sgids, poolindex) = unsafe { (list(primary)?, list(secondary)?, bytes(poolindex)) };
    let (pgids, sgids, poolindex) = (
        Malloced::list(pgids)?,
        Malloced::list(sgids)?,
        Malloced::text(poolindex)?,
    );
    Ok(lcmaps_account_info_t {
        uid,
        pgid_list: pgids.into_raw(),
        npgid: primary.1,
        sgid_list: sgids.into_raw(),
        nsgid: secondary.1,
        poolindex: poolindex.into_raw(),
    })
}

/// A caller's list of group ids.
///
/// # Safety
/// The list has as many elements as the count says, or is NULL.
unsafe fn list<'a>((list, count): (*const gid_t, c_int)) -> Result<&'a [gid_t], FillError> {
    match usize::try_from(count) {
        Ok(0) => Ok(&[]),
        // SAFETY: not NULL, and `count` elements long by contract.
        Ok(count) if !list.is_null() => Ok(unsafe { std::slice::from_raw_parts(list, count) }),
        _ => Err(FillError::NoList),
    }
}
