//! The account that a mapping yields, and its copy out of the library's memory.

use std::ffi::{CStr, c_char};
use std::fmt;
use std::ptr;
use std::slice;

use libc::{c_int, gid_t, uid_t};

use crate::Error;

/// A user id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(pub uid_t);

/// A group id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gid(pub gid_t);

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Gid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A mapped account, owned by the caller.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub uid: Uid,
    /// Primary groups, at least one in the answer to a mapping.
    pub primary_gids: Vec<Gid>,
    /// Secondary groups, ascending; they may repeat a primary group.
    pub secondary_gids: Vec<Gid>,
    /// Name of the lease, if a pool account was leased.
    pub pool_index: Option<String>,
}

/// The out-parameters of a run, preset as the interface demands.
pub(crate) struct RawAccount {
    pub(crate) uid: uid_t,
    pub(crate) primary: *mut gid_t,
    pub(crate) primary_count: c_int,
    pub(crate) secondary: *mut gid_t,
    pub(crate) secondary_count: c_int,
    pub(crate) pool_index: *mut c_char,
}

/// More groups than any system allows a process; a larger count is a broken answer.
const MAX_GROUPS: usize = 65_536;

impl RawAccount {
    pub(crate) fn new() -> Self {
        Self {
            uid: uid_t::MAX,
            primary: ptr::null_mut(),
            primary_count: 0,
            secondary: ptr::null_mut(),
            secondary_count: 0,
            pool_index: ptr::null_mut(),
        }
    }

    /// Copies the account. Frees nothing.
    ///
    /// # Safety
    /// The lists must be NULL or hold as many elements as their counts say, the pool index must be NULL or a C string.
    pub(crate) unsafe fn to_account(&self) -> Result<Account, Error> {
        if self.uid == uid_t::MAX {
            return Err(Error::BadAnswer {
                what: "it has no user id",
            });
        }
        // SAFETY: as the caller promises.
        let (primary_gids, secondary_gids) = unsafe {
            (
                gids(self.primary, self.primary_count)?,
                gids(self.secondary, self.secondary_count)?,
            )
        };
        if primary_gids.is_empty() {
            return Err(Error::BadAnswer {
                what: "it has no primary group",
            });
        }
        let pool_index = if self.pool_index.is_null() {
            None
        } else {
            // SAFETY: as the caller promises.
            let text = unsafe { CStr::from_ptr(self.pool_index) };
            let text = text.to_str().map_err(|_| Error::BadAnswer {
                what: "its pool index is no text",
            })?;
            Some(text.to_owned())
        };
        Ok(Account {
            uid: Uid(self.uid),
            primary_gids,
            secondary_gids,
            pool_index,
        })
    }
}

/// Copies a list of group ids.
///
/// # Safety
/// `list` must be NULL or hold `count` elements.
unsafe fn gids(list: *const gid_t, count: c_int) -> Result<Vec<Gid>, Error> {
    let count = usize::try_from(count)
        .ok()
        .filter(|count| *count <= MAX_GROUPS)
        .ok_or(Error::BadAnswer {
            what: "its number of groups is impossible",
        })?;
    if count == 0 {
        return Ok(Vec::new());
    }
    if list.is_null() {
        return Err(Error::BadAnswer {
            what: "it counts groups and names none",
        });
    }
    // SAFETY: not NULL, and the caller promises `count` elements.
    let list = unsafe { slice::from_raw_parts(list, count) };
    Ok(list.iter().copied().map(Gid).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(change: impl FnOnce(&mut RawAccount)) -> Result<Account, String> {
        let mut groups = [7, 8];
        let mut raw = RawAccount::new();
        raw.uid = 5;
        raw.primary = groups.as_mut_ptr();
        raw.primary_count = 1;
        change(&mut raw);
        // SAFETY: the list has two elements; no test sets a count beyond that with a pointer to read.
        unsafe { raw.to_account() }.map_err(|e| e.to_string())
    }

    #[test]
    fn an_account_without_pool_index_or_secondary_groups_is_complete() {
        let expected = Account {
            uid: Uid(5),
            primary_gids: vec![Gid(7)],
            secondary_gids: vec![],
            pool_index: None,
        };
        assert_eq!(copied(|_| ()), Ok(expected));
    }

    #[test]
    fn a_successful_answer_without_uid_or_group_is_not_an_account() {
        assert!(copied(|raw| raw.uid = uid_t::MAX).is_err_and(|e| e.contains("no user id")));
        assert!(copied(|raw| raw.primary_count = 0).is_err_and(|e| e.contains("no primary group")));
    }

    #[test]
    fn impossible_counts_are_not_followed() {
        assert!(copied(|raw| raw.primary_count = -1).is_err_and(|e| e.contains("impossible")));
        assert!(
            copied(|raw| raw.secondary_count = c_int::MAX).is_err_and(|e| e.contains("impossible"))
        );
        assert!(copied(|raw| raw.secondary_count = 3).is_err_and(|e| e.contains("names none")));
    }
}
