//! LCMAPS decisions: a credential goes in, an account comes out.
//!
//! - [`Credential`]: who asks. One owned value, made once at the door.
//! - [`Mapping`]: what modules registered. One owned value per run.
//! - [`evaluate`]: walks the compiled policies and calls modules through the [`Host`] trait.
//! - [`verdict`]: the conditions a result must meet before it leaves the library.
//! - [`Report`]: what happened, for people and programs.
//!
//! The outside world comes in as values and traits: no libc, no raw pointer, no environment.
#![forbid(unsafe_code)]

mod credential;
mod evaluate;
mod ids;
mod mapping;
mod report;
mod summary;
pub mod verdict;

pub use credential::{Credential, CredentialKind, RequestedAccount};
pub use evaluate::{Evaluation, Host, Mode, PolicyTrace, Selection, Step, evaluate};
pub use ids::{Gid, Uid};
pub use mapping::{Mapping, VoCredential, VoMapping};
pub use report::{Report, ReportMessage};
pub use summary::{SummaryLine, summary};
