//! How important a log line is.

/// The syslog priorities that the frameworks use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something is broken and needs an administrator.
    Error,
    /// Something is odd but was dealt with.
    Warning,
    /// A decision that an operator wants to see: a refusal, for one.
    Notice,
    /// What happened, in a sentence.
    Info,
    /// Details for somebody who looks for a fault.
    Debug,
}

impl Level {
    /// The syslog priority.
    #[must_use]
    pub fn priority(self) -> i32 {
        match self {
            Self::Error => 3,
            Self::Warning => 4,
            Self::Notice => 5,
            Self::Info => 6,
            Self::Debug => 7,
        }
    }
}
