//! A policy file as it is written.
//!
//! Everything keeps its place, nothing is resolved, and comments are listed, so that a formatter or a drawing program
//! can work from here. Two problems are not in the tree: bytes that LCMAPS skips in a `path` line, and everything
//! behind a syntax error.

use std::borrow::Cow;

use crate::span::Span;

/// A whole policy file: definitions first, then policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File<'t> {
    /// `path` settings and variables in the order of the file.
    pub definitions: Vec<Definition<'t>>,
    /// All labels with their rules, also labels without rules.
    pub policies: Vec<Policy<'t>>,
    /// All comments from `#` to the end of the line, in the order of the file.
    pub comments: Vec<Span>,
}

/// What may stand before the first policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Definition<'t> {
    /// `path = /a/directory`
    Path(PathSetting<'t>),
    /// `name = "module arguments"` or `name = other`
    Variable(Variable<'t>),
}

/// `path = /a/directory` or `path =`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSetting<'t> {
    /// The word `path`.
    pub keyword: Span,
    /// The directory, if one is given.
    pub value: Option<Name<'t>>,
}

/// `name = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable<'t> {
    /// The name that is defined.
    pub name: Name<'t>,
    /// What it stands for.
    pub value: Value<'t>,
}

/// The right side of a variable's definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'t> {
    /// Another variable, or a module without arguments.
    Name(Name<'t>),
    /// One or more strings.
    Text(Text<'t>),
}

impl<'t> Value<'t> {
    /// The text that replaces the variable (one step; it may be another variable's name).
    #[must_use]
    pub fn text(&self) -> &[u8] {
        match self {
            Value::Name(name) => name.text,
            Value::Text(text) => &text.text,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Value::Name(name) => name.span,
            Value::Text(text) => text.span,
        }
    }
}

/// Strings that follow each other and form one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'t> {
    /// The joined text.
    pub text: Cow<'t, [u8]>,
    /// Each string with its quotes.
    pub strings: Vec<Span>,
    /// From the first quote to the last.
    pub span: Span,
}

/// A label and its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy<'t> {
    /// The name without the colon. Blanks before it belong to it.
    pub label: Name<'t>,
    /// The rules in the order of the file; none for an empty policy.
    pub rules: Vec<Rule<'t>>,
}

/// `state -> next`, `state -> next | otherwise` or `~state -> otherwise`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule<'t> {
    /// The `~` in front: the rule's only branch is taken on failure, success ends the policy.
    pub negated: bool,
    /// The left side.
    pub state: Name<'t>,
    /// The state behind the arrow.
    pub next: Name<'t>,
    /// The state behind the bar; never present in a negated rule.
    pub otherwise: Option<Name<'t>>,
    /// The whole rule.
    pub span: Span,
}

impl<'t> Rule<'t> {
    /// The names on the right side.
    pub fn targets(&self) -> impl Iterator<Item = Name<'t>> + use<'t> {
        [Some(self.next), self.otherwise].into_iter().flatten()
    }

    /// All names of the rule, left side first.
    pub fn names(&self) -> impl Iterator<Item = Name<'t>> + use<'t> {
        [Some(self.state), Some(self.next), self.otherwise]
            .into_iter()
            .flatten()
    }
}

/// A word of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'t> {
    /// The word.
    pub text: &'t [u8],
    /// Where it stands.
    pub span: Span,
}
