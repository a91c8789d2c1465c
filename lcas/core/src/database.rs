//! The database, `lcas.db`.
//!
//! ```text
//! file   = { line }                  a line ends at a newline or after 1023 bytes
//! line   = { blank } [ '#' … | piece { ',' piece } ]
//! piece  = { blank } [ string '=' string ]
//! string = { blank } ( '"' { byte | '\"' } '"' … | { byte but blank } [ blank … ] )
//! blank  = space | tab | newline
//! ```
//!
//! A comma ends a piece wherever it stands, and what follows a string in its piece is ignored
//! (`…`). `\"` in quotes is a quote; a backslash before anything else is a backslash.

use std::fmt;

use crate::remark::{Remark, RemarkKind};
use crate::syntax_error::{Problem, SyntaxError};

/// Most entries that are used.
pub const MAX_ENTRIES: usize = 250;

/// Longest line in bytes, its newline included.
pub const MAX_LINE: usize = 1023;

/// What some editors put at the start of a file in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The modules that a site wants to be asked, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Database {
    /// The entries that name a module.
    pub entries: Vec<Entry>,
    /// What may not be as its author meant it.
    pub remarks: Vec<Remark>,
}

/// A module and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Name or path of the module, not empty.
    pub name: Vec<u8>,
    /// Its arguments, not yet split into words.
    pub arguments: Vec<u8>,
    /// Where the entry is.
    pub position: Position,
}

/// A place in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Byte in the line, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Database {
    /// Reads a database. A file without an entry is a database, which grants nobody anything.
    ///
    /// # Errors
    /// The first mistake in the file.
    pub fn parse(text: &[u8]) -> Result<Self, SyntaxError> {
        let mut database = Self::default();
        // Entries without a module count as well.
        let mut seen = 0;
        if text.starts_with(BYTE_ORDER_MARK) {
            return Err(SyntaxError {
                position: Position { line: 1, column: 1 },
                problem: Problem::ByteOrderMark,
            });
        }
        for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            database.remark_carriage_returns(number + 1, line);
            for (index, bytes) in line.chunks(MAX_LINE).enumerate() {
                let piece = Text {
                    bytes,
                    position: Position {
                        line: number + 1,
                        column: index * MAX_LINE + 1,
                    },
                };
                if index == 1 {
                    database.remark(piece.position, RemarkKind::LongLine);
                }
                let read = database.line(piece, index > 0);
                let Some(entry) = read.map_err(|error| error.in_line_of(line.len()))? else {
                    continue;
                };
                if seen == MAX_ENTRIES {
                    database.remark(entry.position, RemarkKind::TooManyEntries);
                    return Ok(database);
                }
                seen += 1;
                if entry.name.is_empty() {
                    database.remark(entry.position, RemarkKind::NoModule);
                } else {
                    database.entries.push(entry);
                }
            }
        }
        Ok(database)
    }

    /// The first CR LF is remarked for the whole file, other carriage returns each.
    fn remark_carriage_returns(&mut self, number: usize, line: &[u8]) {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let before = text.strip_suffix(b"\r").unwrap_or(text);
        let at = |column: usize| Position {
            line: number,
            column: column + 1,
        };
        let known = |one: &Remark| one.kind == RemarkKind::CarriageReturn;
        if before.len() < text.len() && !self.remarks.iter().any(known) {
            self.remark(at(before.len()), RemarkKind::CarriageReturn);
        }
        if let Some(column) = before.iter().position(|byte| *byte == b'\r') {
            self.remark(at(column), RemarkKind::StrayCarriageReturn);
        }
    }

    /// Reads a line; nothing for a remark or a line without pieces.
    fn line(&mut self, line: Text<'_>, cut_off: bool) -> Result<Option<Entry>, SyntaxError> {
        if let Some(at) = line.bytes.iter().position(|byte| *byte == 0) {
            return Err(line.skip(at).error(Problem::Nul));
        }
        let line = line.without_blanks();
        if line.bytes.is_empty() || line.bytes[0] == b'#' {
            return Ok(None);
        }
        let (mut name, mut arguments) = (None, None);
        let mut pieces = 0;
        let mut rest = Some(line);
        while let Some(text) = rest {
            let (piece, behind) = text.split_at_byte(b',');
            rest = behind;
            let piece = piece.without_blanks();
            if piece.bytes.is_empty() {
                continue;
            }
            pieces += 1;
            let (variable, Some(value)) = piece.split_at_byte(b'=') else {
                return Err(piece.error(Problem::NoEquals {
                    text: piece.bytes.trim_ascii_end().to_vec(),
                    cut_off,
                }));
            };
            let variable = self.string(variable, rest.is_some())?;
            if variable.is_empty() {
                return Err(piece.error(Problem::NoVariable));
            }
            let value = self.string(value, rest.is_some())?;
            // Only the first ten bytes of a variable count.
            let place = if variable.starts_with(b"pluginname") {
                &mut name
            } else if variable.starts_with(b"pluginargs") {
                &mut arguments
            } else {
                self.remark(piece.position, RemarkKind::UnknownVariable(variable));
                continue;
            };
            if place.replace(value).is_some() {
                self.remark(piece.position, RemarkKind::SetTwice(variable));
            }
        }
        Ok((pieces > 0).then(|| Entry {
            name: name.unwrap_or_default(),
            arguments: arguments.unwrap_or_default(),
            position: line.position,
        }))
    }

    /// The string that a text begins with; `comma` tells whether a comma follows the text.
    fn string(&mut self, text: Text<'_>, comma: bool) -> Result<Vec<u8>, SyntaxError> {
        let text = text.without_blanks();
        let (value, rest) = match text.bytes.strip_prefix(b"\"") {
            Some(quoted) => {
                let end = closing_quote(quoted).ok_or_else(|| {
                    text.error(Problem::OpenQuote {
                        comma,
                        cut_off: false,
                    })
                })?;
                (without_escapes(&quoted[..end]), text.skip(end + 2))
            }
            None => {
                let end = text.bytes.iter().position(is_blank);
                let end = end.unwrap_or(text.bytes.len());
                (text.bytes[..end].to_vec(), text.skip(end))
            }
        };
        let ignored = rest.without_blanks();
        let words = ignored.bytes.trim_ascii_end();
        if !words.is_empty() {
            self.remark(ignored.position, RemarkKind::Ignored(words.to_vec()));
        }
        Ok(value)
    }

    fn remark(&mut self, position: Position, kind: RemarkKind) {
        self.remarks.push(Remark { position, kind });
    }
}

/// Bytes that know where they are from.
#[derive(Clone, Copy)]
struct Text<'a> {
    bytes: &'a [u8],
    position: Position,
}

impl<'a> Text<'a> {
    /// What is behind the first `count` bytes.
    fn skip(self, count: usize) -> Self {
        Self {
            bytes: self.bytes.get(count..).unwrap_or_default(),
            position: Position {
                column: self.position.column + count,
                ..self.position
            },
        }
    }

    fn without_blanks(self) -> Self {
        let blanks = self.bytes.iter().take_while(|byte| is_blank(byte)).count();
        self.skip(blanks)
    }

    /// What is before the first of these bytes, and what is behind it if there is one.
    fn split_at_byte(self, separator: u8) -> (Self, Option<Self>) {
        match self.bytes.iter().position(|byte| *byte == separator) {
            None => (self, None),
            Some(at) => {
                let before = Self {
                    bytes: &self.bytes[..at],
                    ..self
                };
                (before, Some(self.skip(at + 1)))
            }
        }
    }

    fn error(self, problem: Problem) -> SyntaxError {
        SyntaxError {
            position: self.position,
            problem,
        }
    }
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n')
}

/// Where a quoted string ends: at the first quote without a backslash before it.
fn closing_quote(quoted: &[u8]) -> Option<usize> {
    (0..quoted.len()).find(|&at| quoted[at] == b'"' && (at == 0 || quoted[at - 1] != b'\\'))
}

/// `\"` becomes `"`.
fn without_escapes(quoted: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(quoted.len());
    for &byte in quoted {
        if byte == b'"' {
            // Every quote inside has a backslash before it.
            value.pop();
        }
        value.push(byte);
    }
    value
}

#[cfg(test)]
#[path = "database_tests.rs"]
mod tests;
