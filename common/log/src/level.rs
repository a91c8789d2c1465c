//! Syslog priorities and the threshold that `LCMAPS_DEBUG_LEVEL` sets.

use std::fmt;

/// A syslog priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 0, system is unusable.
    Emergency,
    /// 1, action must be taken at once.
    Alert,
    /// 2, critical.
    Critical,
    /// 3, error.
    Error,
    /// 4, warning.
    Warning,
    /// 5, normal but significant.
    Notice,
    /// 6, informational.
    Info,
    /// 7, debugging.
    Debug,
}

impl Level {
    const ALL: [Level; 8] = [
        Level::Emergency,
        Level::Alert,
        Level::Critical,
        Level::Error,
        Level::Warning,
        Level::Notice,
        Level::Info,
        Level::Debug,
    ];

    /// The level of a syslog priority number, `None` outside 0..=7.
    #[must_use]
    pub fn from_priority(priority: i32) -> Option<Level> {
        usize::try_from(priority)
            .ok()
            .and_then(|index| Level::ALL.get(index).copied())
    }

    /// The syslog priority number.
    #[must_use]
    pub fn priority(self) -> i32 {
        self as i32
    }

    /// The name used in log lines, `LOG_ERR` and so on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Emergency => "LOG_EMERG",
            Level::Alert => "LOG_ALERT",
            Level::Critical => "LOG_CRIT",
            Level::Error => "LOG_ERR",
            Level::Warning => "LOG_WARNING",
            Level::Notice => "LOG_NOTICE",
            Level::Info => "LOG_INFO",
            Level::Debug => "LOG_DEBUG",
        }
    }
}

/// The least urgent priority that is still written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold(Level);

impl Default for Threshold {
    /// INFO, debug level 4: what the original was built with.
    fn default() -> Self {
        Threshold(Level::Info)
    }
}

impl Threshold {
    /// Reads a debug level: digits only, 0 to 5; the empty string is 0.
    ///
    /// # Errors
    /// Anything else, as the original refuses to initialise then.
    pub fn from_debug_level(text: &[u8]) -> Result<Threshold, BadDebugLevel> {
        let bad = || BadDebugLevel(String::from_utf8_lossy(text).into_owned());
        if !text.iter().all(u8::is_ascii_digit) {
            return Err(bad());
        }
        // Leading zeros are digits too; more digits than fit are out of range anyway.
        let value = text
            .iter()
            .try_fold(0_u32, |n, digit| {
                n.checked_mul(10)?.checked_add(u32::from(digit - b'0'))
            })
            .ok_or_else(bad)?;
        match value {
            0 | 1 => Ok(Threshold(Level::Error)),
            2 => Ok(Threshold(Level::Warning)),
            3 => Ok(Threshold(Level::Notice)),
            4 => Ok(Threshold(Level::Info)),
            5 => Ok(Threshold(Level::Debug)),
            _ => Err(bad()),
        }
    }

    /// Whether a message of this priority is written. Priorities below 0 are more urgent than any.
    #[must_use]
    pub fn passes(self, priority: i32) -> bool {
        priority <= self.0.priority()
    }

    /// The priority number of the threshold.
    #[must_use]
    pub fn priority(self) -> i32 {
        self.0.priority()
    }
}

/// `LCMAPS_DEBUG_LEVEL` holds something that is no debug level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadDebugLevel(String);

impl fmt::Display for BadDebugLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "invalid debug level \"{}\": use a number from 0 to 5",
            self.0
        )
    }
}

impl std::error::Error for BadDebugLevel {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_levels_0_to_5_map_to_priorities_3_to_7() {
        let of = |text: &[u8]| Threshold::from_debug_level(text).map(Threshold::priority);
        for (text, priority) in [
            (b"0", 3),
            (b"1", 3),
            (b"2", 4),
            (b"3", 5),
            (b"4", 6),
            (b"5", 7),
        ] {
            assert_eq!(of(text), Ok(priority));
        }
        assert_eq!(of(b""), Ok(3));
    }

    #[test]
    fn anything_that_is_no_debug_level_is_refused() {
        for text in [
            &b"6"[..],
            b"-1",
            b"x",
            b"3x",
            b" 3",
            b"99999999999999999999",
        ] {
            assert!(Threshold::from_debug_level(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_threshold_lets_more_urgent_messages_pass() {
        let info = Threshold::default();
        assert!(info.passes(0) && info.passes(6) && info.passes(-3));
        assert!(!info.passes(7) && !info.passes(8));
    }
}
