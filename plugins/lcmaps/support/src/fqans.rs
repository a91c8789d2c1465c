//! The FQANs of a user, and what a map file has for none of them.

use std::ffi::CString;
use std::fmt::{self, Display};

use lcmaps_plugin::{Failure, Run, Shown};

/// A refusal tells of so many FQANs why they did not do, and of the others that there are more.
const MOST_REASONS: usize = 8;

/// The FQANs that count, in their order. The module declares [`Argument::Fqans`].
///
/// [`Argument::Fqans`]: lcmaps_plugin::Argument::Fqans
///
/// # Errors
/// The user has none.
pub fn fqans_of(run: &Run<'_>) -> Result<Vec<CString>, Failure> {
    let fqans = run.settle_fqans();
    if fqans.is_empty() {
        return Err(Failure::refused(
            "no (valid) VOMS groups found --> no mapping: the user has no FQANs",
        ));
    }
    Ok(fqans)
}

/// FQANs that did not do, with the reasons.
#[derive(Debug, Default)]
pub struct Misses {
    reasons: Vec<String>,
    more: usize,
}

impl Misses {
    /// Adds one; `why` begins with what separates it from the name.
    pub fn add(&mut self, fqan: &[u8], why: impl Display) {
        if self.reasons.len() == MOST_REASONS {
            self.more += 1;
        } else {
            self.reasons.push(format!("\"{}\"{why}", Shown(fqan)));
        }
    }
}

impl Display for Misses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reasons.join(", "))?;
        match self.more {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_some_fqans_with_reasons_and_counts_the_others() {
        let mut misses = Misses::default();
        misses.add(b"/vo", " (line 3)");
        misses.add(b"/vo/b", "");
        assert_eq!(misses.to_string(), "\"/vo\" (line 3), \"/vo/b\"");
        for _ in 0..100 {
            misses.add(b"/x", "");
        }
        let text = misses.to_string();
        assert!(text.ends_with("\"/x\" and 94 more"), "{text}");
        assert_eq!(text.matches("\"/x\"").count(), 6);
    }
}
