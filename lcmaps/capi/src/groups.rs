//! The groups of an account, from the system's account data base.

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::ptr;

use libc::{c_int, gid_t, passwd};

/// No system lets an account be in more groups than this.
const MOST_GROUPS: usize = 65_536;
/// Largest entry of the account data base that is read, in bytes.
const LARGEST_ENTRY: usize = 1 << 20;

/// The groups of the account called `name`, its primary group included; `None` if there is no such
/// account or the data base cannot be read.
#[must_use]
pub fn groups_of(name: &CStr) -> Option<Vec<gid_t>> {
    let primary = primary_group(name)?;
    let mut groups: Vec<gid_t> = vec![0; 64];
    loop {
        let mut count = c_int::try_from(groups.len()).ok()?;
        // SAFETY: the list has room for `count` ids, and the name is a string.
        let done =
            unsafe { libc::getgrouplist(name.as_ptr(), primary, groups.as_mut_ptr(), &mut count) };
        let count = usize::try_from(count).ok()?;
        if done >= 0 {
            groups.truncate(count);
            return Some(groups);
        }
        if groups.len() >= MOST_GROUPS {
            return None;
        }
        groups.resize(count.max(groups.len() * 2).min(MOST_GROUPS), 0);
    }
}

/// The primary group of an account.
fn primary_group(name: &CStr) -> Option<gid_t> {
    let mut text: Vec<c_char> = vec![0; 1024];
    loop {
        let mut entry = MaybeUninit::<passwd>::uninit();
        let mut found = ptr::null_mut();
        // SAFETY: all places are writable, and `text` is as long as is said.
        let code = unsafe {
            libc::getpwnam_r(
                name.as_ptr(),
                entry.as_mut_ptr(),
                text.as_mut_ptr(),
                text.len(),
                &mut found,
            )
        };
        match code {
            libc::ERANGE if text.len() < LARGEST_ENTRY => text.resize(text.len() * 2, 0),
            libc::EINTR => {}
            // SAFETY: on success `found` is NULL or points to the entry that was filled.
            0 => return unsafe { found.as_ref() }.map(|entry| entry.pw_gid),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_in_group_0() {
        assert!(groups_of(c"root").unwrap().contains(&0));
    }

    #[test]
    fn an_account_that_does_not_exist_has_no_groups() {
        assert_eq!(groups_of(c"no such account"), None);
        assert_eq!(groups_of(c""), None);
    }
}
