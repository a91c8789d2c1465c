//! Why a module says no.

use std::error::Error;
use std::fmt::{self, Display};

use crate::Level;

/// A module's "no" with its reason. The SDK logs the reason; the framework learns only that the
/// module failed.
///
/// Every error converts into a failure at [`Level::Error`] that tells the whole chain of causes, so
/// that `?` works.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Failure {
    level: Level,
    reason: String,
}

impl Failure {
    /// The user is refused: the ordinary "no".
    pub fn refused(reason: impl Display) -> Self {
        Self::at(Level::Notice, reason)
    }

    /// The module could not decide: something is broken or set up wrongly.
    pub fn error(reason: impl Display) -> Self {
        Self::at(Level::Error, reason)
    }

    /// A failure whose reason is logged at the given level.
    pub fn at(level: Level, reason: impl Display) -> Self {
        Self {
            level,
            reason: reason.to_string(),
        }
    }

    /// The level at which the reason is logged.
    pub fn level(&self) -> Level {
        self.level
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut reason = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            let text = inner.to_string();
            // Many errors repeat their source in their own text.
            if !reason.ends_with(&text) {
                reason.push_str(": ");
                reason.push_str(&text);
            }
            cause = inner.source();
        }
        Self {
            level: Level::Error,
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot read the list")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn an_error_becomes_a_failure_with_its_causes() {
        let failure = Failure::from(Outer(std::io::Error::other("disk on fire")));
        assert_eq!(failure.to_string(), "cannot read the list: disk on fire");
        assert_eq!(failure.level(), Level::Error);
    }

    #[test]
    fn a_refusal_is_no_error() {
        assert_eq!(Failure::refused("no").level(), Level::Notice);
    }
}
