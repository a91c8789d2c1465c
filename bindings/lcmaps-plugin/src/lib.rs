//! SDK for LCMAPS modules written in Rust.
