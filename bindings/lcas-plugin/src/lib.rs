//! SDK for LCAS modules written in Rust.
//!
//! A module is a type that implements [`Module`], exported with [`export_module!`] from a crate of
//! type `cdylib`:
//!
//! ```
//! use lcas_plugin::{Credential, Failure, Granted, Init, Module, Request, Shown};
//!
//! /// Refuses everybody whose DN does not start with the configured prefix.
//! struct OnlyPrefix {
//!     prefix: Vec<u8>,
//! }
//!
//! impl Module for OnlyPrefix {
//!     fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
//!         let mut words = init.words();
//!         let mut prefix = None;
//!         while let Some(word) = words.next() {
//!             match word.to_bytes() {
//!                 b"-prefix" => prefix = Some(words.value_of(word, "the start of a DN")?.to_bytes().to_vec()),
//!                 _ => return Err(words.unknown(word, &["-prefix"]).into()),
//!             }
//!         }
//!         let prefix = prefix.ok_or_else(|| Failure::error("option -prefix is missing"))?;
//!         Ok(Self { prefix })
//!     }
//!
//!     fn confirm(&self, _: &Request<'_>, credential: &Credential<'_>) -> Result<Granted, Failure> {
//!         let dn = credential.dn().ok_or_else(|| Failure::refused("the user has no DN"))?.to_bytes();
//!         if dn.starts_with(&self.prefix) {
//!             return Ok(Granted::because(format_args!("\"{}\" is one of ours", Shown(dn))));
//!         }
//!         Err(Failure::refused(format_args!("\"{}\" is not one of ours", Shown(dn))))
//!     }
//! }
//!
//! lcas_plugin::export_module!(OnlyPrefix, "lcas_only_prefix");
//! # fn main() {}
//! ```
//!
//! The macro emits the C entry points. Around every call stands a guard: a panic becomes a logged
//! refusal and never reaches C. A module finds `lcas_log` and the like in the program that loads
//! it; it links no part of the host.
//!
//! A database may name a module several times with different arguments: each entry is a value of the
//! type, see [`instances`].

mod credential;
mod export;
mod granted;
mod guard;
mod host;
mod init;
pub mod instances;
mod logger;
mod module;
mod request;

pub use credential::{Certificates, Credential};
pub use granted::Granted;
pub use init::Init;
pub use lc_module::{Failure, Level, OptionError, Shown, Words};
pub use logger::Logger;
pub use module::Module;
pub use request::Request;

/// What [`export_module!`] needs by name in the crate that uses it.
#[doc(hidden)]
pub mod reexport {
    pub use lcas_sys::{lcas_cred_id_t, lcas_request_t};
    pub use libc::{c_char, c_int, c_void};
}
