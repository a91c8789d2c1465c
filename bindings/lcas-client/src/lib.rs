//! SDK for programs that use LCAS: opens `liblcas.so.0` and offers typed calls.
//!
//! ```no_run
//! use lcas_client::{Decision, Library, LogSink, PemText};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let library = Library::open()?;
//! let session = library.start(LogSink::Syslog)?;
//! let proxy = PemText::read("/tmp/x509up_u1000")?;
//! match session.decide(&proxy, Some("&(executable=/bin/date)"))? {
//!     Decision::Granted => println!("go on"),
//!     Decision::Refused | Decision::NotEvaluated => println!("no"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # One process, one LCAS
//!
//! LCAS belongs to the process, not to a value in it. Its configuration is the environment, read when a
//! session starts: [`Settings::apply`] writes it while the process has one thread. One session exists
//! at a time ([`Error::AlreadyStarted`]). With the library of this project several threads may ask in
//! one session; the original must be asked by one at a time, and [`Session::decide`] sees to that.
//!
//! LCAS does not verify certificates. Whoever hands over a PEM text has verified it, or a module does.
//!
//! The library is never unloaded: modules and the libraries behind them leave handlers and thread-local
//! data in the process that must not point into unmapped code.

pub mod answers;
mod error;
mod library;
mod session;
mod settings;

pub use error::Error;
pub use lcmaps_client::{LogStream, PemText};
pub use library::Library;
pub use session::{Decision, LogSink, Session};
pub use settings::Settings;
