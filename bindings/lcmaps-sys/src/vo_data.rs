//! `lcmaps_vo_data.h`: VO attributes and the groups they map to.
#![allow(non_camel_case_types, non_snake_case)]

use libc::{c_char, gid_t};

/// The group id that stands for "none".
pub const LCMAPS_NO_GID: gid_t = 0xFFFF_FFFF;

/// A VO attribute in parts. Made by `lcmaps_createVoData`, freed by `lcmaps_deleteVoData`.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcmaps_vo_data_t {
    /// VO.
    pub vo: *mut c_char,
    /// Group.
    pub group: *mut c_char,
    /// Subgroup.
    pub subgroup: *mut c_char,
    /// Role.
    pub role: *mut c_char,
    /// Capability.
    pub capability: *mut c_char,
}

/// A VO attribute and the group it maps to. Made by `lcmaps_createVoMapping`.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcmaps_vo_mapping_t {
    /// The VO attribute as text.
    pub vostring: *mut c_char,
    /// Name of the group.
    pub groupname: *mut c_char,
    /// Group id or [`LCMAPS_NO_GID`].
    pub gid: gid_t,
}

crate::assert_layout!(lcmaps_vo_data_t, 40, vo @ 0, group @ 8, subgroup @ 16, role @ 24, capability @ 32);
crate::assert_layout!(lcmaps_vo_mapping_t, 24, vostring @ 0, groupname @ 8, gid @ 16);
