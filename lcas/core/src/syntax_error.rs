//! What keeps a database from being read.

use std::fmt;

use crate::{Position, shown};

/// A mistake in a database. LCAS then starts with no module at all, and refuses everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where it is.
    pub position: Position,
    /// What it is.
    pub problem: Problem,
}

/// Kinds of mistakes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Text between commas without an equals sign.
    NoEquals {
        /// The text.
        text: Vec<u8>,
        /// It is the rest of a line that was cut.
        cut_off: bool,
    },
    /// Nothing in front of the equals sign.
    NoVariable,
    /// A quoted string does not end.
    OpenQuote {
        /// A comma stands behind the quote, which ends every value.
        comma: bool,
        /// The line is longer than a line may be, so its quote may be in what was cut off.
        cut_off: bool,
    },
    /// A byte order mark in front of the first line: its variable would be an unknown one, and its module not asked.
    ByteOrderMark,
    /// A NUL byte, which no text file has.
    Nul,
}

impl SyntaxError {
    /// The same error in a line of so many bytes, which may be the cause of it.
    pub(crate) fn in_line_of(mut self, length: usize) -> Self {
        if let Problem::OpenQuote { cut_off, .. } = &mut self.problem {
            *cut_off = length > crate::MAX_LINE;
        }
        self
    }

    /// The error with the name of the file in front: `FILE:LINE:COLUMN: …`.
    pub fn in_file<'a>(&'a self, file: &'a str) -> impl fmt::Display + 'a {
        fmt::from_fn(move |f| write!(f, "{file}:{self}"))
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.problem)
    }
}

impl std::error::Error for SyntaxError {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEquals { text, cut_off } => {
                write!(
                    f,
                    "there is no = in \"{}\": write pluginname=FILE, pluginargs=\"WORDS\"",
                    shown(text)
                )?;
                if *cut_off {
                    write!(
                        f,
                        " (a line ends after {} bytes; this is the rest of a longer one)",
                        crate::MAX_LINE
                    )?;
                }
                Ok(())
            }
            Self::NoVariable => {
                f.write_str("there is no name in front of =: write pluginname=FILE")
            }
            Self::OpenQuote { cut_off: true, .. } => write!(
                f,
                "the closing quote is missing: a line ends after {} bytes, and this one is longer; make it shorter",
                crate::MAX_LINE
            ),
            Self::OpenQuote { comma: false, .. } => {
                f.write_str("the closing quote is missing: a quoted value ends on its line")
            }
            Self::OpenQuote { comma: true, .. } => f.write_str(
                "the closing quote is missing: a comma ends a value even between quotes, so no \
                 value can have one",
            ),
            Self::ByteOrderMark => f.write_str(
                "the file begins with a byte order mark, which would hide the first line: save it as UTF-8 without one",
            ),
            Self::Nul => f.write_str("a NUL byte: this is no text file"),
        }
    }
}
