//! The C types, constants and function declarations of LCAS 1.3.19, once.
//!
//! Layouts are those of the original on 64-bit Linux as its packages are built, with Globus and
//! without `LCAS_INTERFACE_EXTENDED` (the assertions at the end of each file hold them). Nothing is
//! defined here: a module that uses [`functions`] leaves the symbols undefined and gets them from
//! the host that loads it; a program finds them with `dlsym`.
#![no_std]

pub mod db_read;
pub mod defines;
pub mod entry_points;
pub mod functions;
pub mod log;
pub mod run;
pub mod types;
pub mod utils;

pub use db_read::lcas_db_entry_t;
pub use types::{lcas_cred_id_t, lcas_request_t};

/// Asserts size, alignment and field offsets of a C structure at compile time.
macro_rules! assert_layout {
    ($ty:ty, $size:expr, $($field:ident @ $offset:expr),+) => {
        #[cfg(target_pointer_width = "64")]
        const _: () = {
            assert!(core::mem::size_of::<$ty>() == $size);
            assert!(core::mem::align_of::<$ty>() == 8);
            $(assert!(core::mem::offset_of!($ty, $field) == $offset);)+
        };
    };
}
pub(crate) use assert_layout;
