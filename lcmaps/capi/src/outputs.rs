//! What callers get out: account lists in the three ownership styles of the API.

use std::ffi::{c_char, c_int};

use lcmaps_core::{Gid, Mapping, Uid, verdict};
use libc::{gid_t, uid_t};

use crate::c_memory::Malloced;
use crate::thread_results::{self, ThreadResult};

/// The six out-parameters of the account interfaces. Written on success only; secondary groups and
/// lease name are left alone when there are none.
#[derive(Debug, Clone, Copy)]
pub struct AccountOut {
    /// User id.
    pub uid: *mut uid_t,
    /// Primary group ids.
    pub primary: *mut *mut gid_t,
    /// Their number.
    pub primary_count: *mut c_int,
    /// Secondary group ids.
    pub secondary: *mut *mut gid_t,
    /// Their number.
    pub secondary_count: *mut c_int,
    /// Encoded lease name.
    pub pool_index: *mut *mut c_char,
}

/// Who frees what.
#[cfg_attr(
    not(feature = "gsi"),
    expect(dead_code, reason = "names and FQANs know one kind")
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// FQAN interfaces: everything is lent until this thread's next run or term.
    AllLent,
    /// PEM interface: lists are lent, the lease name is the caller's to free.
    PoolIndexGiven,
    /// X.509 interface: lists are the caller's to free, the lease name is lent.
    ListsGiven,
}

impl AccountOut {
    /// Whether there is room for every part of the result.
    ///
    /// # Errors
    /// Names what is missing.
    pub fn check(&self) -> Result<(), String> {
        let missing = [
            (self.uid.is_null(), "uid"),
            (
                self.primary.is_null() || self.primary_count.is_null(),
                "primary gids",
            ),
            (
                self.secondary.is_null() || self.secondary_count.is_null(),
                "secondary gids",
            ),
            (self.pool_index.is_null(), "pool index"),
        ];
        match missing.iter().find(|(missing, _)| *missing) {
            Some((_, what)) => Err(format!(
                "the caller left no place for the {what} (NULL pointer)"
            )),
            None => Ok(()),
        }
    }

    /// Writes the account of this thread's last run.
    ///
    /// # Returns
    /// 0, or 1 without writing anything if memory runs out.
    ///
    /// # Safety
    /// [`AccountOut::check`] has passed, and the pointers can be written to.
    pub unsafe fn write(&self, uid: Uid, ownership: Ownership) -> c_int {
        // SAFETY: the caller keeps the same promises.
        let written =
            thread_results::with(|result| unsafe { self.write_from(result, uid, ownership) });
        c_int::from(written != Some(true))
    }

    /// # Safety
    /// As for [`AccountOut::write`].
    unsafe fn write_from(&self, result: &mut ThreadResult, uid: Uid, ownership: Ownership) -> bool {
        let lists = match ownership {
            Ownership::ListsGiven => {
                let copies = Malloced::list(&result.primary_gids)
                    .and_then(|primary| Ok((primary, Malloced::list(&result.secondary_gids)?)));
                let Ok((primary, secondary)) = copies else {
                    return false;
                };
                (primary.into_raw(), secondary.into_raw())
            }
            Ownership::AllLent | Ownership::PoolIndexGiven => (
                result.primary_gids.as_mut_ptr(),
                result.secondary_gids.as_mut_ptr(),
            ),
        };
        let pool_index = match (&result.pool_index, ownership) {
            (None, _) => None,
            (Some(index), Ownership::PoolIndexGiven) => {
                match Malloced::text(Some(index.as_bytes())) {
                    Ok(copy) => Some(copy.into_raw()),
                    Err(_) => return false,
                }
            }
            (Some(index), _) => Some(index.as_ptr().cast_mut()),
        };
        let count = |list: &Vec<gid_t>| c_int::try_from(list.len()).unwrap_or(c_int::MAX);
        // SAFETY: the caller vouches for the pointers.
        unsafe {
            *self.uid = uid.0;
            *self.primary = lists.0;
            *self.primary_count = count(&result.primary_gids);
            if !result.secondary_gids.is_empty() {
                *self.secondary = lists.1;
                *self.secondary_count = count(&result.secondary_gids);
            }
            if let Some(index) = pool_index {
                *self.pool_index = index;
            }
        }
        true
    }
}

/// The condition of the account interfaces.
///
/// # Errors
/// Why the mapping names no account.
pub fn accept_account(mapping: &Mapping) -> Result<Uid, String> {
    verdict::account(mapping)
        .map(|(uid, _): (Uid, Gid)| uid)
        .map_err(|e| e.to_string())
}

/// The condition of the user-name interfaces: the name of the first user id.
///
/// # Errors
/// No user id, or none with a name.
pub fn accept_username(mapping: &Mapping) -> Result<Vec<u8>, String> {
    let uid = verdict::first_uid(mapping).map_err(|e| e.to_string())?;
    lc_os::account_by_uid(uid.0)
        .map_err(|e| e.to_string())?
        .map(|account| account.name.into_bytes())
        .ok_or_else(|| format!("LCMAPS could not find the username related to uid: {uid}"))
}

/// Gives the caller a user name.
///
/// # Returns
/// 0, or 1 if memory runs out.
///
/// # Safety
/// `place` can be written to.
pub unsafe fn give_text(place: *mut *mut c_char, text: &[u8]) -> c_int {
    let Ok(copy) = Malloced::text(Some(text)) else {
        return 1;
    };
    // SAFETY: the caller vouches for the pointer.
    unsafe { *place = copy.into_raw() };
    0
}
