//! Bytes to tokens.
//!
//! | token        | text                                                                              |
//! |--------------|-----------------------------------------------------------------------------------|
//! | blank        | one or more of space and tab: skipped                                             |
//! | newline      | LF: skipped                                                                       |
//! | comment      | `#` to the end of the line, LF included: skipped; without the LF it is no comment |
//! | `Label`      | at the start of a line: optional blanks, a word, `:`                              |
//! | `Path`       | the word `path`; what follows it up to the end of the line is a *path line*       |
//! | `Word`       | one or more of `A-Z a-z 0-9 _ . /`                                                |
//! | `Text`       | a string, or a piece of one, see [`Lexer::string`]                                |
//! | marks        | `->` `~` `=` `\|`                                                                 |
//! | `Stray`      | any other byte                                                                    |
//!
//! The longest match wins. In a path line a word is a `Directory`, there are no labels, strings and arrows, and every
//! other byte is an `Ignored`: the original prints these bytes to the program's standard output and goes on.

use memchr::{memchr, memchr2, memrchr};

use crate::span::{Span, narrow};
use crate::steps;

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub kind: TokenKind<'t>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind<'t> {
    /// A word with a colon; the name is the text without the colon, with the blanks before it.
    Label(&'t [u8]),
    Path,
    /// A word in a path line.
    Directory(&'t [u8]),
    Word(&'t [u8]),
    Text(Piece<'t>),
    Arrow,
    Tilde,
    Equals,
    Bar,
    /// A byte that the original skips in a path line.
    Ignored(u8),
    /// A byte that fits nowhere.
    Stray(u8),
    /// A string that is not closed on its line, or whose `\"` have no partner.
    Unbalanced {
        /// The string is open because of a `\"` without a partner.
        escape: bool,
    },
    /// A string that the end of the file cuts off.
    Cut,
    End,
}

/// A string, or the part of a string up to and with a `\"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'t> {
    /// The bytes between the quotes; of a `\"` at the end neither the backslash nor the quote.
    pub body: &'t [u8],
    /// The piece ends with a `\"`: a quote follows the body and belongs to the text.
    pub quote: bool,
}

/// What the next byte is a part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Normal,
    PathLine,
    /// Behind the first `\"` of a pair, at its quote.
    Escaped,
}

pub(crate) struct Lexer<'t> {
    text: &'t [u8],
    at: usize,
    line: u32,
    line_start: usize,
    mode: Mode,
    /// Where the last newline of the text is, 0 if there is none: a comment has to begin before it.
    last_newline: usize,
    /// Comments met so far.
    pub comments: Vec<Span>,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Lexer {
            text,
            at: 0,
            line: 1,
            line_start: 0,
            mode: Mode::Normal,
            last_newline: memrchr(b'\n', text).unwrap_or_default(),
            comments: Vec::new(),
        }
    }

    /// The next token. At the end of the file, and behind an open string, every call gives the same last token.
    pub(crate) fn next(&mut self) -> Token<'t> {
        if self.mode == Mode::Escaped {
            return self.string();
        }
        loop {
            steps::count(1);
            let Some(&byte) = self.text.get(self.at) else {
                return self.token(TokenKind::End, 0);
            };
            if self.at == self.line_start
                && self.mode == Mode::Normal
                && let Some(label) = self.label()
            {
                return label;
            }
            match byte {
                b' ' | b'\t' => self.at += 1,
                b'\n' => self.newline(),
                b'#' if self.at < self.last_newline => self.comment(),
                _ => return self.visible(byte),
            }
        }
    }

    /// A token that starts with a byte that is neither skipped nor the start of a comment.
    fn visible(&mut self, byte: u8) -> Token<'t> {
        if is_word(byte) {
            return self.word();
        }
        match (byte, self.mode) {
            (b'~', _) => self.token(TokenKind::Tilde, 1),
            (b'=', _) => self.token(TokenKind::Equals, 1),
            (b'|', _) => self.token(TokenKind::Bar, 1),
            (b'-', Mode::Normal) if self.text.get(self.at + 1) == Some(&b'>') => {
                self.token(TokenKind::Arrow, 2)
            }
            (b'"', Mode::Normal) => self.string(),
            _ => self.stray(byte),
        }
    }

    /// Blanks, a word and a colon at the start of a line.
    fn label(&mut self) -> Option<Token<'t>> {
        let rest = self.rest();
        let blanks = run(rest, |byte| byte == b' ' || byte == b'\t');
        let word = run(rest.get(blanks..)?, is_word);
        let length = blanks + word;
        if word == 0 || rest.get(length) != Some(&b':') {
            return None;
        }
        let name = rest.get(..length)?;
        Some(self.token(TokenKind::Label(name), length + 1))
    }

    fn word(&mut self) -> Token<'t> {
        let rest = self.rest();
        let (word, _) = rest.split_at(run(rest, is_word));
        let kind = match (self.mode, word) {
            (Mode::PathLine, _) => TokenKind::Directory(word),
            (_, b"path") => {
                self.mode = Mode::PathLine;
                TokenKind::Path
            }
            _ => TokenKind::Word(word),
        };
        self.token(kind, word.len())
    }

    /// A string from one quote to the next on the same line, or a piece of a string.
    ///
    /// The only escape is `\"`, and it comes in pairs. A piece that ends in `\"` is delivered with that quote, and the
    /// *same* quote opens the next piece. The piece behind the first `\"` of a pair has to end in the second `\"`; the
    /// piece behind the second may end either way. `"m -o \"a b\" c"` is thus `m -o "`, `a b"` and ` c`. Every other
    /// backslash stands for itself, also one before a backslash.
    fn string(&mut self) -> Token<'t> {
        let second = self.mode == Mode::Escaped;
        let rest = self.rest();
        let Some(end) = rest
            .get(1..)
            .and_then(|tail| memchr2(b'"', b'\n', tail))
            .map(|n| n + 1)
        else {
            return self.token(TokenKind::Cut, 0).with_length(rest.len());
        };
        steps::count(end);
        let (opened, closing) = rest.split_at(end);
        let body = opened.get(1..).unwrap_or_default();
        let escape = body.strip_suffix(b"\\");
        match (escape, second) {
            _ if closing.first() == Some(&b'\n') => self.unbalanced(end, second),
            (Some(body), _) => {
                // The quote of this `\"` is the opening quote of the next piece.
                let token = self.token(TokenKind::Text(Piece { body, quote: true }), end);
                self.mode = if second { Mode::Normal } else { Mode::Escaped };
                token.with_length(end + 1)
            }
            (None, true) => self.unbalanced(end + 1, true),
            (None, false) => self.token(TokenKind::Text(Piece { body, quote: false }), end + 1),
        }
    }

    fn unbalanced(&mut self, length: usize, escape: bool) -> Token<'t> {
        self.token(TokenKind::Unbalanced { escape }, 0)
            .with_length(length)
    }

    fn stray(&mut self, byte: u8) -> Token<'t> {
        let kind = match self.mode {
            Mode::PathLine => TokenKind::Ignored(byte),
            Mode::Normal | Mode::Escaped => TokenKind::Stray(byte),
        };
        self.token(kind, 1)
    }

    fn comment(&mut self) {
        let length = memchr(b'\n', self.rest()).unwrap_or_default();
        steps::count(length);
        self.comments.push(self.span(length));
        self.at += length;
    }

    fn newline(&mut self) {
        self.at += 1;
        self.line = self.line.saturating_add(1);
        self.line_start = self.at;
        self.mode = Mode::Normal;
    }

    /// Makes a token of the next bytes and goes behind them.
    fn token(&mut self, kind: TokenKind<'t>, length: usize) -> Token<'t> {
        let span = self.span(length);
        steps::count(length);
        self.at += length;
        Token { kind, span }
    }

    fn span(&self, length: usize) -> Span {
        Span {
            offset: narrow(self.at),
            line: self.line,
            column: narrow(self.at - self.line_start).saturating_add(1),
            length: narrow(length),
        }
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }
}

impl Token<'_> {
    fn with_length(self, length: usize) -> Self {
        Token {
            span: Span {
                length: narrow(length),
                ..self.span
            },
            ..self
        }
    }
}

/// The bytes of names, module names and directories.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/')
}

/// How many of the first bytes are of a class.
fn run(bytes: &[u8], class: impl Fn(u8) -> bool) -> usize {
    let length = bytes.iter().take_while(|byte| class(**byte)).count();
    steps::count(length);
    length
}

#[cfg(test)]
mod tests {
    use super::TokenKind::*;
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind<'_>> {
        let mut lexer = Lexer::new(text.as_bytes());
        let mut kinds = Vec::new();
        loop {
            let token = lexer.next();
            match token.kind {
                End => return kinds,
                Unbalanced { .. } | Cut => {
                    kinds.push(token.kind);
                    return kinds;
                }
                kind => kinds.push(kind),
            }
        }
    }

    fn text(body: &str, quote: bool) -> TokenKind<'_> {
        Text(Piece {
            body: body.as_bytes(),
            quote,
        })
    }

    #[test]
    fn a_label_starts_its_line_and_keeps_the_blanks_before_it() {
        assert_eq!(kinds("p:q"), [Label(b"p"), Word(b"q")]);
        assert_eq!(kinds("x\n \tp.1/:\n"), [Word(b"x"), Label(b" \tp.1/")]);
        assert_eq!(kinds("x p:"), [Word(b"x"), Word(b"p"), Stray(b':')]);
        assert_eq!(kinds("p :"), [Word(b"p"), Stray(b':')]);
        assert_eq!(kinds("p:q:"), [Label(b"p"), Word(b"q"), Stray(b':')]);
        assert_eq!(kinds("path:x"), [Label(b"path"), Word(b"x")]);
    }

    #[test]
    fn path_is_a_keyword_only_as_a_whole_word() {
        assert_eq!(
            kinds("pathx xpath pathx"),
            [Word(b"pathx"), Word(b"xpath"), Word(b"pathx")]
        );
        assert_eq!(
            kinds("x path y\nz"),
            [Word(b"x"), Path, Directory(b"y"), Word(b"z")]
        );
        assert_eq!(
            kinds("path path # path\nx"),
            [Path, Directory(b"path"), Word(b"x")]
        );
    }

    #[test]
    fn a_path_line_ignores_the_bytes_that_it_does_not_know() {
        assert_eq!(
            kinds("path=\"/a\":p:\n"),
            [
                Path,
                Equals,
                Ignored(b'"'),
                Directory(b"/a"),
                Ignored(b'"'),
                Ignored(b':')
            ]
            .into_iter()
            .chain([Directory(b"p"), Ignored(b':')])
            .collect::<Vec<_>>()
        );
        assert_eq!(
            kinds("path ->\r"),
            [Path, Ignored(b'-'), Ignored(b'>'), Ignored(b'\r')]
        );
        assert_eq!(kinds("path #x"), [Path, Ignored(b'#'), Directory(b"x")]);
    }

    #[test]
    fn a_comment_needs_its_newline() {
        assert_eq!(kinds("# a\n#b\nx#c\n"), [Word(b"x")]);
        assert_eq!(kinds("x\n#c"), [Word(b"x"), Stray(b'#'), Word(b"c")]);
    }

    #[test]
    fn comments_are_listed_without_their_newline() {
        let mut lexer = Lexer::new(b"# a\nx #b\n");
        while lexer.next().kind != End {}
        let places: Vec<_> = lexer
            .comments
            .iter()
            .map(|c| (c.line, c.column, c.length))
            .collect();
        assert_eq!(places, [(1, 1, 3), (2, 3, 2)]);
    }

    #[test]
    fn marks_are_tokens_and_a_lone_hyphen_is_not() {
        assert_eq!(kinds("~=|->"), [Tilde, Equals, Bar, Arrow]);
        assert_eq!(kinds("--> -"), [Stray(b'-'), Arrow, Stray(b'-')]);
    }

    #[test]
    fn pairs_of_escaped_quotes_split_a_string() {
        assert_eq!(
            kinds(r#""m \"a b\" c""#),
            [text("m ", true), text("a b", true), text(" c", false)]
        );
        assert_eq!(
            kinds(r#""\"\"""#),
            [text("", true), text("", true), text("", false)]
        );
        assert_eq!(kinds(r#""a\\b\c""#), [text(r"a\\b\c", false)]);
        assert_eq!(
            kinds(r#""a\\"b\"""#),
            [text(r"a\", true), text("b", true), text("", false)]
        );
    }

    #[test]
    fn a_string_ends_on_its_line_and_its_escapes_are_paired() {
        assert_eq!(kinds("\"a\n\""), [Unbalanced { escape: false }]);
        assert_eq!(kinds("\"a\\\nb\""), [Unbalanced { escape: false }]);
        assert_eq!(
            kinds(r#""a \"b c""#),
            [text("a ", true), Unbalanced { escape: true }]
        );
        assert_eq!(
            kinds("\"a \\\"b\n\\\""),
            [text("a ", true), Unbalanced { escape: true }]
        );
        assert_eq!(kinds("\"abc"), [Cut]);
        assert_eq!(kinds("\""), [Cut]);
    }

    #[test]
    fn lines_and_columns_count_from_one_in_bytes() {
        let mut lexer = Lexer::new(b" x\n\n\tyy ->");
        let place = |token: Token<'_>| {
            let Span {
                offset,
                line,
                column,
                length,
            } = token.span;
            (offset, line, column, length)
        };
        assert_eq!(place(lexer.next()), (1, 1, 2, 1));
        assert_eq!(place(lexer.next()), (5, 3, 2, 2));
        assert_eq!(place(lexer.next()), (8, 3, 5, 2));
        assert_eq!(place(lexer.next()), (10, 3, 7, 0));
    }
}
