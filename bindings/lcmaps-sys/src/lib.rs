//! The C types, constants and function declarations of LCMAPS 1.6.6, once.
//!
//! Layouts are those of the original on x86_64 Linux (the assertions at the end of each file hold them).
//! Nothing is defined here: a module that uses [`functions`] leaves the symbols undefined and gets
//! them from the host that loads it; a program finds them with `dlsym`.
#![no_std]

pub mod account;
pub mod arguments;
pub mod cred_data;
pub mod db_read;
pub mod defines;
pub mod entry_points;
pub mod functions;
pub mod log;
pub mod types;
pub mod version;
pub mod vo_data;

pub use account::lcmaps_account_info_t;
pub use arguments::lcmaps_argument_t;
pub use db_read::lcmaps_db_entry_t;
pub use types::{
    lcmaps_fqan_unix_t, lcmaps_request_t, lcmaps_voms_generic_attr_t, lcmaps_voms_t,
    lcmaps_vomsdata_t,
};
pub use vo_data::{lcmaps_vo_data_t, lcmaps_vo_mapping_t};

/// Asserts size and field offsets of a C structure at compile time.
macro_rules! assert_layout {
    ($ty:ty, $size:expr, $($field:ident @ $offset:expr),+) => {
        #[cfg(target_pointer_width = "64")]
        const _: () = {
            assert!(core::mem::size_of::<$ty>() == $size);
            $(assert!(core::mem::offset_of!($ty, $field) == $offset);)+
        };
    };
}
pub(crate) use assert_layout;
