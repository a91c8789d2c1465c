//! What a database says that may not be what its author meant. None of it changes what LCAS does.

use std::fmt;

use crate::{MAX_ENTRIES, MAX_LINE, Position, shown};

/// A remark about a place in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Where.
    pub position: Position,
    /// What.
    pub kind: RemarkKind,
}

/// Kinds of remarks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemarkKind {
    /// A variable that LCAS does not know, and ignores.
    UnknownVariable(Vec<u8>),
    /// A variable that a line sets twice; the last one counts.
    SetTwice(Vec<u8>),
    /// Text behind a value, which is ignored.
    Ignored(Vec<u8>),
    /// A line that names no module, and is ignored.
    NoModule,
    /// A line that is longer than a line may be; the rest counts as a line of its own.
    LongLine,
    /// More entries than there may be: this one and all behind it are ignored.
    TooManyEntries,
}

impl Remark {
    /// The remark with the name of the file in front: `FILE:LINE:COLUMN: …`.
    pub fn in_file<'a>(&'a self, file: &'a str) -> impl fmt::Display + 'a {
        fmt::from_fn(move |f| write!(f, "{file}:{self}"))
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.kind)
    }
}

impl fmt::Display for RemarkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVariable(name) => write!(
                f,
                "\"{}\" is ignored: the variables are pluginname and pluginargs",
                shown(name)
            ),
            Self::SetTwice(name) => {
                write!(f, "\"{}\" is set twice: the last one counts", shown(name))
            }
            Self::Ignored(text) => write!(f, "\"{}\" behind the value is ignored", shown(text)),
            Self::NoModule => f.write_str("this line names no module and is ignored"),
            Self::LongLine => write!(
                f,
                "this line has more than {MAX_LINE} bytes: what is behind them counts as a line of its own"
            ),
            Self::TooManyEntries => write!(
                f,
                "only the first {MAX_ENTRIES} entries are used: this one and all behind it are ignored"
            ),
        }
    }
}
