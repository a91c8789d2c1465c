//! SDK for programs that use LCMAPS: opens `liblcmaps.so.0` and offers typed calls.
//!
//! ```no_run
//! use lcmaps_client::{Credential, Library, LogSink, Request};
//!
//! # fn main() -> Result<(), lcmaps_client::Error> {
//! let library = Library::open()?;
//! let mut session = library.start(LogSink::Syslog)?;
//! let account = session.map(&Credential::Dn("/C=NL/O=Example/CN=Jane"), &Request::default())?;
//! println!("uid {}", account.uid);
//! # Ok(())
//! # }
//! ```
//!
//! # One process, one LCMAPS
//!
//! LCMAPS belongs to the process, not to a value in it. Three things follow, and the types say so:
//!
//! * **Configuration is the environment.** The policy file, the module directory and the log level are read
//!   from environment variables when a session starts. [`Settings::apply`] writes them, and refuses to
//!   once a second thread runs. Set them first thing in `main`, or in the parent process.
//! * **One session at a time.** [`Library::start`] answers [`Error::AlreadyStarted`] while a [`Session`] lives,
//!   whichever thread or [`Library`] it came from.
//! * **One call at a time.** Every call takes `&mut Session`. A server keeps the session behind a mutex.
//!
//! Modules run inside the calling process and thread. A module such as `lcmaps_posix_enf` changes the
//! process's own user and groups: that is its job.
//!
//! The library is never unloaded: modules and the libraries behind them leave handlers and thread-local
//! data in the process that must not point into unmapped code.

mod account;
mod entry_points;
mod error;
mod input;
mod library;
mod log_stream;
mod pem;
pub mod report;
mod session;
mod settings;

pub use account::{Account, Gid, Uid};
pub use error::Error;
pub use library::{Library, Version};
pub use log_stream::{LogSink, LogStream};
pub use pem::PemText;
pub use report::Report;
pub use session::{Credential, Request, Session};
pub use settings::{LogLevel, Settings, VerifyType, set_environment};

/// The examples of the document for authors of services have to compile.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/application-writers.md")]
pub struct DocumentForApplicationWriters;
