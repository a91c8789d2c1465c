//! The words for what the parser cannot read, and what to do about it.

use crate::diagnostic::Reporter;
use crate::lexer::{Token, TokenKind};
use crate::show::{Show, printable};
use crate::span::Span;

/// What the parser was waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Before the first policy.
    Definition,
    EqualsBehindPath,
    EqualsBehindName,
    /// The right side of a variable's definition.
    Value,
    /// In a policy, at the start of a rule.
    Rule,
    /// The same, behind a rule with `~`.
    RuleBehindNegated,
    /// The same, behind a rule with `|`.
    RuleBehindBranches,
    /// A word in a rule.
    State,
    Arrow,
}

pub(crate) const LINE_ENDS: &str = "The file has Windows line ends (CR LF). Convert it with dos2unix or with \
     sed -i 's/\\r$//'.";

/// The UTF-8 form of U+FEFF, which some editors put at the start of a file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reports that `token` is not what the parser `expected`; `ignored` is a byte skipped right before the token.
pub(crate) fn report(
    reporter: &mut Reporter<'_>,
    text: &[u8],
    token: Token<'_>,
    expected: Expected,
    ignored: Option<u8>,
) {
    let span = token.span;
    match token.kind {
        TokenKind::Unbalanced { escape } => {
            reporter.error(span, "Unbalanced quotes.".to_owned()).help(if escape {
                "Inside a string every \\\" needs a second \\\" on the same line."
            } else {
                "End the string with '\"' on the line on which it begins; a long text can be written \
                 as several strings."
            });
        }
        TokenKind::Cut => {
            unrecognized(reporter, span, b'"');
            reporter
                .error(
                    span,
                    "syntax error: Unbalanced quotes at the end of the file.".to_owned(),
                )
                .continued()
                .help("End the string with '\"' and the file with a newline.");
        }
        TokenKind::Stray(byte) => {
            unrecognized(reporter, span, byte);
            let (problem, help) = stray(byte, text, span);
            reporter
                .error(span, format!("syntax error: {problem}."))
                .continued()
                .help(help);
        }
        kind => {
            let message = format!(
                "syntax error: expected {}, found {}.",
                wanted(expected),
                found(kind)
            );
            let help = misplaced(kind, expected, ignored);
            let error = reporter.error(span, message);
            if let Some(help) = help {
                error.help(help);
            }
        }
    }
}

fn unrecognized(reporter: &mut Reporter<'_>, span: Span, byte: u8) {
    reporter.warning(span, format!("unrecognized token '{}'.", printable(byte)));
}

fn wanted(expected: Expected) -> &'static str {
    match expected {
        Expected::Definition => "a variable, path or the name of a policy",
        Expected::EqualsBehindPath => "'=' after path",
        Expected::EqualsBehindName => "'=' after the name of a variable",
        Expected::Value => "a string or a name",
        Expected::Rule | Expected::RuleBehindNegated | Expected::RuleBehindBranches => {
            "a rule or the name of a policy"
        }
        Expected::State => "the name of a state",
        Expected::Arrow => "'->'",
    }
}

fn found(kind: TokenKind<'_>) -> String {
    match kind {
        TokenKind::Label(name) => format!("the policy name '{}:'", Show(name)),
        TokenKind::Path => "the word 'path'".to_owned(),
        TokenKind::Directory(text) | TokenKind::Word(text) => format!("'{}'", Show(text)),
        TokenKind::Text(_) | TokenKind::Unbalanced { .. } | TokenKind::Cut => "a string".to_owned(),
        TokenKind::Arrow => "'->'".to_owned(),
        TokenKind::Tilde => "'~'".to_owned(),
        TokenKind::Equals => "'='".to_owned(),
        TokenKind::Bar => "'|'".to_owned(),
        TokenKind::Ignored(byte) | TokenKind::Stray(byte) => format!("'{}'", printable(byte)),
        TokenKind::End => "the end of the file".to_owned(),
    }
}

/// What is wrong with a byte that fits nowhere, and what to do.
fn stray(byte: u8, text: &[u8], span: Span) -> (String, String) {
    let shown = printable(byte);
    let (problem, help) = match byte {
        b'\r' => ("carriage return at the end of the line", LINE_ENDS),
        b'#' => (
            "the comment on the last line has no newline at its end",
            "Add a newline at the end of the file.",
        ),
        b'-' => (
            "'-' is not allowed in a name",
            "Names consist of letters, digits, '_', '.' and '/'. An arrow is written '->'.",
        ),
        b':' => (
            "misplaced ':'",
            "The name of a policy has to be the first word of its line, directly followed by ':'.",
        ),
        b'>' => ("'>' without '-'", "An arrow is written '->'."),
        b'\'' | b'`' => ("wrong quotes", "Strings are written in double quotes."),
        0 => ("NUL byte", "A policy file is a text file: remove the byte."),
        0x80.. if span.offset == 0 && text.starts_with(BYTE_ORDER_MARK) => (
            "the file begins with a byte order mark",
            "Save the file as UTF-8 without the mark, or remove its first three bytes.",
        ),
        0x80.. => {
            return (
                format!("the byte 0x{byte:02x} is not allowed here"),
                "Only ASCII characters are allowed outside strings and comments.".to_owned(),
            );
        }
        _ if byte.is_ascii_graphic() => {
            return (
                format!("'{shown}' has no meaning here"),
                "Names consist of letters, digits, '_', '.' and '/'; anything else belongs into a \
                 string or a comment."
                    .to_owned(),
            );
        }
        _ => {
            return (
                format!("the control character 0x{byte:02x} is not allowed here"),
                "Use blanks, tabs and newlines only.".to_owned(),
            );
        }
    };
    (problem.to_owned(), help.to_owned())
}

/// Advice for a known token in the wrong place.
fn misplaced(kind: TokenKind<'_>, expected: Expected, ignored: Option<u8>) -> Option<String> {
    use Expected as E;
    use TokenKind as T;
    let help = match (expected, kind) {
        (E::EqualsBehindPath, _) => "The directory of the modules is written: path = /a/directory.",
        (_, T::Directory(_)) => match ignored {
            Some(byte) => {
                return Some(format!(
                    "'{}' is not allowed in the directory of path: letters, digits, '_', '.' and '/' \
                     are. Use a symbolic link, or give the modules by their full paths in strings.",
                    printable(byte)
                ));
            }
            None => {
                "One directory can follow path, and nothing else but a comment on the same line."
            }
        },
        (E::EqualsBehindName, T::Arrow) | (E::Definition, T::Tilde) => {
            "Rules belong to a policy: put its name and ':' on a line before the first rule."
        }
        (E::EqualsBehindName, _) => "A variable is written: name = \"module arguments\".",
        (E::Definition, T::Text(_)) => {
            "A variable is written: name = \"module arguments\". Strings can only follow a string."
        }
        (E::Value, T::Label(_) | T::End) => {
            "A variable without a value is not allowed: give it one, or turn the line into a comment."
        }
        (E::Arrow, T::Equals) => "Variables have to be defined before the first policy.",
        (E::Arrow, _) => {
            "A rule is written: state -> next, state -> next | otherwise, or ~state -> otherwise."
        }
        (E::Rule | E::RuleBehindNegated | E::RuleBehindBranches, T::Path) => {
            "path has to be set before the first policy."
        }
        (E::RuleBehindNegated, T::Bar) => {
            "A rule with '~' has no second branch: success of its state ends the policy."
        }
        (E::RuleBehindBranches, T::Bar) => "A rule has two branches at most.",
        (E::Rule | E::RuleBehindNegated | E::RuleBehindBranches | E::State, T::Text(_)) => {
            "A string cannot be a state: define a variable for it before the first policy."
        }
        (E::Value | E::State, T::Path) => "'path' is a reserved word; use another name.",
        (E::State, T::Label(_)) => {
            "A word at the start of a line with ':' behind it begins a new policy."
        }
        (E::State, T::End) => "The last rule is not complete.",
        _ => return None,
    };
    Some(help.to_owned())
}
