//! `lcmaps_account.h`: the account that a mapping yields.
#![allow(non_camel_case_types, non_snake_case)]

use libc::{c_char, c_int, gid_t, uid_t};

/// A mapped account. Filled and cleaned by `lcmaps_account_info_*`; the lists belong to the structure.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcmaps_account_info_t {
    /// User id, `(uid_t)-1` when unset.
    pub uid: uid_t,
    /// Primary group ids, `npgid` elements, or NULL.
    pub pgid_list: *mut gid_t,
    /// Number of primary group ids.
    pub npgid: c_int,
    /// Secondary group ids, `nsgid` elements, or NULL.
    pub sgid_list: *mut gid_t,
    /// Number of secondary group ids.
    pub nsgid: c_int,
    /// Encoded lease name, or NULL.
    pub poolindex: *mut c_char,
}

crate::assert_layout!(lcmaps_account_info_t, 48, uid @ 0, pgid_list @ 8, npgid @ 16,
    sgid_list @ 24, nsgid @ 32, poolindex @ 40);
