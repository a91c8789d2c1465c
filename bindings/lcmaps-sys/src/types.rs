//! `lcmaps_types.h`: the request and the VOMS attributes of a user.
#![allow(non_camel_case_types, non_snake_case)]

use libc::{c_char, c_int, gid_t, uid_t};

/// A job request as RSL text; passed on to modules, never interpreted.
pub type lcmaps_request_t = *mut c_char;

/// An FQAN with the ids it maps to.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcmaps_fqan_unix_t {
    /// The FQAN.
    pub fqan: *mut c_char,
    /// User id, -1 when unset.
    pub uid: uid_t,
    /// Group id, -1 when unset.
    pub gid: gid_t,
}

/// A VOMS generic attribute.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcmaps_voms_generic_attr_t {
    /// Name.
    pub name: *mut c_char,
    /// Value.
    pub value: *mut c_char,
    /// Qualifier (a group).
    pub qualifier: *mut c_char,
}

/// One attribute certificate.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcmaps_voms_t {
    /// Subject of the holder.
    pub user_dn: *mut c_char,
    /// Issuer of the holder's certificate.
    pub user_ca: *mut c_char,
    /// Subject of the VOMS server.
    pub voms_issuer_dn: *mut c_char,
    /// Issuer of the VOMS server's certificate.
    pub voms_issuer_ca: *mut c_char,
    /// `host:port` of the VOMS server.
    pub uri: *mut c_char,
    /// Start of validity, `YYYYMMDDHHMMSSZ`.
    pub date1: *mut c_char,
    /// End of validity, `YYYYMMDDHHMMSSZ`.
    pub date2: *mut c_char,
    /// VO.
    pub voname: *mut c_char,
    /// FQANs in order.
    pub fqan_unix: *mut lcmaps_fqan_unix_t,
    /// Number of FQANs.
    pub nfqan: c_int,
    /// Generic attributes.
    pub attr_list: *mut lcmaps_voms_generic_attr_t,
    /// Number of generic attributes.
    pub nattr: c_int,
}

/// All attribute certificates of a user.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcmaps_vomsdata_t {
    /// Attribute certificates.
    pub voms: *mut lcmaps_voms_t,
    /// Number of attribute certificates.
    pub nvoms: c_int,
    /// Unused by known callers.
    pub workvo: *mut c_char,
    /// Unused by known callers.
    pub extra_data: *mut c_char,
}

crate::assert_layout!(lcmaps_fqan_unix_t, 16, fqan @ 0, uid @ 8, gid @ 12);
crate::assert_layout!(lcmaps_voms_generic_attr_t, 24, name @ 0, value @ 8, qualifier @ 16);
crate::assert_layout!(lcmaps_voms_t, 96, user_dn @ 0, user_ca @ 8, voms_issuer_dn @ 16,
    voms_issuer_ca @ 24, uri @ 32, date1 @ 40, date2 @ 48, voname @ 56, fqan_unix @ 64,
    nfqan @ 72, attr_list @ 80, nattr @ 88);
crate::assert_layout!(lcmaps_vomsdata_t, 32, voms @ 0, nvoms @ 8, workvo @ 16, extra_data @ 24);
