//! What a database says that may not be what its author meant. None of it changes what LCAS does.
//!
//! Some of it takes a module out of the decision, and nobody is refused for that: those are mistakes.

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
    /// Line ends of another system, which belong to values without quotes.
    CarriageReturn,
    /// A carriage return within a line, which ends no line: what is behind it may be meant as one.
    StrayCarriageReturn,
    /// More entries than there may be: this one and all behind it are ignored.
    TooManyEntries,
}

impl RemarkKind {
    /// Whether a module that should be asked may not be asked, or not with what it should be given.
    #[must_use]
    pub fn is_mistake(&self) -> bool {
        match self {
            Self::UnknownVariable(name) => resembles_a_variable(name),
            Self::SetTwice(_)
            | Self::NoModule
            | Self::LongLine
            | Self::StrayCarriageReturn
            | Self::TooManyEntries => true,
            Self::Ignored(_) | Self::CarriageReturn => false,
        }
    }
}

/// Whether a name is most likely a slip of the pen for one of the two variables.
fn resembles_a_variable(name: &[u8]) -> bool {
    const FARTHEST: usize = 2;
    let name = name.to_ascii_lowercase();
    name.starts_with(b"plug")
        || [b"pluginname", b"pluginargs"].iter().any(|variable| {
            let inside = name.windows(variable.len()).any(|part| part == *variable);
            inside || distance(&name, *variable) <= FARTHEST
        })
}

/// How many bytes have to be changed, added or taken away to make the one of the other.
fn distance(one: &[u8], other: &[u8]) -> usize {
    let longest = one.len().max(other.len());
    // Far apart anyhow, and not worth the time.
    if longest > other.len() * 2 {
        return longest;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, byte) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, wanted) in other.iter().enumerate() {
            let changed = diagonal + usize::from(byte != wanted);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
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
            Self::CarriageReturn => f.write_str(
                "the line ends in CR LF, and the CR belongs to a value without quotes: save the file with Unix line ends",
            ),
            Self::StrayCarriageReturn => f.write_str(
                "a carriage return ends no line, so what is behind it belongs to this one: save the file with Unix line ends",
            ),
            Self::TooManyEntries => write!(
                f,
                "only the first {MAX_ENTRIES} entries are used: this one and all behind it are ignored"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_told_from_another_variable() {
        for name in [
            "PluginName",
            "plugin",
            "pluginarg",
            "lpuginname",
            "puginargs",
            "\u{feff}pluginname",
            "plug-name",
        ] {
            assert!(resembles_a_variable(name.as_bytes()), "{name}");
        }
        for name in [
            "zorro",
            "modulename",
            "a",
            "args",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ] {
            assert!(!resembles_a_variable(name.as_bytes()), "{name}");
        }
        assert_eq!(distance(b"kitten", b"sitting"), 3);
    }
}
