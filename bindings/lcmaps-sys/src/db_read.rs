//! `lcmaps_db_read.h`: an entry of the list of modules. Published for compatibility; no function
//! passes it.
#![allow(non_camel_case_types, non_snake_case)]

use libc::c_char;

use crate::defines::{LCMAPS_MAXARGSTRING, LCMAPS_MAXPATHLEN};

/// A module of the policy file and its arguments.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcmaps_db_entry_t {
    /// Name of the module, closed by NUL.
    pub pluginname: [c_char; 501],
    /// Its arguments as one text, closed by NUL.
    pub pluginargs: [c_char; 2001],
    /// The next entry, or NULL.
    pub next: *mut lcmaps_db_entry_t,
}

const _: () = assert!(LCMAPS_MAXPATHLEN + 1 == 501 && LCMAPS_MAXARGSTRING + 1 == 2001);

crate::assert_layout!(lcmaps_db_entry_t, 2512, pluginname @ 0, pluginargs @ 501, next @ 2504);
