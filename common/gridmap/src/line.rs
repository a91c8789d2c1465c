//! One line of a map file: `blanks name separators mapping separators mapping … # comment`.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3};

use crate::error::Fault;

/// A fault and the byte offset in the line where it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineFault {
    pub(crate) at: usize,
    pub(crate) fault: Fault,
}

/// The name of a line, as written, and everything behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) quoted: bool,
    pub(crate) rest: &'a [u8],
}

/// What some editors put at the start of a file in UTF-8. It belongs to no name.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A line with its place in the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbered<'a> {
    pub(crate) number: u32,
    pub(crate) offset: usize,
    /// `Ok(None)` for blank lines and comments.
    pub(crate) entry: Result<Option<Entry<'a>>, LineFault>,
}

/// Iterator over the lines of a file.
pub(crate) struct Lines<'a> {
    bytes: &'a [u8],
    offset: usize,
    number: u32,
}

impl<'a> Lines<'a> {
    /// The whole file, from behind its byte order mark.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let offset = if bytes.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        Self::starting_at(bytes, offset, 1)
    }

    /// Begins at `offset`, which is the start of line `number`.
    pub(crate) fn starting_at(bytes: &'a [u8], offset: usize, number: u32) -> Self {
        Self {
            bytes,
            offset,
            number,
        }
    }

    /// The number of the line that comes next.
    pub(crate) fn next_number(&self) -> u32 {
        self.number
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Numbered<'a>;

    fn next(&mut self) -> Option<Numbered<'a>> {
        let (offset, number) = (self.offset, self.number);
        let rest = self.bytes.get(offset..).filter(|rest| !rest.is_empty())?;
        let mut end = memchr2(b'\n', 0, rest).unwrap_or(rest.len());
        let entry = if rest.get(end) == Some(&0) {
            let at = end;
            end += memchr(b'\n', &rest[end..]).unwrap_or(rest.len() - end);
            Err(LineFault {
                at,
                fault: Fault::Nul,
            })
        } else {
            split(&rest[..end])
        };
        self.offset = offset + end + 1;
        self.number = number.saturating_add(1);
        Some(Numbered {
            number,
            offset,
            entry,
        })
    }
}

/// Takes a line apart. The mappings are not looked at, except for a backslash
/// that ends the line.
fn split(line: &[u8]) -> Result<Option<Entry<'_>>, LineFault> {
    let Some(start) = line.iter().position(|b| !is_blank(*b)) else {
        return Ok(None);
    };
    let text = &line[start..];
    let (name, rest) = match text[0] {
        b'#' => return Ok(None),
        b'"' => {
            let inside = &text[1..];
            let close = end_of_name(inside, |from| memchr2(b'"', b'\\', from));
            let close = close.filter(|at| *at < inside.len()).ok_or(LineFault {
                at: start,
                fault: Fault::OpenQuote,
            })?;
            (&inside[..close], &inside[close + 1..])
        }
        _ => {
            let end = end_of_name(text, |from| memchr3(b' ', b'\t', b'\\', from));
            let end = end.ok_or(LineFault {
                at: line.len() - 1,
                fault: Fault::TrailingBackslash,
            })?;
            (&text[..end], &text[end..])
        }
    };
    if rest.ends_with(b"\\") && rest_ends_in_open_backslash(rest) {
        return Err(LineFault {
            at: line.len() - 1,
            fault: Fault::TrailingBackslash,
        });
    }
    Ok(Some(Entry {
        name,
        quoted: text[0] == b'"',
        rest,
    }))
}

/// The end of a name: the first byte that `stop` finds and that is no
/// backslash, or the end of the text. A backslash protects the byte behind it.
/// `None` when there is no such byte.
fn end_of_name(text: &[u8], stop: impl Fn(&[u8]) -> Option<usize>) -> Option<usize> {
    let mut at = 0;
    while let Some(hit) = stop(&text[at..]) {
        at += hit;
        if text[at] != b'\\' {
            return Some(at);
        }
        at += 2;
        if at > text.len() {
            return None;
        }
    }
    Some(text.len())
}

fn rest_ends_in_open_backslash(rest: &[u8]) -> bool {
    let mut bytes = rest.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'#' => return false,
            b'\\' if bytes.next().is_none() => return true,
            _ => {}
        }
    }
    false
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

impl<'a> Entry<'a> {
    /// The mappings of the line, backslashes resolved.
    pub(crate) fn mappings(&self) -> Mappings<'a> {
        Mappings { rest: self.rest }
    }
}

/// Iterator over the mappings of a line.
pub(crate) struct Mappings<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Mappings<'a> {
    type Item = Cow<'a, [u8]>;

    fn next(&mut self) -> Option<Cow<'a, [u8]>> {
        let separator = |b: &u8| is_blank(*b) || *b == b',';
        let start = self.rest.iter().position(|b| !separator(b))?;
        let text = &self.rest[start..];
        let mut end = 0;
        let mut protected = false;
        while let Some(byte) = text.get(end) {
            match byte {
                b'#' => break,
                b'\\' => {
                    protected = true;
                    end += 2;
                }
                b if separator(b) => break,
                _ => end += 1,
            }
        }
        let end = end.min(text.len());
        if end == 0 {
            self.rest = &[];
            return None;
        }
        self.rest = &text[end..];
        let raw = &text[..end];
        Some(if protected {
            Cow::Owned(without_backslashes(raw))
        } else {
            Cow::Borrowed(raw)
        })
    }
}

fn without_backslashes(raw: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'\\' => bytes.next().unwrap_or(byte),
            _ => byte,
        };
        plain.push(*byte);
    }
    plain
}
