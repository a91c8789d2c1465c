//! What the commands of this package share: judging a proxy, and showing text that is not ours.
#![forbid(unsafe_code)]

pub mod json;
pub mod judge;
pub mod moment;
pub mod printable;
pub mod trust;
