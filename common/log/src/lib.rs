//! Levels, thresholds and the line format of LCMAPS and LCAS logs.
//!
//! Everything here is values in, bytes out: no environment, no files, no clock of its own. The C
//! libraries own the streams.
#![forbid(unsafe_code)]

mod level;
mod line;
mod message;

pub use level::{BadDebugLevel, Level, Threshold};
pub use line::{Line, stamp};
pub use message::{MAX_MESSAGE, Message};
