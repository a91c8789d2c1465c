//! From bytes to tokens.

use crate::error::Fault;
use crate::tree::{Connective, Operator};

/// A token with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Offset of its first byte.
    pub(crate) start: usize,
    /// Offset behind its last byte.
    pub(crate) end: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Open,
    Close,
    Connective(Connective),
    Operator(Operator),
    Hash,
    Dollar,
    Unquoted(Vec<u8>),
    Quoted(Vec<u8>),
}

/// A fault and the offset where it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At(pub(crate) usize, pub(crate) Fault);

/// All tokens of a text.
pub(crate) fn tokens(text: &[u8]) -> Result<Vec<Token>, At> {
    if let Some(at) = text.iter().position(|byte| *byte == 0) {
        return Err(At(at, Fault::Nul));
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = skip(text, at)? {
        let (kind, end) = token(text, start)?;
        found.push(Token { kind, start, end });
        at = end;
    }
    Ok(found)
}

/// Where the next token begins, behind blanks and comments.
fn skip(text: &[u8], mut at: usize) -> Result<Option<usize>, At> {
    loop {
        match &text[at..] {
            [] => return Ok(None),
            [b' ' | b'\t' | b'\n', ..] => at += 1,
            [b'(', b'*', inside @ ..] => {
                let end = inside.windows(2).position(|pair| pair == b"*)");
                at += 4 + end.ok_or(At(at, Fault::OpenComment))?;
            }
            _ => return Ok(Some(at)),
        }
    }
}

fn token(text: &[u8], start: usize) -> Result<(Kind, usize), At> {
    let one = |kind| Ok((kind, start + 1));
    let two = |kind| Ok((kind, start + 2));
    match &text[start..] {
        [b'(', ..] => one(Kind::Open),
        [b')', ..] => one(Kind::Close),
        [b'&', ..] => one(Kind::Connective(Connective::Conjunction)),
        [b'|', ..] => one(Kind::Connective(Connective::Disjunction)),
        [b'+', ..] => one(Kind::Connective(Connective::MultiRequest)),
        [b'=', ..] => one(Kind::Operator(Operator::Equal)),
        [b'!', b'=', ..] => two(Kind::Operator(Operator::NotEqual)),
        [b'<', b'=', ..] => two(Kind::Operator(Operator::LessOrEqual)),
        [b'<', ..] => one(Kind::Operator(Operator::Less)),
        [b'>', b'=', ..] => two(Kind::Operator(Operator::GreaterOrEqual)),
        [b'>', ..] => one(Kind::Operator(Operator::Greater)),
        [b'#', ..] => one(Kind::Hash),
        [b'$', ..] => one(Kind::Dollar),
        [quote @ (b'"' | b'\''), ..] => quoted(text, start, start + 1, *quote),
        [b'^', rest @ ..] => match rest.first() {
            None | Some(b' ' | b'\t' | b'\n') => Err(At(start, Fault::NoDelimiter)),
            Some(delimiter) => quoted(text, start, start + 2, *delimiter),
        },
        rest => {
            let length = rest.iter().position(|byte| !is_plain(*byte));
            match length.unwrap_or(rest.len()) {
                0 => Err(At(start, Fault::Unexpected)),
                length => Ok((Kind::Unquoted(rest[..length].to_vec()), start + length)),
            }
        }
    }
}

/// A quoted literal whose text begins at `from`.
fn quoted(text: &[u8], start: usize, from: usize, quote: u8) -> Result<(Kind, usize), At> {
    let mut literal = Vec::new();
    let mut at = from;
    loop {
        let length = text[at..].iter().position(|byte| *byte == quote);
        let close = at + length.ok_or(At(start, Fault::OpenQuote))?;
        literal.extend_from_slice(&text[at..close]);
        if text.get(close + 1) != Some(&quote) {
            return Ok((Kind::Quoted(literal), close + 1));
        }
        literal.push(quote);
        at = close + 2;
    }
}

/// Whether a byte can stand in an unquoted literal, not necessarily as the first one.
fn is_plain(byte: u8) -> bool {
    !matches!(
        byte,
        b' ' | b'\t'
            | b'\n'
            | b'('
            | b')'
            | b'='
            | b'<'
            | b'>'
            | b'!'
            | b'"'
            | b'\''
            | b'^'
            | b'#'
            | b'$'
            | b'*'
            | b'?'
            | b'~'
    )
}
