//! Loops among the rules as they are written, and rules that no way leads to.

use std::fmt;

use crate::ast::Rule;
use crate::diagnostic::Reporter;
use crate::names::{Named, Rules};
use crate::show::Show;
use crate::symbols::Table;
use crate::walk::{Back, walk};

/// What to do about a loop.
pub(crate) const LOOP_HELP: &str =
    "Several ways may lead to one state, but no way may lead back to a state that it has passed.";

/// Reports loops that can be reached from the first rule, and rules that cannot. `by_state` is room to work in.
pub(crate) fn check(policy: &Rules<'_>, by_state: &mut Table<usize>, reporter: &mut Reporter<'_>) {
    let rules = &policy.rules;
    by_state.clear();
    for (index, rule) in rules.iter().enumerate() {
        by_state.set(rule.state, index);
    }
    let edges = |index: usize| match rules.get(index) {
        Some(rule) => [
            by_state.get(rule.next),
            rule.otherwise.and_then(|n| by_state.get(n)),
        ],
        None => [None, None],
    };
    let seen = walk(rules.len(), 0, edges, |Back { trail, .. }| {
        if let Some(last) = trail.last()
            && let Some(Named { rule, .. }) = rules.get(last.node)
        {
            reporter
                .error(rule.span, loop_message(rule, last.edge))
                .help(LOOP_HELP);
        }
    });
    if policy.damaged {
        return;
    }
    let mut reached = vec![false; rules.len()];
    for index in seen.reached {
        if let Some(flag) = reached.get_mut(index) {
            *flag = true;
        }
    }
    for (Named { rule, .. }, _) in rules.iter().zip(reached).filter(|(_, reached)| !reached) {
        reporter
            .warning(rule.span, "rule is not part of the chain.".to_owned())
            .help(format!(
                "No way leads from the first rule of the policy to '{}'.",
                Show(rule.state.text)
            ));
    }
}

/// The original's words for a rule whose branch number `edge` closes a loop.
pub(crate) fn loop_message(rule: &Rule<'_>, edge: usize) -> String {
    let (transition, target) = match (rule.otherwise, edge) {
        (None, _) => ("transition", rule.next),
        (Some(_), 0) => ("true transition", rule.next),
        (Some(otherwise), _) => ("false transition", otherwise),
    };
    format!(
        "rule {} causes infinite loop on {transition} {}.",
        Shown(rule),
        Show(target.text)
    )
}

/// A rule as the original prints it.
struct Shown<'a>(&'a Rule<'a>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown(rule) = self;
        let tilde = if rule.negated { '~' } else { ' ' };
        write!(
            f,
            "{tilde}{} -> {}",
            Show(rule.state.text),
            Show(rule.next.text)
        )?;
        match rule.otherwise {
            Some(otherwise) => write!(f, " | {}", Show(otherwise.text)),
            None => Ok(()),
        }
    }
}
