//! Proxy files: read as the caller, written as the target.
#![forbid(unsafe_code)]

mod lock;
mod read;
mod write;

pub use read::read;
pub use write::{Destination, write};
