//! Tokens to a syntax tree.
//!
//! ```text
//! file        = definition* policy*
//! definition  = 'path' '=' Directory?
//!             | Word '=' ( Text+ | Word )
//! policy      = Label rule*
//! rule        = Word '->' Word ( '|' Word )?
//!             | '~' Word '->' Word
//! ```
//!
//! One token decides everywhere. Lines mean nothing but for labels and `path`. The first syntax error ends the parse;
//! what was read before it is in the tree. A file without policies is an empty file (a warning) if it has no
//! definitions either, else an error.
//!
//! Pieces of [`Text`](crate::lexer::TokenKind::Text) are joined with one blank, but for two that both end in an escaped
//! quote: this keeps the two pieces of a `\"` pair together. An empty piece changes nothing unless it is the first.

use std::borrow::Cow;

use crate::ast::{Definition, File, Name, PathSetting, Policy, Rule, Text, Value, Variable};
use crate::diagnostic::Reporter;
use crate::lexer::{Lexer, Piece, Token, TokenKind};
use crate::show::{Show, printable};
use crate::span::Span;
use crate::steps;
use crate::syntax_error::{self, Expected};

/// The parse has ended with an error that is reported already.
pub(crate) struct Stopped;

/// The tree of a file, and whether it was read to its end.
pub(crate) struct Parsed<'t> {
    pub file: File<'t>,
    pub complete: bool,
    /// The empty place behind the last token.
    pub end: Span,
}

pub(crate) fn parse<'t>(text: &'t [u8], reporter: &mut Reporter<'_>) -> Parsed<'t> {
    let mut lexer = Lexer::new(text);
    let token = lexer.next();
    let mut parser = Parser {
        text,
        lexer,
        token,
        reporter,
        ignored: None,
    };
    let mut file = File::default();
    parser.report_ignored();
    let complete = parser.file(&mut file).is_ok();
    let end = parser.token.span;
    file.comments = parser.lexer.comments;
    Parsed {
        file,
        complete,
        end,
    }
}

struct Parser<'t, 'r, 'n> {
    text: &'t [u8],
    lexer: Lexer<'t>,
    /// The token to decide on.
    token: Token<'t>,
    reporter: &'r mut Reporter<'n>,
    /// The last byte that was skipped in a path line.
    ignored: Option<(u8, Span)>,
}

impl<'t> Parser<'t, '_, '_> {
    fn file(&mut self, file: &mut File<'t>) -> Result<(), Stopped> {
        loop {
            match self.token.kind {
                TokenKind::Path => file
                    .definitions
                    .push(Definition::Path(self.path_setting()?)),
                TokenKind::Word(_) => file
                    .definitions
                    .push(Definition::Variable(self.variable()?)),
                _ => break,
            }
        }
        while let TokenKind::Label(text) = self.token.kind {
            let span = Span {
                length: self.token.span.length.saturating_sub(1),
                ..self.token.span
            };
            self.advance();
            file.policies.push(Policy {
                label: Name { text, span },
                rules: Vec::new(),
            });
            self.rules(file)?;
        }
        match self.token.kind {
            TokenKind::End => Ok(()),
            _ if file.policies.is_empty() => Err(self.unexpected(Expected::Definition)),
            _ => {
                let last = file.policies.last().and_then(|policy| policy.rules.last());
                Err(self.unexpected(match last {
                    Some(rule) if rule.negated => Expected::RuleBehindNegated,
                    Some(rule) if rule.otherwise.is_some() => Expected::RuleBehindBranches,
                    _ => Expected::Rule,
                }))
            }
        }
    }

    fn path_setting(&mut self) -> Result<PathSetting<'t>, Stopped> {
        let keyword = self.token.span;
        self.advance();
        self.mark(TokenKind::Equals, Expected::EqualsBehindPath)?;
        let value = match self.token.kind {
            TokenKind::Directory(text) => Some(self.name(text)),
            _ => None,
        };
        Ok(PathSetting { keyword, value })
    }

    fn variable(&mut self) -> Result<Variable<'t>, Stopped> {
        let name = self.word(Expected::Definition)?;
        self.mark(TokenKind::Equals, Expected::EqualsBehindName)?;
        let value = match self.token.kind {
            TokenKind::Text(first) => Value::Text(self.text(first)?),
            TokenKind::Word(text) => Value::Name(self.name(text)),
            _ => return Err(self.unexpected(Expected::Value)),
        };
        Ok(Variable { name, value })
    }

    /// One or more strings.
    fn text(&mut self, first: Piece<'t>) -> Result<Text<'t>, Stopped> {
        let mut joined = if first.quote {
            let mut text = first.body.to_vec();
            text.push(b'"');
            Cow::Owned(text)
        } else {
            Cow::Borrowed(first.body)
        };
        let mut strings = vec![self.token.span];
        let mut span = self.token.span;
        self.check_string(first)?;
        self.advance();
        while let TokenKind::Text(piece) = self.token.kind {
            self.check_string(piece)?;
            if !piece.body.is_empty() || piece.quote {
                let joined = joined.to_mut();
                if !(piece.quote && joined.ends_with(b"\"")) {
                    joined.push(b' ');
                }
                joined.extend_from_slice(piece.body);
                joined.extend(piece.quote.then_some(b'"'));
            }
            match strings.last_mut() {
                // A piece that begins with the quote that the last one ends with is a part of the same string.
                Some(last) if self.token.span.offset < last.end() => {
                    *last = last.through(self.token.span);
                }
                _ => strings.push(self.token.span),
            }
            span = span.through(self.token.span);
            self.advance();
        }
        Ok(Text {
            text: joined,
            strings,
            span,
        })
    }

    /// The original takes a string to end at its first NUL byte.
    fn check_string(&mut self, piece: Piece<'_>) -> Result<(), Stopped> {
        steps::count(piece.body.len());
        if memchr::memchr(0, piece.body).is_none() {
            return Ok(());
        }
        self.reporter
            .error(
                self.token.span,
                "the string contains a NUL byte.".to_owned(),
            )
            .help("A policy file is a text file: remove the byte.");
        Err(Stopped)
    }

    fn rules(&mut self, file: &mut File<'t>) -> Result<(), Stopped> {
        let Some(policy) = file.policies.last_mut() else {
            return Ok(());
        };
        loop {
            let start = self.token.span;
            let negated = self.token.kind == TokenKind::Tilde;
            if negated {
                self.advance();
            } else if !matches!(self.token.kind, TokenKind::Word(_)) {
                return Ok(());
            }
            let state = self.word(Expected::State)?;
            self.mark(TokenKind::Arrow, Expected::Arrow)?;
            let next = self.word(Expected::State)?;
            let otherwise = if !negated && self.token.kind == TokenKind::Bar {
                self.advance();
                Some(self.word(Expected::State)?)
            } else {
                None
            };
            let span = start.through(otherwise.unwrap_or(next).span);
            policy.rules.push(Rule {
                negated,
                state,
                next,
                otherwise,
                span,
            });
        }
    }

    fn word(&mut self, expected: Expected) -> Result<Name<'t>, Stopped> {
        match self.token.kind {
            TokenKind::Word(text) => Ok(self.name(text)),
            _ => Err(self.unexpected(expected)),
        }
    }

    fn name(&mut self, text: &'t [u8]) -> Name<'t> {
        let span = self.token.span;
        self.advance();
        Name { text, span }
    }

    fn mark(&mut self, mark: TokenKind<'_>, expected: Expected) -> Result<(), Stopped> {
        if self.token.kind == mark {
            self.advance();
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    fn advance(&mut self) {
        self.token = self.lexer.next();
        self.report_ignored();
    }

    /// Skips ignored bytes; the first ones of a line get a warning.
    fn report_ignored(&mut self) {
        let mut first: Option<Span> = None;
        let warned = self.ignored.map(|(_, span)| span.line);
        while let TokenKind::Ignored(byte) = self.token.kind {
            first.get_or_insert(self.token.span);
            self.ignored = Some((byte, self.token.span));
            self.token = self.lexer.next();
        }
        if let (Some(first), Some((byte, last))) = (first, self.ignored)
            && warned != Some(first.line)
        {
            let span = first.through(last);
            let bytes = span.slice(self.text).unwrap_or_default();
            let message = format!("ignoring '{}' in the definition of path.", Show(bytes));
            let warning = self.reporter.warning(span, message);
            warning.help(match byte {
                b'"' => "Write the directory without quotes.".to_owned(),
                b'\r' => syntax_error::LINE_ENDS.to_owned(),
                byte => format!(
                    "A directory consists of letters, digits, '_', '.' and '/'. For one with '{}' in \
                     its name give the modules by their full paths in strings, or use a symbolic link.",
                    printable(byte)
                ),
            });
        }
    }

    fn unexpected(&mut self, expected: Expected) -> Stopped {
        let ignored = self
            .ignored
            .filter(|(_, span)| span.end() == self.token.span.offset);
        syntax_error::report(
            self.reporter,
            self.text,
            self.token,
            expected,
            ignored.map(|(byte, _)| byte),
        );
        Stopped
    }
}
