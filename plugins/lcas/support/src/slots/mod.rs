//! Time slots: when jobs are let in.
//!
//! ```text
//! minute hour mday month year wday       six ranges A-B, A- (up to the maximum), A (that only) or * (all)
//!   30-0 8-18 1-15 7-1 2002-2003 1-5     8:30 to 18:00, 1 July 2002 to 15 January 2003, Monday to Friday
//! ```
//!
//! Minute and hour together are a time of day, mday, month and year together a date; both ends count, the last minute
//! to its last second. Weekdays (0 is Sunday) may go around: `5-3` is Friday to Wednesday. Times of day and dates do not.
//! An hour range may end at 24. `#` begins a comment.
//!
//! The rules know no clock: callers say what time it is ([`LocalTime`]), and [`LocalTime::now`] reads the wall.

mod clock;
mod file;
mod line;
mod time;

pub use file::{BadLine, SlotFile, Slots};
pub use line::{LineFault, Slot};
pub use time::LocalTime;
