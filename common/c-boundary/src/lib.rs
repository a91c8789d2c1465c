//! What `liblcas` and `liblcmaps` share where they meet C.
//!
//! - [`panics`]: a panic becomes a function's own failure value and never reaches C;
//! - [`memory`], [`word_list`]: what callers pass in, and copies that callers release with `free()`;
//! - [`argument_vector`]: what modules get and may keep;
//! - [`stream`], [`mod@format`]: log targets, and formats that come from outside;
//! - [`mod@file`]: reading configuration files that may be anything;
//! - [`visibility`]: whether modules find the library that loads them.
//!
//! Each library has its own copy of this code and of its state, as two shared objects do.

pub mod argument_vector;
pub mod file;
pub mod format;
pub mod memory;
pub mod panics;
pub mod stream;
pub mod visibility;
pub mod word_list;
