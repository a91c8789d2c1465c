//! `lcas_types.h`: the request and the credential.
#![allow(non_camel_case_types)]

use libc::{c_char, c_void};

/// A request, RSL text as a rule; passed on to modules, never interpreted.
pub type lcas_request_t = *mut c_char;

/// Who asks. Functions take it by value; read it with `lcas_get_dn()` and `lcas_get_gss_cred()`.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcas_cred_id_t {
    /// A Globus `gss_cred_id_t`, NULL if the user came with PEM text.
    pub cred: *mut c_void,
    /// The DN of the user, that of the end entity.
    pub dn: *mut c_char,
}

crate::assert_layout!(lcas_cred_id_t, 16, cred @ 0, dn @ 8);
