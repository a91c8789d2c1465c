//! What is wrong with a policy file, and what to do about it.

use std::fmt;

use crate::show::printable;
use crate::span::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Accepted, but probably not what was meant.
    Warning,
    /// The file is refused.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// One message about a policy file.
///
/// Displayed it is the one line that goes to the log: `FILE:LINE: [error] message`, the form and the words of
/// LCMAPS 1.6, followed by the advice if there is one. [`Diagnostic::excerpt`] shows the place in the source as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The file's name as given in [`Options::file`](crate::Options::file).
    pub file: String,
    /// The place in the file.
    pub span: Span,
    /// What is wrong, in one line of printable ASCII.
    pub message: String,
    /// What to do about it, in one line of printable ASCII.
    pub help: Option<String>,
    /// This is a further line about the same problem as the diagnostic before it.
    pub continues: bool,
}

impl Diagnostic {
    /// The diagnostic with the source line it speaks of and a mark below the place, for a terminal.
    ///
    /// `text` is the policy file. The result has several lines and ends with a newline.
    #[must_use]
    pub fn excerpt<'a>(&'a self, text: &'a [u8]) -> Excerpt<'a> {
        Excerpt {
            diagnostic: self,
            text,
        }
    }

    fn write_head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.file.chars() {
            fmt::Write::write_char(f, if c.is_control() { '?' } else { c })?;
        }
        write!(
            f,
            ":{}: [{}] {}",
            self.span.line, self.severity, self.message
        )
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_head(f)?;
        match &self.help {
            Some(help) => write!(f, " Help: {help}"),
            None => Ok(()),
        }
    }
}

/// A [`Diagnostic`] together with the source, see [`Diagnostic::excerpt`].
#[derive(Clone, Copy, Debug)]
pub struct Excerpt<'a> {
    diagnostic: &'a Diagnostic,
    text: &'a [u8],
}

/// How much of a source line is shown before and after the start of the place.
const BEFORE: usize = 60;
const AFTER: usize = 60;

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Excerpt { diagnostic, text } = *self;
        diagnostic.write_head(f)?;
        writeln!(f)?;
        if !diagnostic.continues
            && let Some((line, at)) = source_line(text, diagnostic.span)
        {
            let from = at.saturating_sub(BEFORE);
            let to = line.len().min(at + AFTER);
            let shown: String = line
                .iter()
                .take(to)
                .skip(from)
                .map(|byte| printable_or_blank(*byte))
                .collect();
            let length = usize::try_from(diagnostic.span.length)
                .unwrap_or(usize::MAX)
                .clamp(1, (to - at).max(1));
            let number = diagnostic.span.line.to_string();
            let margin = " ".repeat(number.len());
            writeln!(f, " {number} | {}", shown.trim_end())?;
            writeln!(
                f,
                " {margin} | {}{}",
                " ".repeat(at - from),
                "^".repeat(length)
            )?;
        }
        match &diagnostic.help {
            Some(help) => writeln!(f, "  help: {help}"),
            None => Ok(()),
        }
    }
}

/// The line in which a span starts, without its newline, and where in that line the span starts.
fn source_line(text: &[u8], span: Span) -> Option<(&[u8], usize)> {
    let offset = usize::try_from(span.offset).ok()?;
    let at = usize::try_from(span.column).ok()?.checked_sub(1)?;
    let rest = text.get(offset.checked_sub(at)?..)?;
    let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()))?;
    (at <= line.len()).then_some((line, at))
}

fn printable_or_blank(byte: u8) -> char {
    if byte == b'\t' { ' ' } else { printable(byte) }
}

/// Collects the diagnostics of one file.
pub(crate) struct Reporter<'a> {
    file: &'a str,
    list: Vec<Diagnostic>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(file: &'a str) -> Self {
        Reporter {
            file,
            list: Vec::new(),
        }
    }

    pub(crate) fn error(&mut self, span: Span, message: String) -> &mut Diagnostic {
        self.add(Severity::Error, span, message)
    }

    pub(crate) fn warning(&mut self, span: Span, message: String) -> &mut Diagnostic {
        self.add(Severity::Warning, span, message)
    }

    pub(crate) fn info(&mut self, span: Span, message: String) -> &mut Diagnostic {
        self.add(Severity::Info, span, message)
    }

    fn add(&mut self, severity: Severity, span: Span, message: String) -> &mut Diagnostic {
        self.list.push_mut(Diagnostic {
            severity,
            file: self.file.to_owned(),
            span,
            message,
            help: None,
            continues: false,
        })
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Puts everything reported so far into the order of the file; continuations stay behind their heads.
    pub(crate) fn sort_by_place(&mut self) {
        let mut head = 0;
        let mut keyed: Vec<(u32, Diagnostic)> = std::mem::take(&mut self.list)
            .into_iter()
            .map(|diagnostic| {
                if !diagnostic.continues {
                    head = diagnostic.span.offset;
                }
                (head, diagnostic)
            })
            .collect();
        keyed.sort_by_key(|(offset, _)| *offset);
        self.list = keyed
            .into_iter()
            .map(|(_, diagnostic)| diagnostic)
            .collect();
    }

    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        self.list
    }
}

impl Diagnostic {
    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn continued(&mut self) -> &mut Self {
        self.continues = true;
        self
    }
}
