//! SDK for LCMAPS modules written in Rust.
//!
//! A module is a type that implements [`Module`], exported with [`export_module!`] from a crate of
//! type `cdylib`:
//!
//! ```
//! use lcmaps_plugin::{Argument, Failure, Init, Module, Run, Shown};
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
//!     fn arguments(&self) -> &[Argument] {
//!         &[Argument::UserDn]
//!     }
//!
//!     fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
//!         let dn = run.user_dn().ok_or_else(|| Failure::refused("the user has no DN"))?.to_bytes();
//!         if dn.starts_with(&self.prefix) {
//!             return Ok(());
//!         }
//!         Err(Failure::refused(format_args!("\"{}\" is not one of ours", Shown(dn))))
//!     }
//! }
//!
//! lcmaps_plugin::export_module!(OnlyPrefix, "lcmaps_only_prefix");
//! # fn main() {}
//! ```
//!
//! The macro emits the C entry points. Around every call stands a guard: a panic becomes a logged
//! failure and never reaches C. A module finds `lcmaps_log`, `addCredentialData` and the like in
//! the program that loads it; it links no part of the host.
//!
//! One module may run several times in a policy with different arguments: each set of arguments is
//! a value of the type, see [`instances`].

mod arguments;
mod credentials;
mod export;
mod guard;
mod host;
mod init;
pub mod instances;
mod logger;
mod module;
mod run;
mod table;
mod voms;

pub use arguments::Argument;
pub use credentials::{VoData, VoMapping};
pub use host::Version;
pub use init::Init;
pub use lc_module::{Failure, Level, OptionError, Shown, Words};
pub use logger::Logger;
pub use module::Module;
pub use nix::unistd::{Gid, Uid};
pub use run::{Mode, Run};
pub use voms::{AttributeCertificate, GenericAttribute, VomsData};

/// What [`export_module!`] needs by name in the crate that uses it.
#[doc(hidden)]
pub mod reexport {
    pub use lcmaps_sys::lcmaps_argument_t;
    pub use libc::{c_char, c_int};
}
