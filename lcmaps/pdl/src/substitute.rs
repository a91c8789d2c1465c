//! Variables in rules are replaced by the texts that they stand for.
//!
//! Rules are taken one after the other, and in a rule the state, the first and the second branch. A name that is a
//! variable becomes the text at the end of the variable's chain, except when that text is in the way of the policy: the
//! last variable of the chain is *blocked*
//!
//! * for a branch, if the text is the state of a rule of this policy, as the rules stand at that moment;
//! * for a state, if the text is where all branches of a rule of this policy lead, as the rules stand at that moment;
//! * but never any more once it was used without being blocked, in this policy or in one before it.
//!
//! A blocked name stays as it is, with a warning: it is then the name of a module, which normally does not exist. These
//! conditions are not what one would invent, but they decide which files the original accepts and what they mean.

use std::collections::HashMap;

use crate::ast::{Name, Rule, Variable};
use crate::diagnostic::Reporter;
use crate::names::Names;
use crate::show::Show;
use crate::span::Span;
use crate::steps;
use crate::symbols::{Symbol, Symbols};
use crate::variables::Chains;

/// A rule with its variables replaced.
pub(crate) struct Reduced<'a> {
    pub rule: &'a Rule<'a>,
    pub state: Item<'a>,
    pub next: Item<'a>,
    pub otherwise: Option<Item<'a>>,
}

impl<'a> Reduced<'a> {
    /// State, first and second branch.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Item<'a>> {
        [Some(&self.state), Some(&self.next), self.otherwise.as_ref()]
            .into_iter()
            .flatten()
    }
}

/// A name in a rule and the text that it stands for.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    /// As it is written in the rule.
    pub name: Name<'a>,
    pub symbol: Symbol,
    /// The variable that was replaced.
    pub variable: Option<&'a Variable<'a>>,
    /// Where the text is written.
    pub source: Span,
}

/// Replaces the variables in the rules of all policies. `chains` says where the chain of each variable ends.
pub(crate) fn substitute<'a>(
    names: &Names<'a>,
    chains: &Chains,
    symbols: &mut Symbols<'a>,
    reporter: &mut Reporter<'_>,
) -> Vec<Vec<Reduced<'a>>> {
    let mut cleared = vec![false; names.variables.len()];
    names
        .policies
        .iter()
        .map(|policy| {
            let rules = policy
                .rules
                .iter()
                .map(|rule| written(rule, symbols))
                .collect();
            let mut work = Policy {
                names,
                chains,
                cleared: &mut cleared,
                counts: counts(&rules),
                rules,
            };
            for index in 0..work.rules.len() {
                for place in [Place::State, Place::Next, Place::Otherwise] {
                    work.replace(index, place, symbols, reporter);
                }
            }
            work.rules
        })
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    State,
    Next,
    Otherwise,
}

struct Policy<'a, 'w> {
    names: &'w Names<'a>,
    chains: &'w Chains,
    cleared: &'w mut [bool],
    rules: Vec<Reduced<'a>>,
    counts: Counts,
}

impl<'a> Policy<'a, '_> {
    fn replace(
        &mut self,
        index: usize,
        place: Place,
        symbols: &mut Symbols<'a>,
        reporter: &mut Reporter<'_>,
    ) {
        steps::count(1);
        let Some(rule) = self.rules.get_mut(index) else {
            return;
        };
        let item = match place {
            Place::State => Some(&mut rule.state),
            Place::Next => Some(&mut rule.next),
            Place::Otherwise => rule.otherwise.as_mut(),
        };
        let Some(item) = item else { return };
        let name = item.name;
        let Some((variable, end, last)) = lookup(self.names, self.chains, name) else {
            return;
        };
        let symbol = symbols.of(last.value.text());
        let Some(cleared) = self.cleared.get_mut(end) else {
            return;
        };
        if !*cleared {
            if self.counts.blocked(place, symbol) {
                warn(last, name, reporter);
                return;
            }
            *cleared = true;
        }
        let new = Item {
            name,
            symbol,
            variable: Some(variable),
            source: last.value.span(),
        };
        let old = std::mem::replace(item, new);
        match place {
            Place::State => {
                Counts::less(&mut self.counts.states, old.symbol);
                Counts::more(&mut self.counts.states, symbol);
            }
            Place::Next | Place::Otherwise => {
                let before = match place {
                    Place::Next => sole_target(old.symbol, rule.otherwise),
                    _ => sole_target(rule.next.symbol, Some(old)),
                };
                if let Some(before) = before {
                    Counts::less(&mut self.counts.sole_targets, before);
                }
                if let Some(after) = sole_target(rule.next.symbol, rule.otherwise) {
                    Counts::more(&mut self.counts.sole_targets, after);
                }
            }
        }
    }
}

/// The variable of a name, and the last one of its chain.
fn lookup<'a>(
    names: &Names<'a>,
    chains: &Chains,
    name: Name<'_>,
) -> Option<(&'a Variable<'a>, usize, &'a Variable<'a>)> {
    let first = *names.by_name.get(name.text)?;
    let end = chains.end(first)?;
    Some((names.variables.get(first)?, end, names.variables.get(end)?))
}

fn written<'a>(rule: &&'a Rule<'a>, symbols: &mut Symbols<'a>) -> Reduced<'a> {
    let mut item = |name: Name<'a>| Item {
        name,
        symbol: symbols.of(name.text),
        variable: None,
        source: name.span,
    };
    Reduced {
        rule,
        state: item(rule.state),
        next: item(rule.next),
        otherwise: rule.otherwise.map(item),
    }
}

fn warn(last: &Variable<'_>, name: Name<'_>, reporter: &mut Reporter<'_>) {
    let value = Show(last.value.text());
    let message = format!(
        "Variable {} points to state {value}. This is considered dangerous.",
        Show(last.name.text)
    );
    reporter.warning(last.name.span, message).help(format!(
        "In line {} '{}' is therefore taken as the name of a module. Use one name for the state \
         everywhere in the policy.",
        name.span.line,
        Show(name.text)
    ));
}

/// Where all branches of a rule lead, if they lead to the same text.
fn sole_target(next: Symbol, otherwise: Option<Item<'_>>) -> Option<Symbol> {
    otherwise
        .is_none_or(|item| item.symbol == next)
        .then_some(next)
}

/// How many rules of a policy have a text as their state, and as their only target.
struct Counts {
    states: HashMap<Symbol, usize>,
    sole_targets: HashMap<Symbol, usize>,
}

fn counts(rules: &Vec<Reduced<'_>>) -> Counts {
    let mut counts = Counts {
        states: HashMap::new(),
        sole_targets: HashMap::new(),
    };
    for rule in rules {
        Counts::more(&mut counts.states, rule.state.symbol);
        if let Some(target) = sole_target(rule.next.symbol, rule.otherwise) {
            Counts::more(&mut counts.sole_targets, target);
        }
    }
    counts
}

impl Counts {
    fn blocked(&self, place: Place, symbol: Symbol) -> bool {
        let counts = match place {
            Place::State => &self.sole_targets,
            Place::Next | Place::Otherwise => &self.states,
        };
        counts.get(&symbol).is_some_and(|count| *count > 0)
    }

    fn more(counts: &mut HashMap<Symbol, usize>, symbol: Symbol) {
        *counts.entry(symbol).or_default() += 1;
    }

    fn less(counts: &mut HashMap<Symbol, usize>, symbol: Symbol) {
        if let Some(count) = counts.get_mut(&symbol) {
            *count = count.saturating_sub(1);
        }
    }
}
