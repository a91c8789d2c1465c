//! Chains of variables: which text a variable stands for in the end.

use crate::diagnostic::Reporter;
use crate::names::Names;
use crate::show::Show;
use crate::steps;

/// How many variables of a loop are listed.
const LISTED: usize = 10;

/// Where the chains of variables end.
pub(crate) struct Chains {
    ends: Vec<Option<usize>>,
}

impl Chains {
    /// The last variable of the chain of `variable`: the one whose value is no variable. `None` if there is none.
    pub(crate) fn end(&self, variable: usize) -> Option<usize> {
        self.ends.get(variable).copied().flatten()
    }
}

/// Follows all chains and reports all loops.
///
/// A loop is an error, except that a variable that is defined as itself only gets a warning if nothing else mentions it:
/// the original hangs when it is used, and accepts it when it is not.
pub(crate) fn chains(names: &Names<'_>, reporter: &mut Reporter<'_>) -> Chains {
    let used = used(names);
    let mut states = vec![State::New; names.variables.len()];
    let mut walked = Vec::new();
    for start in 0..names.variables.len() {
        let mut at = start;
        let end = loop {
            steps::count(1);
            match states.get(at).copied() {
                Some(State::Ends(end)) => break end,
                None => break None,
                Some(State::Walked(position)) => {
                    let circle = walked.get(position..).unwrap_or_default();
                    let harmless = circle.len() == 1 && used.get(at) == Some(&false);
                    report_loop(names, circle, harmless, reporter);
                    break None;
                }
                Some(State::New) => {}
            }
            set(&mut states, at, State::Walked(walked.len()));
            walked.push(at);
            match next(names, at) {
                Some(following) => at = following,
                None => break Some(at),
            }
        };
        for variable in walked.drain(..) {
            set(&mut states, variable, State::Ends(end));
        }
    }
    let end = |state| {
        if let State::Ends(end) = state {
            end
        } else {
            None
        }
    };
    Chains {
        ends: states.into_iter().map(end).collect(),
    }
}

#[derive(Clone, Copy)]
enum State {
    New,
    /// On the way from the variable looked at, at this position.
    Walked(usize),
    /// Ends in a variable, or not at all.
    Ends(Option<usize>),
}

fn set(states: &mut [State], variable: usize, state: State) {
    if let Some(slot) = states.get_mut(variable) {
        *slot = state;
    }
}

/// The variable that a variable's value names.
fn next(names: &Names<'_>, variable: usize) -> Option<usize> {
    names
        .by_name
        .get(names.variables.get(variable)?.value.text())
        .copied()
}

/// The variables that a rule or another variable mentions.
fn used(names: &Names<'_>) -> Vec<bool> {
    let mut used = vec![false; names.variables.len()];
    let rules = names.policies.iter().flat_map(|policy| &policy.rules);
    let in_rules = rules
        .flat_map(|rule| rule.names())
        .filter_map(|name| names.by_name.get(name.text).copied());
    let in_variables = (0..used.len())
        .filter_map(|variable| next(names, variable).filter(|mentioned| *mentioned != variable));
    for variable in in_rules.chain(in_variables) {
        steps::count(1);
        if let Some(flag) = used.get_mut(variable) {
            *flag = true;
        }
    }
    used
}

fn report_loop(names: &Names<'_>, circle: &[usize], harmless: bool, reporter: &mut Reporter<'_>) {
    let shown = |variable: usize| {
        names.variables.get(variable).map(|v| {
            let definition = format!("{} = {}", Show(v.name.text), Show(v.value.text()));
            (v.name, definition)
        })
    };
    let Some((last, others)) = circle.split_last() else {
        return;
    };
    let Some((name, definition)) = shown(*last) else {
        return;
    };
    let message = format!(
        "loop detected on variable '{}'; {definition}",
        Show(name.text)
    );
    let head = if harmless {
        reporter.warning(name.span, message)
    } else {
        reporter.error(name.span, message)
    };
    head.help("A variable has to end in the text of a module.");
    for (other, definition) in others.iter().take(LISTED).filter_map(|v| shown(*v)) {
        let message = format!("see also line: {}  {definition}", other.span.line);
        reporter.error(name.span, message).continued();
    }
    if let Some(more) = others.len().checked_sub(LISTED + 1) {
        let message = format!("see also {} more variables of this loop", more + 1);
        reporter.error(name.span, message).continued();
    }
}
