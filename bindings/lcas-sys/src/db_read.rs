//! An entry of the database, as `lcas_db_read()` returns it. In no header: no caller is known.
#![allow(non_camel_case_types)]

use libc::c_char;

/// A module of the database and its arguments.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcas_db_entry_t {
    /// Name of the module, closed by NUL.
    pub pluginname: [c_char; 501],
    /// Its arguments as one text, closed by NUL.
    pub pluginargs: [c_char; 2001],
    /// The next entry, or NULL.
    pub next: *mut lcas_db_entry_t,
}

crate::assert_layout!(lcas_db_entry_t, 2512, pluginname @ 0, pluginargs @ 501, next @ 2504);
