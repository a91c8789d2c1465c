//! The LCMAPS policy language: lex, parse, check, compile.
//!
//! A policy file sets the directory of the modules, gives names to modules with their arguments, and lists policies:
//! rules that say which module runs after which, depending on success and failure.
//!
//! ```text
//! path = /usr/lib/lcmaps
//! local = "lcmaps_localaccount.mod -gridmapfile /etc/grid-security/grid-mapfile"
//! pool  = "lcmaps_poolaccount.mod -gridmapdir /etc/grid-security/gridmapdir"
//! posix = "lcmaps_posix_enf.mod"
//!
//! mapping:
//! local -> posix | pool
//! pool -> posix
//! ```
//!
//! [`compile`] turns such a file into [`Compiled`], a graph that is followed by index: nothing is looked up by name, and
//! every way through it ends. It accepts what LCMAPS 1.6 accepts and gives it the same meaning, except where the
//! original has none (undefined, endless). Its messages contain the original's words.
//!
//! Nothing here can panic, recurse as deep as the input, or cost more than the size of the input times a logarithm:
//! policy files are treated as hostile. The syntax tree is public in [`ast`], for programs that format or draw policies.

#![forbid(unsafe_code)]

pub mod ast;
mod compiled;
#[cfg(test)]
mod complexity;
mod diagnostic;
mod format;
mod graph;
mod lexer;
mod modules;
mod names;
mod parser;
mod reach;
mod settings;
mod show;
mod span;
mod steps;
mod substitute;
mod symbols;
mod syntax_error;
mod variables;
mod walk;

pub use compiled::{Compiled, ModuleSpec, Next, Policy, Report, State};
pub use diagnostic::{Diagnostic, Excerpt, Severity};
pub use format::format;
pub use span::Span;

use diagnostic::Reporter;
use modules::Modules;
use symbols::Table;

/// What [`compile`] has to know besides the text.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The name of the file in messages.
    pub file: &'a str,
    /// The directory from which a relative `path =` counts.
    pub library_dir: &'a str,
}

/// Compiles a policy file.
///
/// # Returns
///
/// The policies if there is no error, and everything that is to be said about the file. An empty file is no error: it
/// compiles to nothing, and it is up to the caller to refuse that.
#[must_use]
pub fn compile(text: &[u8], options: &Options<'_>) -> Report {
    let mut reporter = Reporter::new(options.file);
    let compiled = compile_with(text, options, &mut reporter);
    let compiled = if reporter.has_errors() {
        None
    } else {
        compiled
    };
    Report {
        compiled,
        diagnostics: reporter.finish(),
    }
}

/// Reads a policy file into its syntax tree without looking at what it means.
///
/// # Returns
///
/// The tree up to the first syntax error, and that error or the warnings if there are any.
#[must_use]
pub fn parse<'t>(text: &'t [u8], options: &Options<'_>) -> (ast::File<'t>, Vec<Diagnostic>) {
    let mut reporter = Reporter::new(options.file);
    let parsed = parser::parse(text, &mut reporter);
    (parsed.file, reporter.finish())
}

fn compile_with(
    text: &[u8],
    options: &Options<'_>,
    reporter: &mut Reporter<'_>,
) -> Option<Compiled> {
    let parsed = parser::parse(text, reporter);
    let path = settings::path(&parsed.file, options.library_dir, reporter);
    let mut names = names::check(&parsed, reporter);
    let chains = variables::chains(&names, reporter);
    reporter.sort_by_place();
    let mut room = Table::default();
    for policy in &names.policies {
        reach::check(policy, &mut room, reporter);
    }
    if reporter.has_errors() {
        return None;
    }
    let reduced = substitute::substitute(&names, &chains, reporter);
    let mut modules = Modules::default();
    for item in reduced.iter().flatten().flat_map(|rule| rule.items()) {
        modules.add(item, &mut names.symbols, reporter);
    }
    let labelled = names
        .policies
        .iter()
        .map(|policy| policy.label)
        .zip(&reduced);
    let policies = labelled
        .filter_map(|(label, rules)| {
            graph::build(label, rules, &names.symbols, &modules, &mut room, reporter)
        })
        .collect();
    Some(Compiled {
        path,
        modules: modules.finish(),
        policies,
    })
}
