//! A "yes".

use std::fmt::{self, Display};

/// A module's "yes" with its reason, which the SDK logs at info.
///
/// ```
/// # use lcas_plugin::Granted;
/// assert_eq!(Granted::because("the user is not in the list").to_string(), "the user is not in the list");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Granted {
    reason: String,
}

impl Granted {
    /// Grants for this reason: what was looked at, and what it says.
    pub fn because(reason: impl Display) -> Self {
        Self {
            reason: reason.to_string(),
        }
    }
}

impl Display for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}
