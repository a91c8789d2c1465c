//! Accounts of this machine.

use std::ffi::{CStr, CString, OsStr};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use libc::{c_char, c_int, gid_t, passwd, uid_t};
use nix::unistd::{Gid, Uid};

use crate::lookup::{self, LookupError, Subject, shown};

/// Room for the groups of nearly everybody, so that one call does.
const USUAL_GROUPS: usize = 64;

/// No account is in more groups.
const MOST_GROUPS: usize = 1 << 20;

/// An account: one entry of passwd(5) or whatever the name service has instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name as the name service writes it.
    pub name: CString,
    /// The user id.
    pub uid: Uid,
    /// The primary group id.
    pub primary_gid: Gid,
    /// The home directory.
    pub home: PathBuf,
}

/// The account with this name, `None` when there is none.
///
/// # Errors
/// The name service failed.
pub fn account_by_name(name: &CStr) -> Result<Option<Account>, LookupError> {
    // SAFETY: getpwnam_r keeps the contract of entry; name is a C string.
    unsafe {
        lookup::entry(
            || Subject::AccountName(shown(name)),
            |place, buffer, size, found| {
                libc::getpwnam_r(name.as_ptr(), place, buffer, size, found)
            },
            Account::from_entry,
        )
    }
}

/// The account with this user id, the first one when there are several; `None` when there is none.
///
/// # Errors
/// The name service failed.
pub fn account_by_uid(uid: uid_t) -> Result<Option<Account>, LookupError> {
    // SAFETY: getpwuid_r keeps the contract of entry.
    unsafe {
        lookup::entry(
            || Subject::Uid(uid),
            |place, buffer, size, found| libc::getpwuid_r(uid, place, buffer, size, found),
            Account::from_entry,
        )
    }
}

/// The account of whoever started this process, `None` when that uid has none.
///
/// # Errors
/// The name service failed.
pub fn own_account() -> Result<Option<Account>, LookupError> {
    account_by_uid(nix::unistd::getuid().as_raw())
}

impl Account {
    /// The groups of the account, the primary one among them. One call of the name service.
    ///
    /// # Errors
    /// The name service failed.
    pub fn groups(&self) -> Result<Vec<Gid>, LookupError> {
        let mut room = USUAL_GROUPS;
        loop {
            let mut groups: Vec<gid_t> = vec![0; room];
            let mut count = c_int::try_from(room).unwrap_or(c_int::MAX);
            // SAFETY: name is a C string; groups has room for count ids.
            let result = unsafe {
                libc::getgrouplist(
                    self.name.as_ptr(),
                    self.primary_gid.as_raw(),
                    groups.as_mut_ptr(),
                    &raw mut count,
                )
            };
            let count = usize::try_from(count).unwrap_or(0);
            if result >= 0 && count <= room {
                groups.truncate(count);
                return Ok(groups.into_iter().map(Gid::from_raw).collect());
            }
            // Too small a list is told by the number that would do.
            if count <= room || count > MOST_GROUPS {
                let subject = Subject::GroupsOf(shown(&self.name));
                return Err(LookupError::new(
                    subject,
                    io::Error::from(io::ErrorKind::OutOfMemory),
                ));
            }
            room = count;
        }
    }

    fn from_entry(entry: &passwd) -> Self {
        Self {
            name: copy(entry.pw_name),
            uid: Uid::from_raw(entry.pw_uid),
            primary_gid: Gid::from_raw(entry.pw_gid),
            home: PathBuf::from(OsStr::from_bytes(copy(entry.pw_dir).as_bytes())),
        }
    }
}

/// A copy of a string of an entry; services leave fields NULL that they do not have.
pub(crate) fn copy(text: *const c_char) -> CString {
    if text.is_null() {
        return CString::default();
    }
    // SAFETY: not NULL, so a C string in the buffer of the entry, which lives through convert.
    unsafe { CStr::from_ptr(text) }.to_owned()
}
