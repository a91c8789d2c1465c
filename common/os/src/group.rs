//! Groups of this machine.

use std::ffi::{CStr, CString};

use libc::{gid_t, group};
use nix::unistd::Gid;

use crate::account::copy;
use crate::lookup::{self, LookupError, Subject, shown};

/// A group: one entry of group(5) or whatever the name service has instead, without its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The name as the name service writes it.
    pub name: CString,
    /// The group id.
    pub gid: Gid,
}

/// The group with this name, `None` when there is none.
///
/// # Errors
/// The name service failed.
pub fn group_by_name(name: &CStr) -> Result<Option<Group>, LookupError> {
    // SAFETY: getgrnam_r keeps the contract of entry; name is a C string.
    unsafe {
        lookup::entry(
            || Subject::GroupName(shown(name)),
            |place, buffer, size, found| {
                libc::getgrnam_r(name.as_ptr(), place, buffer, size, found)
            },
            Group::from_entry,
        )
    }
}

/// The group with this id, the first one when there are several; `None` when there is none.
///
/// # Errors
/// The name service failed.
pub fn group_by_gid(gid: gid_t) -> Result<Option<Group>, LookupError> {
    // SAFETY: getgrgid_r keeps the contract of entry.
    unsafe {
        lookup::entry(
            || Subject::Gid(gid),
            |place, buffer, size, found| libc::getgrgid_r(gid, place, buffer, size, found),
            Group::from_entry,
        )
    }
}

impl Group {
    fn from_entry(entry: &group) -> Self {
        Self {
            name: copy(entry.gr_name),
            gid: Gid::from_raw(entry.gr_gid),
        }
    }
}
