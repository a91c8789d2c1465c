//! The words after a module's name in the policy file.

use std::ffi::{CStr, CString};

use crate::Shown;

/// What is wrong with an option of a module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionError {
    /// The module has no such option.
    #[error("unknown option \"{}\"; {}", Shown(option.to_bytes()), known_options(known))]
    Unknown {
        /// The word that was given.
        option: CString,
        /// What the module knows.
        known: &'static [&'static str],
    },
    /// The option stands at the end without its value.
    #[error("option {} needs a value: {what}", Shown(option.to_bytes()))]
    MissingValue {
        /// The option.
        option: CString,
        /// What should follow.
        what: &'static str,
    },
    /// The value of the option is none that it can have.
    #[error("option {}: \"{}\" is not {expected}", Shown(option.to_bytes()), Shown(value.to_bytes()))]
    BadValue {
        /// The option.
        option: CString,
        /// The value that was given.
        value: CString,
        /// What it should have been.
        expected: &'static str,
    },
}

fn known_options(known: &[&str]) -> String {
    if known.is_empty() {
        return "this module has no options".to_owned();
    }
    format!("known options: {}", known.join(" "))
}

/// Walks over the words of a module's configuration.
#[derive(Debug, Clone)]
pub struct Words<'a> {
    words: &'a [&'a CStr],
}

impl<'a> Words<'a> {
    /// Starts at the first of these words.
    #[must_use]
    pub fn new(words: &'a [&'a CStr]) -> Self {
        Self { words }
    }

    /// The next word, if it is there and not empty, as the value of `option`; `what` says what the
    /// value means.
    ///
    /// # Errors
    /// [`OptionError::MissingValue`] when there is none.
    pub fn value_of(&mut self, option: &CStr, what: &'static str) -> Result<&'a CStr, OptionError> {
        match self.next() {
            Some(value) if !value.is_empty() => Ok(value),
            _ => Err(OptionError::MissingValue {
                option: option.to_owned(),
                what,
            }),
        }
    }

    /// The next word as `yes` or `no`.
    ///
    /// # Errors
    /// [`OptionError`] for anything else.
    pub fn yes_or_no(&mut self, option: &CStr) -> Result<bool, OptionError> {
        const EXPECTED: &str = "\"yes\" or \"no\"";
        let value = self.value_of(option, EXPECTED)?;
        match value.to_bytes() {
            b"yes" => Ok(true),
            b"no" => Ok(false),
            _ => Err(self.bad_value(option, value, EXPECTED)),
        }
    }

    /// The error for a value of `option` that is not `expected`.
    #[must_use]
    pub fn bad_value(&self, option: &CStr, value: &CStr, expected: &'static str) -> OptionError {
        OptionError::BadValue {
            option: option.to_owned(),
            value: value.to_owned(),
            expected,
        }
    }

    /// The error for a word that is no option of this module.
    #[must_use]
    pub fn unknown(&self, option: &CStr, known: &'static [&'static str]) -> OptionError {
        OptionError::Unknown {
            option: option.to_owned(),
            known,
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a CStr;

    fn next(&mut self) -> Option<&'a CStr> {
        let (word, rest) = self.words.split_first()?;
        self.words = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_option_is_named_with_the_known_ones() {
        let error = Words::new(&[]).unknown(c"-grid", &["-gridmap", "-gridmapfile"]);
        assert_eq!(
            error.to_string(),
            "unknown option \"-grid\"; known options: -gridmap -gridmapfile"
        );
        let error = Words::new(&[]).unknown(c"-grid", &[]);
        assert_eq!(
            error.to_string(),
            "unknown option \"-grid\"; this module has no options"
        );
    }

    #[test]
    fn a_value_is_the_next_word() {
        let list = [c"-f", c"file", c"-g"];
        let mut words = Words::new(&list);
        let option = words.next().unwrap();
        assert_eq!(words.value_of(option, "a file"), Ok(c"file"));
        let option = words.next().unwrap();
        let error = words.value_of(option, "a file").unwrap_err();
        assert_eq!(error.to_string(), "option -g needs a value: a file");
    }

    #[test]
    fn an_empty_value_is_a_missing_value() {
        assert!(Words::new(&[c""]).value_of(c"-f", "a file").is_err());
    }

    #[test]
    fn yes_and_no_are_written_in_small_letters() {
        assert_eq!(Words::new(&[c"yes"]).yes_or_no(c"-s"), Ok(true));
        assert_eq!(Words::new(&[c"no"]).yes_or_no(c"-s"), Ok(false));
        let error = Words::new(&[c"YES"]).yes_or_no(c"-s").unwrap_err();
        assert_eq!(
            error.to_string(),
            "option -s: \"YES\" is not \"yes\" or \"no\""
        );
        assert!(Words::new(&[]).yes_or_no(c"-s").is_err());
    }
}
