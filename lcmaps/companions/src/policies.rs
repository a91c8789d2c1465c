//! `$LCMAPS_POLICY_NAME`: which policies a companion runs.

use std::ffi::{CString, c_char, c_int};
use std::os::unix::ffi::OsStrExt;

use lc_c_boundary::argument_vector::ArgumentVector;
use lc_configuration::{TokenizeError, tokenize};

/// More names than these are refused, as in the original.
const MOST: usize = 9;

/// The names, as the run functions take them. None of them means all policies.
#[derive(Debug)]
pub struct Policies(ArgumentVector);

impl Policies {
    /// Reads the variable. Unset or empty means all policies.
    ///
    /// # Errors
    /// Why the list is refused: guessing could run a policy that nobody asked for.
    pub fn from_environment() -> Result<Self, String> {
        let text = lc_os::variable("LCMAPS_POLICY_NAME").unwrap_or_default();
        let words = tokenize(text.as_bytes(), b":", MOST).map_err(|problem| match problem {
            TokenizeError::TooMany(_) => {
                format!(
                    "LCMAPS_POLICY_NAME: the policy list is too large (max = {})",
                    MOST + 1
                )
            }
            TokenizeError::UnmatchedQuote(_) => format!("LCMAPS_POLICY_NAME: {problem}"),
        })?;
        let words: Result<Vec<_>, _> = words.into_iter().map(CString::new).collect();
        let words = words.map_err(|_| "LCMAPS_POLICY_NAME: a name has a NUL byte".to_owned())?;
        Ok(Self(ArgumentVector::new(words)))
    }

    /// Their number.
    #[must_use]
    pub fn count(&self) -> c_int {
        self.0.count()
    }

    /// The first of them.
    #[must_use]
    pub fn names(&self) -> *mut *mut c_char {
        self.0.as_ptr()
    }
}
