//! What is wrong with a configuration.

use std::fmt;
use std::path::{Path, PathBuf};

/// Something that an administrator should know about a file or a line of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file; none for what concerns the line of the database itself.
    pub file: Option<PathBuf>,
    /// Line number, the first line is 1.
    pub line: Option<u32>,
    /// Column, the first one is 1.
    pub column: Option<u32>,
    /// What it is and what to do.
    pub text: String,
}

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Works, but is most likely not meant so.
    Warning,
    /// Users are refused because of it.
    Error,
}

impl Finding {
    /// Users are refused because of this.
    #[must_use]
    pub fn error(text: impl fmt::Display) -> Self {
        Self::new(Severity::Error, text)
    }

    /// Most likely not meant so.
    #[must_use]
    pub fn warning(text: impl fmt::Display) -> Self {
        Self::new(Severity::Warning, text)
    }

    fn new(severity: Severity, text: impl fmt::Display) -> Self {
        Self {
            severity,
            file: None,
            line: None,
            column: None,
            text: text.to_string(),
        }
    }

    /// The same, at a place in a file.
    #[must_use]
    pub fn at(mut self, file: &Path, line: u32, column: u32) -> Self {
        self.file = Some(file.to_owned());
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// The same, about a whole file.
    #[must_use]
    pub fn in_file(mut self, file: &Path) -> Self {
        self.file = Some(file.to_owned());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}:", file.display())?;
            for number in [self.line, self.column].into_iter().flatten() {
                write!(f, "{number}:")?;
            }
            f.write_str(" ")?;
        }
        f.write_str(&self.text)
    }
}
