//! What a module may call in its host. Leaves the symbols undefined: the host provides them.

use libc::{c_char, c_int, c_uint, c_void, gid_t};

pub use crate::log::{lcmaps_log, lcmaps_log_debug, lcmaps_log_time};
use crate::{lcmaps_argument_t, lcmaps_vo_data_t, lcmaps_vo_mapping_t};

unsafe extern "C" {
    /// Registers credential data (a copy). 0, or -1 for an unknown type.
    pub fn addCredentialData(datatype: c_int, data: *mut c_void) -> c_int;
    /// Registered credential data, owned by the library.
    pub fn getCredentialData(datatype: c_int, count: *mut c_int) -> *mut c_void;

    /// Number of elements before the one without a name.
    pub fn lcmaps_cntArgs(argvx: *mut lcmaps_argument_t) -> c_int;
    /// Value pointer of the first element with this name and type, or NULL.
    pub fn lcmaps_getArgValue(
        arg_name: *const c_char,
        arg_type: *const c_char,
        argcx: c_int,
        argvx: *mut lcmaps_argument_t,
    ) -> *mut c_void;

    /// Group ids of an account, malloc'ed. 0, 1 unknown, -1 out of memory.
    pub fn lcmaps_get_gidlist(
        username: *const c_char,
        ngroups: *mut c_int,
        group_list: *mut *mut gid_t,
    ) -> c_int;

    /// Makes a VO mapping; free it with `lcmaps_deleteVoMapping`.
    pub fn lcmaps_createVoMapping(
        vo_data_string: *const c_char,
        groupname: *const c_char,
        gid: gid_t,
    ) -> *mut lcmaps_vo_mapping_t;
    /// Frees a VO mapping and sets the pointer NULL.
    pub fn lcmaps_deleteVoMapping(vo_mapping: *mut *mut lcmaps_vo_mapping_t) -> c_int;
    /// Makes a VO attribute; free it with `lcmaps_deleteVoData`.
    pub fn lcmaps_createVoData(
        vo: *const c_char,
        group: *const c_char,
        subgroup: *const c_char,
        role: *const c_char,
        capability: *const c_char,
    ) -> *mut lcmaps_vo_data_t;
    /// Frees a VO attribute and sets the pointer NULL.
    pub fn lcmaps_deleteVoData(vo_data: *mut *mut lcmaps_vo_data_t) -> c_int;

    /// First number of the version.
    pub fn lcmaps_get_major_version() -> c_int;
    /// Second number of the version.
    pub fn lcmaps_get_minor_version() -> c_int;
    /// Third number of the version.
    pub fn lcmaps_get_patch_version() -> c_int;

    /// Flags of VOMS attribute verification.
    pub fn lcmaps_get_voms_attributes_verification() -> c_uint;
}
