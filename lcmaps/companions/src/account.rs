//! The account that a run found, on its way to the caller's structure.

use std::ffi::{c_char, c_int};
use std::ptr;

use lcmaps_sys::lcmaps_account_info_t;
use libc::{gid_t, uid_t};

use crate::library::lcmaps_account_info_fill;

/// Places for the results of a run function.
#[derive(Debug)]
pub struct Found {
    /// User id.
    pub uid: uid_t,
    /// Primary group ids, lent by the library.
    pub primary: *mut gid_t,
    /// Their number.
    pub primary_count: c_int,
    /// Secondary group ids, lent by the library.
    pub secondary: *mut gid_t,
    /// Their number.
    pub secondary_count: c_int,
    /// Encoded lease name; the run function says whose it is.
    pub pool_index: *mut c_char,
}

impl Default for Found {
    /// Run functions leave alone what there is nothing for.
    fn default() -> Self {
        Self {
            uid: uid_t::MAX,
            primary: ptr::null_mut(),
            primary_count: 0,
            secondary: ptr::null_mut(),
            secondary_count: 0,
            pool_index: ptr::null_mut(),
        }
    }
}

impl Found {
    /// Copies everything into the caller's structure, which is written after a success only.
    ///
    /// # Errors
    /// If memory runs out.
    ///
    /// # Safety
    /// - A run function has filled this in, and what it lent is valid.
    /// - `account` can be written to.
    pub unsafe fn copy_to(&mut self, account: *mut lcmaps_account_info_t) -> Result<(), String> {
        // SAFETY: all pointers are valid by contract.
        let code = unsafe {
            lcmaps_account_info_fill(
                &mut self.uid,
                &mut self.primary,
                &mut self.primary_count,
                &mut self.secondary,
                &mut self.secondary_count,
                &mut self.pool_index,
                account,
            )
        };
        if code == 0 {
            Ok(())
        } else {
            Err("the account cannot be copied: memory ran out".to_owned())
        }
    }
}

/// Refuses a caller that has no place for the account.
///
/// # Errors
/// For NULL.
pub fn check_place(account: *mut lcmaps_account_info_t) -> Result<(), String> {
    if account.is_null() {
        Err("the caller left no place for the account (NULL pointer)".to_owned())
    } else {
        Ok(())
    }
}
