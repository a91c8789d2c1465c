//! A policy file in one form: one thing on a line, one blank where blanks separate, equal signs below each other, a
//! blank line before each policy. Comments stay, and so does the meaning.

use crate::ast::{Definition, File, Rule, Text, Value, Variable};
use crate::diagnostic::{Diagnostic, Severity};
use crate::span::Span;
use crate::{Options, parse};

/// The file in its one form. Formatting that gives the same bytes.
///
/// A comment behind something stays behind it, one inside a rule goes before the rule. Blank lines stay, several become
/// one. Strings stay as they are written and on the lines on which they begin.
///
/// # Errors
/// The diagnostics of a file that cannot be parsed.
pub fn format(text: &[u8], options: &Options<'_>) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let (file, diagnostics) = parse(text, options);
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Err(diagnostics);
    }
    let mut writer = Writer {
        text,
        comments: &file.comments,
        lines: Vec::new(),
        last_line: 0,
    };
    writer.file(&file);
    let mut lines = writer.lines;
    part_policies(&mut lines);
    Ok(render(&lines))
}

/// A line (or the lines of one value) of the result.
struct Line {
    blank_before: bool,
    kind: Kind,
    /// A comment behind it.
    comment: Option<Vec<u8>>,
}

enum Kind {
    Comment(Vec<u8>),
    Label(Vec<u8>),
    /// A name and the lines of its value.
    Variable(Vec<u8>, Vec<Vec<u8>>),
    Other(Vec<u8>),
}

struct Writer<'a> {
    text: &'a [u8],
    /// Those that are not written yet.
    comments: &'a [Span],
    lines: Vec<Line>,
    /// The source line on which the last thing ended; 0 before the first.
    last_line: u32,
}

impl<'a> Writer<'a> {
    fn file(&mut self, file: &File<'_>) {
        for definition in &file.definitions {
            match definition {
                Definition::Path(path) => {
                    let end = path.value.map_or(path.keyword, |value| value.span);
                    let value = path.value.map_or(&b""[..], |value| value.text);
                    let line = [&b"path = "[..], value].concat();
                    let line = line.trim_ascii_end().to_vec();
                    self.item(path.keyword, end, Kind::Other(line));
                }
                Definition::Variable(variable) => self.variable(variable),
            }
        }
        for policy in &file.policies {
            let label = [policy.label.text, b":"].concat();
            self.item(policy.label.span, policy.label.span, Kind::Label(label));
            for rule in &policy.rules {
                let last = rule.otherwise.unwrap_or(rule.next).span;
                self.item(rule.span, last, Kind::Other(written(rule)));
            }
        }
        self.comments_before(u32::MAX, None);
    }

    /// Something from the start of one span to the end of another.
    fn item(&mut self, start: Span, end: Span, kind: Kind) {
        self.comments_before(start.offset, None);
        self.comments_before(end.offset, Some(start.line));
        self.push(start.line, kind);
        self.last_line = end.line;
    }

    fn variable(&mut self, variable: &Variable<'_>) {
        let name = variable.name.text.to_vec();
        match &variable.value {
            Value::Name(value) => {
                let kind = Kind::Variable(name, vec![value.text.to_vec()]);
                self.item(variable.name.span, value.span, kind);
            }
            Value::Text(value) => {
                let start = variable.name.span;
                self.comments_before(start.offset, None);
                self.comments_before(value.span.offset, Some(start.line));
                let (lines, last) = self.value(value);
                self.push(start.line, Kind::Variable(name, lines));
                self.last_line = last;
            }
        }
    }

    /// The lines of a value, and the source line on which it ends. Comments between its strings stay there.
    fn value(&mut self, value: &Text<'_>) -> (Vec<Vec<u8>>, u32) {
        let mut lines: Vec<Vec<u8>> = Vec::new();
        let mut at = 0;
        // A comment ends its line, whatever stood there.
        let mut closed = true;
        for string in &value.strings {
            while let Some((comment, rest)) = self.next_comment(string.offset) {
                self.comments = rest;
                let comment_text = self.trimmed(comment);
                match lines.last_mut() {
                    Some(line) if comment.line == at => {
                        line.extend_from_slice(b"  ");
                        line.extend_from_slice(&comment_text);
                    }
                    _ => lines.push(comment_text),
                }
                closed = true;
            }
            let written = string.slice(self.text).unwrap_or_default();
            match lines.last_mut() {
                Some(line) if string.line == at && !closed => {
                    line.push(b' ');
                    line.extend_from_slice(written);
                }
                _ => lines.push(written.to_vec()),
            }
            at = string.line;
            closed = false;
        }
        (lines, at)
    }

    /// Writes the comments before a place. Those behind the last thing on its line go there; `inside` is the line of the
    /// thing that they stand in, when they do.
    fn comments_before(&mut self, offset: u32, inside: Option<u32>) {
        while let Some((comment, rest)) = self.next_comment(offset) {
            self.comments = rest;
            let text = self.trimmed(comment);
            let is_behind = inside.is_none() && comment.line == self.last_line;
            match self.lines.last_mut() {
                Some(line) if is_behind && line.comment.is_none() => line.comment = Some(text),
                _ => {
                    let line = inside.unwrap_or(comment.line);
                    self.push(line, Kind::Comment(text));
                    self.last_line = line;
                }
            }
        }
    }

    /// The next comment, if it stands before a place.
    fn next_comment(&self, offset: u32) -> Option<(Span, &'a [Span])> {
        let (comment, rest) = self.comments.split_first()?;
        (comment.offset < offset).then_some((*comment, rest))
    }

    fn trimmed(&self, comment: Span) -> Vec<u8> {
        let text = comment.slice(self.text).unwrap_or_default();
        text.trim_ascii_end().to_vec()
    }

    fn push(&mut self, line: u32, kind: Kind) {
        let blank_before = !self.lines.is_empty() && line > self.last_line.saturating_add(1);
        self.lines.push(Line {
            blank_before,
            kind,
            comment: None,
        });
    }
}

fn written(rule: &Rule<'_>) -> Vec<u8> {
    let tilde: &[u8] = if rule.negated { b"~" } else { b"" };
    let mut line = [tilde, rule.state.text, b" -> ", rule.next.text].concat();
    if let Some(otherwise) = rule.otherwise {
        line.extend_from_slice(b" | ");
        line.extend_from_slice(otherwise.text);
    }
    line
}

/// A blank line before each policy, and before the comments right above it.
fn part_policies(lines: &mut [Line]) {
    for index in 0..lines.len() {
        let mut at = index;
        let is =
            |at: usize, wanted: fn(&Kind) -> bool| lines.get(at).is_some_and(|l| wanted(&l.kind));
        if !is(index, |kind| matches!(kind, Kind::Label(_))) {
            continue;
        }
        while at > 0
            && is(at - 1, |kind| matches!(kind, Kind::Comment(_)))
            && lines.get(at).is_some_and(|line| !line.blank_before)
        {
            at -= 1;
        }
        if let Some(line) = lines.get_mut(at).filter(|_| at > 0) {
            line.blank_before = true;
        }
    }
}

fn render(lines: &[Line]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut width = 0;
    for (index, line) in lines.iter().enumerate() {
        if line.blank_before {
            out.push(b'\n');
        }
        if line.blank_before || index == 0 || matches!(line.kind, Kind::Other(_)) {
            width = widest(lines.get(index..).unwrap_or_default());
        }
        match &line.kind {
            Kind::Comment(text) | Kind::Label(text) | Kind::Other(text) => {
                out.extend_from_slice(text);
            }
            Kind::Variable(name, value) => {
                out.extend_from_slice(name);
                out.extend(std::iter::repeat_n(
                    b' ',
                    width.max(name.len()) - name.len(),
                ));
                out.extend_from_slice(b" = ");
                let indent = width.max(name.len()) + 3;
                for (number, piece) in value.iter().enumerate() {
                    if number > 0 {
                        out.push(b'\n');
                        out.extend(std::iter::repeat_n(b' ', indent));
                    }
                    out.extend_from_slice(piece);
                }
            }
        }
        if let Some(comment) = &line.comment {
            out.extend_from_slice(b"  ");
            out.extend_from_slice(comment);
        }
        out.push(b'\n');
    }
    out
}

/// The longest name of the variables that follow each other, comments and all, before the next blank line.
fn widest(lines: &[Line]) -> usize {
    let first = lines.iter().take(1);
    let rest = lines.iter().skip(1).take_while(|line| !line.blank_before);
    let names = first.chain(rest).filter_map(|line| match &line.kind {
        Kind::Variable(name, _) => Some(name.len()),
        _ => None,
    });
    // A name that is far longer than the others does not push them all aside.
    names.filter(|length| *length <= 24).max().unwrap_or(0)
}
