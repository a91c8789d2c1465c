//! A moment as clocks on walls show it.

use std::fmt;

/// A moment as clocks on walls show it.
///
/// ```
/// # use lcas_module_support::slots::LocalTime;
/// let time = LocalTime::new(2026, 3, 4, 23, 59, 3).expect("a Wednesday");
/// assert_eq!(time.to_string(), "Wed 2026-03-04 23:59");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    pub(super) date: (i32, u32, u32),
    pub(super) minute: u32,
    pub(super) weekday: u32,
}

impl LocalTime {
    /// The moment with this date, time and weekday (0 is Sunday); nothing if there is no such one.
    #[must_use]
    pub fn new(
        year: i32,
        month: u32,
        day: u32,
        hour: u32,
        minute: u32,
        weekday: u32,
    ) -> Option<Self> {
        let valid = (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && minute < 60
            && weekday < 7;
        valid.then_some(Self {
            date: (year, month, day),
            minute: hour * 60 + minute,
            weekday,
        })
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
        let (year, month, day) = self.date;
        let name = DAYS.get(self.weekday as usize).copied().unwrap_or("???");
        let (hour, minute) = (self.minute / 60, self.minute % 60);
        write!(
            f,
            "{name} {year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"
        )
    }
}
