//! Chains of variables: which text a variable stands for in the end.

use crate::diagnostic::Reporter;
use crate::names::{Named, Names};
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
/// A loop is an error, except that a variable that is defined as itself only gets a warning if no rule needs it:
/// the original hangs when it is used, and mostly accepts it when it is not.
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
    names.by_name.get(names.variables.get(variable)?.value)
}

/// The variables that some rule needs, itself or through others.
fn used(names: &Names<'_>) -> Vec<bool> {
    let mut used = vec![false; names.variables.len()];
    let rules = names.policies.iter().flat_map(|policy| &policy.rules);
    for (_, symbol) in rules.flat_map(Named::names) {
        let mut at = names.by_name.get(symbol);
        while let Some(variable) = at {
            steps::count(1);
            match used.get_mut(variable) {
                Some(flag @ false) => *flag = true,
                _ => break,
            }
            at = next(names, variable);
        }
    }
    used
}

fn report_loop(names: &Names<'_>, circle: &[usize], harmless: bool, reporter: &mut Reporter<'_>) {
    let shown = |variable: usize| {
        names.variables.get(variable).map(|defined| {
            let v = defined.variable;
            let definition = format!("{} = {}", Show(v.name.text), Show(v.value.text()));
            (v.name, definition)
        })
    };
    // The one that is defined last closes the loop; the others follow in the order of the chain.
    let Some((position, last)) = circle.iter().enumerate().max_by_key(|(_, v)| **v) else {
        return;
    };
    let (before, from) = circle.split_at(position);
    let others = || from.iter().skip(1).chain(before);
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
    for (other, definition) in others().take(LISTED).filter_map(|v| shown(*v)) {
        let message = format!("see also line: {}  {definition}", other.span.line);
        reporter.error(name.span, message).continued();
    }
    if let Some(more) = circle.len().checked_sub(LISTED + 2) {
        let message = format!("see also {} more variables of this loop", more + 1);
        reporter.error(name.span, message).continued();
    }
}
