//! What a policy file means, ready to be followed.

use crate::diagnostic::{Diagnostic, Severity};
use crate::span::Span;

/// The result of [`compile`](crate::compile).
#[derive(Clone, Debug)]
pub struct Report {
    /// The policies, unless there is an error.
    pub compiled: Option<Compiled>,
    /// Everything there is to say, in the order in which the original says it: first what is seen reading from top to
    /// bottom, then what the rules, the variables in them and the modules show.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// One diagnostic for each error: of the lines about one problem the first that is an error.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        let mut told = false;
        self.diagnostics.iter().filter(move |diagnostic| {
            let error = diagnostic.severity == Severity::Error;
            told &= diagnostic.continues;
            let new = error && !told;
            told |= error;
            new
        })
    }
}

/// The meaning of a policy file.
///
/// Policies are tried in their order. A policy is followed from state 0: run the state's module, then go on as
/// [`State::on_success`] or [`State::on_failure`] says. All indices are valid, and every way ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compiled {
    /// The directory of the modules as an absolute name, if the file sets one.
    pub path: Option<Vec<u8>>,
    /// All modules that the file mentions in rules, also in rules that are never reached, in the order in which they
    /// are to be loaded. No two are equal in both name and arguments. Empty for an empty file.
    pub modules: Vec<ModuleSpec>,
    /// The policies that can be followed, in the order of the file. Empty for an empty file.
    pub policies: Vec<Policy>,
}

/// A module and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleSpec {
    /// The file name as written: 1 to 499 bytes.
    pub name: Vec<u8>,
    /// What follows the first blank behind the name: at most 2000 bytes, not split.
    pub arguments: Vec<u8>,
    /// Where the text of name and arguments stands first.
    pub span: Span,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The name, with the blanks before it if it is indented.
    pub name: Vec<u8>,
    /// Where the name stands.
    pub span: Span,
    /// The states that can be reached; never empty. The first is the start.
    pub states: Vec<State>,
}

/// A state of a policy: a module that runs, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The module, as an index of [`Compiled::modules`].
    pub module: usize,
    /// The name by which the policy calls the state: mostly a variable, else the text of the module.
    pub name: Vec<u8>,
    /// Where that name stands: on the left side of the state's rule, or for a last state where it is first used.
    pub span: Span,
    /// What follows if the module succeeds.
    pub on_success: Next,
    /// What follows if the module fails.
    pub on_failure: Next,
}

/// What follows a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Next {
    /// Another state, as an index of [`Policy::states`].
    Goto(usize),
    /// The policy has succeeded, and with it the run.
    Succeed,
    /// The policy has failed; the next one is tried.
    Fail,
}
