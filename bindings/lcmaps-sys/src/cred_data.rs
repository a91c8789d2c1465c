//! `lcmaps_cred_data.h`: kinds of credential data that modules add and read.
#![allow(non_camel_case_types, non_snake_case)]

use libc::{c_char, c_int, gid_t, uid_t};

use crate::{lcmaps_vo_data_t, lcmaps_vo_mapping_t};

/// Distinguished name; data is `char **`.
pub const DN: c_int = 5;
/// User id; data is `uid_t *`.
pub const UID: c_int = 10;
/// Primary group id; data is `gid_t *`.
pub const PRI_GID: c_int = 20;
/// Secondary group id; data is `gid_t *`.
pub const SEC_GID: c_int = 30;
/// VO attribute; data is `lcmaps_vo_data_t *`.
pub const LCMAPS_VO_CRED: c_int = 90;
/// VO attribute as text; data is `char **`.
pub const LCMAPS_VO_CRED_STRING: c_int = 100;
/// VO attribute with the group it was mapped to; data is `lcmaps_vo_mapping_t *`.
pub const LCMAPS_VO_CRED_MAPPING: c_int = 110;
/// Encoded lease name; data is `char **`.
pub const POOL_INDEX: c_int = 200;

/// Everything modules can register, as one structure. Published for compatibility; no function passes it.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct cred_data_t {
    /// Distinguished name.
    pub dn: *mut c_char,
    /// User ids.
    pub uid: *mut uid_t,
    /// Primary group ids.
    pub priGid: *mut gid_t,
    /// Secondary group ids.
    pub secGid: *mut gid_t,
    /// VO attributes.
    pub VoCred: *mut lcmaps_vo_data_t,
    /// VO attributes as text.
    pub VoCredString: *mut *mut c_char,
    /// VO attributes with their groups.
    pub VoCredMapping: *mut lcmaps_vo_mapping_t,
    /// Number of user ids.
    pub cntUid: c_int,
    /// Number of primary group ids.
    pub cntPriGid: c_int,
    /// Number of secondary group ids.
    pub cntSecGid: c_int,
    /// Number of VO attributes.
    pub cntVoCred: c_int,
    /// Number of VO attribute texts.
    pub cntVoCredString: c_int,
    /// Number of VO mappings.
    pub cntVoCredMapping: c_int,
    /// Encoded lease name.
    pub pool_index: *mut c_char,
}

crate::assert_layout!(cred_data_t, 88, dn @ 0, uid @ 8, priGid @ 16, secGid @ 24, VoCred @ 32,
    VoCredString @ 40, VoCredMapping @ 48, cntUid @ 56, cntPriGid @ 60, cntSecGid @ 64,
    cntVoCred @ 68, cntVoCredString @ 72, cntVoCredMapping @ 76, pool_index @ 80);
