//! What modules of LCAS and of LCMAPS share, whichever SDK they are written with.
//!
//! - [`Words`] walks over the words of a module's configuration, [`argument_vector`] gets them from C;
//! - [`Failure`] is a "no" with its reason and the [`Level`] of its log line;
//! - [`OneLine`] and [`Shown`] make text from outside fit for a log;
//! - [`catch`] and [`panic_text`] keep panics on this side of the C boundary.
//!
//! The SDKs (`lcas-plugin`, `lcmaps-plugin`) publish what a module needs; nobody else depends on this
//! crate.

mod argument_vector;
mod failure;
mod level;
mod one_line;
mod options;
mod panics;
mod shown;

pub use argument_vector::argument_vector;
pub use failure::Failure;
pub use level::Level;
pub use one_line::OneLine;
pub use options::{OptionError, Words};
pub use panics::{catch, panic_text};
pub use shown::Shown;
