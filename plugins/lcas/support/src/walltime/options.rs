//! The words of the module.

use std::ffi::CStr;
use std::path::Path;

use lc_module::{Failure, Words};

use super::limits::{Limit, LimitFile};
use super::parse_minutes;
use crate::finding::Finding;
use crate::places::FindFile;
use crate::voms_options::{AttributeOptions, once};

/// The options of the module.
pub const WALL_TIME_OPTIONS: &[&str] = &[
    "-max", "-limits", "-default", "-dn_only", "-vomsdir", "-VOMSDIR", "-certdir", "-CERTDIR",
];

/// What becomes of a request that names no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unnamed {
    /// It is refused: who names no time may run for ever.
    #[default]
    Refuse,
    /// It is let in.
    Allow,
    /// It is taken to ask for so many minutes.
    Take(u64),
}

/// The module's configuration.
pub struct WallTime {
    max: Option<u64>,
    limits: Option<LimitFile>,
    unnamed: Unnamed,
    dn_only: bool,
    attributes: AttributeOptions,
}

impl WallTime {
    /// Reads the words.
    ///
    /// # Errors
    /// A word is unknown or has no sense, there is no limit at all, or the file cannot be read.
    pub fn configure(mut words: Words<'_>, find: FindFile<'_>) -> Result<Self, Failure> {
        let (mut max, mut limits, mut unnamed) = (None, None, None);
        let mut dn_only = false;
        let mut attributes = AttributeOptions::default();
        while let Some(word) = words.next() {
            match word.to_bytes() {
                b"-max" => once(&mut max, word, number(word, &mut words)?)?,
                b"-limits" => {
                    let name = words.value_of(word, "the file with the limits")?;
                    once(&mut limits, word, LimitFile::open(find(name)?)?)?;
                }
                b"-default" => once(&mut unnamed, word, default(word, &mut words)?)?,
                b"-dn_only" => dn_only = true,
                _ if attributes.take(word, &mut words)? => {}
                _ => return Err(words.unknown(word, WALL_TIME_OPTIONS).into()),
            }
        }
        if max.is_none() && limits.is_none() {
            return Err(Failure::error(
                "there is no limit; set one for everybody with -max MINUTES, or name a file with -limits FILE",
            ));
        }
        Ok(Self {
            max,
            limits,
            unnamed: unnamed.unwrap_or_default(),
            dn_only,
            attributes,
        })
    }

    /// What becomes of a request that names no time.
    #[must_use]
    pub fn unnamed(&self) -> Unnamed {
        self.unnamed
    }

    /// The file with the limits, if there is one.
    #[must_use]
    pub fn limits_path(&self) -> Option<&Path> {
        self.limits.as_ref().map(LimitFile::path)
    }

    /// Whether the VOMS attributes of a user matter.
    #[must_use]
    pub fn wants_attributes(&self) -> bool {
        self.limits.is_some() && !self.dn_only
    }

    /// Where VOMS attributes are verified.
    #[must_use]
    pub fn attributes(&self) -> &AttributeOptions {
        &self.attributes
    }

    /// The limit of the user with these names.
    ///
    /// # Errors
    /// He has none, or the file is broken.
    pub fn limit<'n>(&self, names: impl Iterator<Item = &'n [u8]>) -> Result<Limit, Failure> {
        let listed = match &self.limits {
            Some(file) => file.limit(names)?,
            None => None,
        };
        let general = || {
            self.max.map(|minutes| Limit {
                minutes,
                source: "option -max".to_owned(),
            })
        };
        listed.or_else(general).ok_or_else(|| {
            Failure::refused(
                "no line of the limits fits the user, and no option -max sets a limit for everybody else",
            )
        })
    }

    /// What is wrong with the configuration.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(limits) = &self.limits {
            findings.extend(limits.findings());
            if self.wants_attributes() {
                findings.extend(self.attributes.findings());
            }
        }
        if let (Unnamed::Take(taken), Some(max), None) = (self.unnamed, self.max, &self.limits)
            && taken > max
        {
            findings.push(Finding::warning(format_args!(
                "option -default: {taken} minutes are more than -max {max}, so requests that name no time are refused"
            )));
        }
        findings
    }
}

fn number(option: &CStr, words: &mut Words<'_>) -> Result<u64, Failure> {
    const EXPECTED: &str = "a number of minutes, 1 or more";
    let value = words.value_of(option, EXPECTED)?;
    match parse_minutes(value.to_bytes()) {
        Some(minutes) if minutes > 0 => Ok(minutes),
        _ => Err(words.bad_value(option, value, EXPECTED).into()),
    }
}

fn default(option: &CStr, words: &mut Words<'_>) -> Result<Unnamed, Failure> {
    const EXPECTED: &str = "\"allow\", \"refuse\" or a number of minutes";
    let value = words.value_of(option, EXPECTED)?;
    match value.to_bytes() {
        b"allow" => Ok(Unnamed::Allow),
        b"refuse" => Ok(Unnamed::Refuse),
        text => match parse_minutes(text) {
            Some(minutes) if minutes > 0 => Ok(Unnamed::Take(minutes)),
            _ => Err(words.bad_value(option, value, EXPECTED).into()),
        },
    }
}
