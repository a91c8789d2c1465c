//! File names and words as LCAS and LCMAPS read them in their configuration, bytes in and bytes out.
#![forbid(unsafe_code)]

pub mod file_name;
mod words;

pub use words::{TokenizeError, tokenize};
