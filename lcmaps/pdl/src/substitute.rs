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

use crate::ast::{Name, Rule, Variable};
use crate::diagnostic::Reporter;
use crate::names::{Defined, Named, Names};
use crate::show::Show;
use crate::span::Span;
use crate::steps;
use crate::symbols::{Symbol, Table};
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

    /// Where all branches lead, if they lead to the same text.
    fn sole_target(&self) -> Option<Symbol> {
        let next = self.next.symbol;
        self.otherwise
            .is_none_or(|item| item.symbol == next)
            .then_some(next)
    }
}

/// A name in a rule and the text that it stands for.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    /// As it is written in the rule.
    pub name: &'a Name<'a>,
    pub symbol: Symbol,
    /// The variable that was replaced, and the last one of its chain.
    pub replaced: Option<(&'a Variable<'a>, &'a Variable<'a>)>,
}

impl Item<'_> {
    /// Where the text is written.
    pub(crate) fn source(&self) -> Span {
        self.replaced
            .map_or(self.name.span, |(_, last)| last.value.span())
    }
}

/// Replaces the variables in the rules of all policies.
pub(crate) fn substitute<'a>(
    names: &Names<'a>,
    chains: &Chains,
    reporter: &mut Reporter<'_>,
) -> Vec<Vec<Reduced<'a>>> {
    let mut work = Work {
        names,
        chains,
        cleared: vec![false; names.variables.len()],
        rules: Vec::new(),
        states: Table::default(),
        sole_targets: Table::default(),
    };
    let policies = names.policies.iter().map(|policy| {
        work.start(&policy.rules);
        for index in 0..work.rules.len() {
            for place in [Place::State, Place::Next, Place::Otherwise] {
                work.replace(index, place, reporter);
            }
        }
        std::mem::take(&mut work.rules)
    });
    policies.collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    State,
    Next,
    Otherwise,
}

struct Work<'a, 'w> {
    names: &'w Names<'a>,
    chains: &'w Chains,
    /// Variables that were used without being blocked.
    cleared: Vec<bool>,
    /// The rules of the policy that is being worked on.
    rules: Vec<Reduced<'a>>,
    /// What is or was the state of one of these rules,
    states: Table<()>,
    /// and what is or was the only target of one. What was is a variable's name, and what comes out of a chain never is.
    sole_targets: Table<()>,
}

impl<'a> Work<'a, '_> {
    fn start(&mut self, rules: &[Named<'a>]) {
        self.rules.extend(rules.iter().map(written));
        self.states.clear();
        self.sole_targets.clear();
        for rule in &self.rules {
            self.states.set(rule.state.symbol, ());
            if let Some(target) = rule.sole_target() {
                self.sole_targets.set(target, ());
            }
        }
    }

    fn replace(&mut self, index: usize, place: Place, reporter: &mut Reporter<'_>) {
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
        let Some((first, end, last)) = lookup(self.names, self.chains, item.symbol) else {
            return;
        };
        let Some(cleared) = self.cleared.get_mut(end) else {
            return;
        };
        if !*cleared {
            let in_the_way = match place {
                Place::State => &self.sole_targets,
                Place::Next | Place::Otherwise => &self.states,
            };
            if in_the_way.get(last.value).is_some() {
                warn(last.variable, item.name, reporter);
                return;
            }
            *cleared = true;
        }
        item.symbol = last.value;
        item.replaced = Some((first.variable, last.variable));
        if place == Place::State {
            self.states.set(last.value, ());
        } else if let Some(target) = rule.sole_target() {
            self.sole_targets.set(target, ());
        }
    }
}

/// The variable of a name, and the last one of its chain.
fn lookup<'a>(
    names: &Names<'a>,
    chains: &Chains,
    name: Symbol,
) -> Option<(Defined<'a>, usize, Defined<'a>)> {
    let first = names.by_name.get(name)?;
    let end = chains.end(first)?;
    Some((
        *names.variables.get(first)?,
        end,
        *names.variables.get(end)?,
    ))
}

fn written<'a>(named: &Named<'a>) -> Reduced<'a> {
    let rule = named.rule;
    let item = |(name, symbol)| Item {
        name,
        symbol,
        replaced: None,
    };
    Reduced {
        rule,
        state: item((&rule.state, named.state)),
        next: item((&rule.next, named.next)),
        otherwise: rule.otherwise.as_ref().zip(named.otherwise).map(item),
    }
}

fn warn(last: &Variable<'_>, name: &Name<'_>, reporter: &mut Reporter<'_>) {
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
