//! What a check finds, and where.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use lcmaps_pdl::Span;
use lcmaps_tools::printable::printable;
use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Works, but probably not as it was meant.
    Warning,
    /// The configuration, or a part of it, does not work.
    Error,
}

/// A place in a file; line and column are 0 where the whole file is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: u32,
    /// The column in bytes, from 1.
    pub column: u32,
}

impl Place {
    /// A whole file.
    pub fn of_file(file: &Path) -> Self {
        Self::of_line(file, 0, 0)
    }

    /// A line of a file.
    pub fn of_line(file: &Path, line: u32, column: u32) -> Self {
        Self {
            file: file.to_owned(),
            line,
            column,
        }
    }

    /// A place in the policy file.
    pub fn of_span(file: &Path, span: Span) -> Self {
        Self::of_line(file, span.line, span.column)
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Finding {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 for the whole file.
    pub line: u32,
    /// The column in bytes, from 1; 0 for the whole line or file.
    pub column: u32,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub advice: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.file))?;
        for number in [self.line, self.column].iter().filter(|n| **n > 0) {
            write!(f, ":{number}")?;
        }
        let severity = match self.severity {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let message = self.message.trim_end_matches(['.', ';']);
        write!(f, ": {severity}: {}", printable(message))?;
        match &self.advice {
            Some(advice) => write!(f, "; {}", printable(advice)),
            None => Ok(()),
        }
    }
}

/// Collects findings; the same one twice is one.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
    known: HashSet<Finding>,
}

impl Findings {
    /// The configuration, or a part of it, does not work.
    pub fn error(&mut self, place: &Place, message: impl Into<String>, advice: &str) {
        self.add(Severity::Error, place, message.into(), advice);
    }

    /// It works, but probably not as it was meant.
    pub fn warning(&mut self, place: &Place, message: impl Into<String>, advice: &str) {
        self.add(Severity::Warning, place, message.into(), advice);
    }

    /// Worth knowing.
    pub fn info(&mut self, place: &Place, message: impl Into<String>, advice: &str) {
        self.add(Severity::Info, place, message.into(), advice);
    }

    /// An empty advice is none.
    pub fn add(&mut self, severity: Severity, place: &Place, message: String, advice: &str) {
        let finding = Finding {
            file: place.file.to_string_lossy().into_owned(),
            line: place.line,
            column: place.column,
            severity,
            message,
            advice: (!advice.is_empty()).then(|| advice.to_owned()),
        };
        if self.known.insert(finding.clone()) {
            self.list.push(finding);
        }
    }

    /// All findings, in the order in which they were made.
    pub fn finish(self) -> Vec<Finding> {
        self.list
    }
}
