//! LCAS without the outside world: what the database says, where things are, and the decision.
//!
//! - [`Database::parse`] reads `lcas.db`, with errors and remarks that name line and column;
//! - [`environment`] turns environment variables into places and settings;
//! - [`decide`] asks the modules.
//!
//! Files, modules and logs belong to the C library, which hands in bytes and closures.
#![forbid(unsafe_code)]

mod database;
mod decision;
pub mod environment;
mod remark;
mod syntax_error;

pub use database::{Database, Entry, MAX_ENTRIES, MAX_LINE, Position};
pub use decision::{Decision, decide};
pub use remark::{Remark, RemarkKind};
pub use syntax_error::{Problem, SyntaxError};

/// Bytes from a file as text for messages: UTF-8 as it is, other bytes as `\xNN`.
fn shown(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}
