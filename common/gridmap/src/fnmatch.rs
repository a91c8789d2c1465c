//! Shell patterns as `fnmatch(3)` of glibc has them with `FNM_NOESCAPE` and no
//! other flag in the C locale.
//!
//! ```text
//! *        any bytes, also none, also '/' and a leading '.'
//! ?        any one byte
//! [abc]    one byte of a set; [!abc] and [^abc] one byte outside it; a ']' that comes first belongs to the set
//! [a-f]    a range of byte values        [[:digit:]]  a class
//! [[.x.]]  the byte x                    [[=x=]]      the byte x
//! other    the byte itself, also '\'; so is a '[' that no ']' closes
//! ```
//!
//! A set with an unknown class, or with a symbol of more than one byte, is
//! matched by nothing.
//!
//! Matching needs at most (pattern length × text length) steps: a `*` takes as
//! little as possible, and when the rest does not fit, only the last `*` is
//! extended, because an earlier one could not reach anything further.

use memchr::{memchr3, memmem};

/// Whether `text` matches the shell pattern.
///
/// `*` and `?` match every byte, `/` and a leading `.` included; a backslash is
/// an ordinary byte; upper and lower case differ. See the head of this module's
/// source for the complete list.
#[must_use]
pub fn fnmatch(pattern: &[u8], text: &[u8]) -> bool {
    // Most lines differ here or are no patterns at all.
    let Some(plain) = first_wildcard(pattern) else {
        return pattern == text;
    };
    if !text.starts_with(&pattern[..plain]) {
        return false;
    }
    let (mut p, mut t) = (plain, plain);
    // Where to go on when the rest does not fit: pattern behind the last `*`,
    // and the text byte that this `*` takes in next.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let fits = match pattern.get(p) {
            Some(b'*') => {
                p += 1;
                retry = Some((p, t));
                continue;
            }
            None if t == text.len() => return true,
            None => None,
            Some(_) => text.get(t).and_then(|byte| one(&pattern[p..], *byte)),
        };
        if let Some(length) = fits {
            p += length;
            t += 1;
            continue;
        }
        match &mut retry {
            Some((after_star, taken)) if *taken < text.len() => {
                *taken += 1;
                (p, t) = (*after_star, *taken);
            }
            _ => return false,
        }
    }
}

/// Whether the bytes are more than a plain name to [`fnmatch`].
pub(crate) fn has_wildcard(pattern: &[u8]) -> bool {
    first_wildcard(pattern).is_some()
}

fn first_wildcard(pattern: &[u8]) -> Option<usize> {
    memchr3(b'*', b'?', b'[', pattern)
}

/// Matches the first element of a pattern (no `*`) with a byte and returns the
/// length of the element.
fn one(pattern: &[u8], byte: u8) -> Option<usize> {
    match pattern {
        [b'?', ..] => Some(1),
        [b'[', set @ ..] => match bracket(set, byte) {
            Bracket::Unclosed => (byte == b'[').then_some(1),
            Bracket::Matches { length } => Some(length + 1),
            Bracket::Differs => None,
        },
        [first, ..] => (*first == byte).then_some(1),
        [] => None,
    }
}

enum Bracket {
    /// No set after all: the `[` is an ordinary byte.
    Unclosed,
    /// The byte matches; the set has this length, without the `[`.
    Matches {
        length: usize,
    },
    Differs,
}

/// Matches a byte with the set that begins behind a `[`.
fn bracket(set: &[u8], byte: u8) -> Bracket {
    let negated = matches!(set.first(), Some(b'!' | b'^'));
    let first = usize::from(negated);
    let mut at = first;
    loop {
        let rest = match set.get(at..) {
            None | Some([]) => return Bracket::Unclosed,
            Some([b']', ..]) if at > first && negated => {
                return Bracket::Matches { length: at + 1 };
            }
            Some([b']', ..]) if at > first => return Bracket::Differs,
            Some(rest) => rest,
        };
        let (member, length) = match element(rest) {
            Element::Byte { low, length } => match range_end(&rest[length..], length > 1) {
                RangeEnd::None => (byte == low, length),
                RangeEnd::Missing if byte == low => (true, length),
                RangeEnd::Missing => return Bracket::Differs,
                RangeEnd::Dangling => (false, length),
                RangeEnd::Invalid => return Bracket::Differs,
                RangeEnd::Byte { high, behind } => ((low..=high).contains(&byte), length + behind),
            },
            Element::Equivalent { to, length } => (byte == to, length),
            Element::Class { name, length } => match class(name) {
                Some(class) => (class(&byte), length),
                None => return Bracket::Differs,
            },
            Element::Invalid => return Bracket::Differs,
        };
        at += length;
        if member {
            return match skip(set, at) {
                Bracket::Matches { .. } if negated => Bracket::Differs,
                other => other,
            };
        }
    }
}

/// Finds the end of a set whose elements from `at` on decide nothing any more.
/// An unknown class or a symbol of any length is allowed here, as in glibc.
fn skip(set: &[u8], mut at: usize) -> Bracket {
    loop {
        at += match set.get(at..) {
            None | Some([]) => return Bracket::Unclosed,
            Some([b']', ..]) => return Bracket::Matches { length: at + 1 },
            Some([b'[', b'=', _, b'=', b']', ..]) => 5,
            Some([b'[', b'=', ..]) => return Bracket::Differs,
            Some([b'[', b'.', symbol @ ..]) => match memmem::find(symbol, b".]") {
                Some(end) => end + 4,
                None => return Bracket::Differs,
            },
            Some(rest) => match element(rest) {
                Element::Class { length, .. } => length,
                _ => 1,
            },
        };
    }
}

/// An element of a set.
enum Element<'a> {
    /// A byte, or the low end of a range.
    Byte { low: u8, length: usize },
    /// `[=x=]`
    Equivalent { to: u8, length: usize },
    /// `[:name:]`
    Class { name: &'a [u8], length: usize },
    /// A symbol `[.…` that is not closed or not a single byte.
    Invalid,
}

/// The element at the start of the rest of a set, which is not empty.
fn element(rest: &[u8]) -> Element<'_> {
    let plain = Element::Byte {
        low: rest[0],
        length: 1,
    };
    match rest {
        [b'[', b':', name @ ..] => {
            // No class has a `z` in its name; glibc does not look for one.
            let end = name.iter().position(|b| !(b'a'..=b'y').contains(b));
            match end {
                Some(end) if name[end..].starts_with(b":]") => Element::Class {
                    name: &name[..end],
                    length: end + 4,
                },
                _ => plain,
            }
        }
        [b'[', b'=', to, b'=', b']', ..] => Element::Equivalent { to: *to, length: 5 },
        [b'[', b'.', ..] => match symbol(rest) {
            Some((low, length)) => Element::Byte { low, length },
            None => Element::Invalid,
        },
        _ => plain,
    }
}

/// `[.x.]`: the byte and the length.
fn symbol(rest: &[u8]) -> Option<(u8, usize)> {
    match rest.strip_prefix(b"[.")? {
        [byte, b'.', b']', ..] => Some((*byte, 5)),
        _ => None,
    }
}

enum RangeEnd {
    /// No range.
    None,
    /// A `-` that ends the pattern.
    Missing,
    /// A symbol, a `-`, and the end of the set: glibc does not look at the
    /// symbol then.
    Dangling,
    Byte {
        high: u8,
        behind: usize,
    },
    Invalid,
}

/// What comes behind a byte of a set.
fn range_end(rest: &[u8], behind_symbol: bool) -> RangeEnd {
    match rest {
        [b'-', b']', ..] if behind_symbol => RangeEnd::Dangling,
        [b'-', b']', ..] => RangeEnd::None,
        [b'-'] => RangeEnd::Missing,
        [b'-', b'[', b'.', ..] => match symbol(&rest[1..]) {
            Some((high, length)) => RangeEnd::Byte {
                high,
                behind: 1 + length,
            },
            None => RangeEnd::Invalid,
        },
        [b'-', high, ..] => RangeEnd::Byte {
            high: *high,
            behind: 2,
        },
        _ => RangeEnd::None,
    }
}

/// The test for a class of characters; `None` for an unknown class.
fn class(name: &[u8]) -> Option<fn(&u8) -> bool> {
    Some(match name {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"blank" => |b| matches!(b, b' ' | b'\t'),
        b"cntrl" => u8::is_ascii_control,
        b"digit" => u8::is_ascii_digit,
        b"graph" => u8::is_ascii_graphic,
        b"lower" => u8::is_ascii_lowercase,
        b"print" => |b| b.is_ascii_graphic() || *b == b' ',
        b"punct" => u8::is_ascii_punctuation,
        b"space" => |b| b.is_ascii_whitespace() || *b == 0x0b,
        b"upper" => u8::is_ascii_uppercase,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    })
}
