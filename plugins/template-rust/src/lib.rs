//! The smallest working LCMAPS module in Rust.
