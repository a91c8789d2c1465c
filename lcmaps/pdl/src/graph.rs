//! Rules to a graph of states.
//!
//! After substitution a state *is* its text: where two names stand for the same text they are one state, and the first
//! rule of that state counts. This can close loops that the names did not show; such a file is refused.

use crate::ast::Name;
use crate::compiled::{Next, Policy, State};
use crate::diagnostic::Reporter;
use crate::modules::Modules;
use crate::reach::{LOOP_HELP, loop_message};
use crate::show::Show;
use crate::steps;
use crate::substitute::{Item, Reduced};
use crate::symbols::{Symbols, Table};
use crate::walk::{Back, Edges, Visit, walk};

/// The graph of a policy; `None` if it has a loop, which is reported, or if it cannot succeed, which is said. `room` is
/// room to work in.
pub(crate) fn build(
    label: Name<'_>,
    rules: &[Reduced<'_>],
    symbols: &Symbols<'_>,
    modules: &Modules<'_>,
    room: &mut Table<usize>,
    reporter: &mut Reporter<'_>,
) -> Option<Policy> {
    let nodes = Nodes::of(rules, modules, room, reporter);
    let mut sound = true;
    // The first node is the state of the first rule.
    let seen = walk(
        nodes.list.len(),
        0,
        |node| nodes.edges(node),
        |back| {
            sound = false;
            nodes.report_loop(&back, symbols, reporter);
        },
    );
    if !sound {
        return None;
    }
    let entries = entries(&nodes, &seen.left, modules);
    let states = states(&nodes, &entries, modules);
    if states.is_empty() {
        let message = format!("policy '{}' cannot succeed.", Show(label.text));
        reporter
            .warning(label.span, message)
            .help("Its first module has no name. The policy is left out.");
        return None;
    }
    Some(Policy {
        name: label.text.to_vec(),
        span: label.span,
        states,
    })
}

/// A state before unreachable and nameless ones are removed.
struct Node<'a> {
    item: Item<'a>,
    rule: Option<&'a Reduced<'a>>,
    success: Step,
    failure: Step,
}

/// What follows a node.
#[derive(Clone, Copy)]
enum Step {
    To(usize),
    Succeed,
    Fail,
}

struct Nodes<'a> {
    list: Vec<Node<'a>>,
}

impl<'a> Nodes<'a> {
    fn of(
        rules: &'a [Reduced<'a>],
        modules: &Modules<'_>,
        room: &mut Table<usize>,
        reporter: &mut Reporter<'_>,
    ) -> Self {
        room.clear();
        let mut nodes = Nodes { list: Vec::new() };
        for rule in rules {
            let state = nodes.node(&rule.state, room);
            let next = Step::To(nodes.node(&rule.next, room));
            let otherwise = rule
                .otherwise
                .as_ref()
                .map(|item| Step::To(nodes.node(item, room)));
            let Some(node) = nodes.list.get_mut(state) else {
                continue;
            };
            if node.rule.is_some() {
                warn_of_hidden_rule(rule, &node.item, reporter);
                continue;
            }
            node.rule = Some(rule);
            node.item = rule.state;
            (node.success, node.failure) = if rule.rule.negated {
                (Step::Succeed, next)
            } else {
                (next, otherwise.unwrap_or(Step::Fail))
            };
        }
        // A module without a name never succeeds.
        for node in &mut nodes.list {
            if modules.of(node.item.symbol).is_none() {
                node.success = Step::Fail;
            }
        }
        nodes
    }

    fn node(&mut self, item: &Item<'a>, room: &mut Table<usize>) -> usize {
        let new = self.list.len();
        let node = room.get_or_set(item.symbol, new);
        if node == new {
            let (success, failure) = (Step::Succeed, Step::Fail);
            self.list.push(Node {
                item: *item,
                rule: None,
                success,
                failure,
            });
        }
        node
    }

    /// Branches in the order in which the rule has them.
    fn edges(&self, node: usize) -> Edges {
        let target = |step: Step| {
            if let Step::To(node) = step {
                Some(node)
            } else {
                None
            }
        };
        match self.list.get(node) {
            Some(node) => [target(node.success), target(node.failure)],
            None => [None, None],
        }
    }

    fn report_loop(&self, back: &Back<'_>, symbols: &Symbols<'_>, reporter: &mut Reporter<'_>) {
        let Some(last) = back.trail.last() else {
            return;
        };
        let Some(rule) = self.list.get(last.node).and_then(|node| node.rule) else {
            return;
        };
        let mut message = loop_message(rule.rule, self.branch(*last));
        // The names alone show no loop: somewhere on the way a rule leads to a name that is another name of a state.
        let circle = back.trail.get(back.target..).unwrap_or_default();
        let alias = self
            .alias_among(circle, back.target, back.trail)
            .or_else(|| self.alias_among(back.trail, back.target, back.trail));
        if let Some((used, state)) = alias {
            message += &format!(
                " {} and {} are the same state because both stand for '{}'.",
                described(&used),
                described(&state),
                Show(symbols.text(state.symbol))
            );
        }
        reporter.error(rule.rule.span, message).help(LOOP_HELP);
    }

    /// The first step among `visits` that uses another name than the rule of the state to which it leads.
    fn alias_among(
        &self,
        visits: &[Visit],
        target: usize,
        trail: &[Visit],
    ) -> Option<(Item<'a>, Item<'a>)> {
        let closing = trail.get(target);
        visits.iter().enumerate().find_map(|(index, visit)| {
            let used = self.used(*visit)?;
            let to = visits.get(index + 1).or(closing)?;
            let state = self.list.get(to.node)?.item;
            (used.name.text != state.name.text).then_some((used, state))
        })
    }

    /// The name that a step uses for the state to which it leads.
    fn used(&self, visit: Visit) -> Option<Item<'a>> {
        let rule = self.list.get(visit.node)?.rule?;
        if self.branch(visit) == 0 {
            Some(rule.next)
        } else {
            rule.otherwise
        }
    }

    /// The number of a rule's branch that a step takes: a `~` rule has its only branch on failure.
    fn branch(&self, visit: Visit) -> usize {
        let negated = self
            .list
            .get(visit.node)
            .and_then(|node| node.rule)
            .is_some_and(|rule| rule.rule.negated);
        if negated { 0 } else { visit.edge }
    }
}

fn warn_of_hidden_rule(rule: &Reduced<'_>, first: &Item<'_>, reporter: &mut Reporter<'_>) {
    let message = format!(
        "rule of state '{}' is never used: '{}' of line {} is the same module and its rule comes \
         first.",
        Show(rule.state.name.text),
        Show(first.name.text),
        first.name.span.line
    );
    reporter.warning(rule.rule.span, message);
}

fn described(item: &Item<'_>) -> String {
    let name = Show(item.name.text);
    match item.replaced {
        Some((variable, _)) => format!("'{name}' (variable of line {})", variable.name.span.line),
        None => format!("'{name}' (line {})", item.name.span.line),
    }
}

/// What a step to each node comes to. A module without a name always fails, so its node is passed through.
fn entries(nodes: &Nodes<'_>, left: &[usize], modules: &Modules<'_>) -> Vec<Step> {
    let mut entries = vec![Step::Fail; nodes.list.len()];
    // Everything that a node leads to is left before the node.
    for index in left {
        steps::count(1);
        let Some(node) = nodes.list.get(*index) else {
            continue;
        };
        let entry = match (modules.of(node.item.symbol), node.failure) {
            (Some(_), _) => Step::To(*index),
            (None, Step::To(next)) => entries.get(next).copied().unwrap_or(Step::Fail),
            (None, end) => end,
        };
        if let Some(slot) = entries.get_mut(*index) {
            *slot = entry;
        }
    }
    entries
}

/// Numbers what can be reached, start first.
fn states(nodes: &Nodes<'_>, entries: &[Step], modules: &Modules<'_>) -> Vec<State> {
    let resolve = |step: Step| match step {
        Step::To(node) => entries.get(node).copied().unwrap_or(Step::Fail),
        end => end,
    };
    let Step::To(start) = resolve(Step::To(0)) else {
        return Vec::new();
    };
    let edges = |node: usize| {
        nodes
            .edges(node)
            .map(|edge| match resolve(Step::To(edge?)) {
                Step::To(node) => Some(node),
                Step::Succeed | Step::Fail => None,
            })
    };
    let order = walk(nodes.list.len(), start, edges, |_| {}).reached;
    let mut numbers = vec![0; nodes.list.len()];
    for (number, node) in order.iter().enumerate() {
        if let Some(slot) = numbers.get_mut(*node) {
            *slot = number;
        }
    }
    let next = |step: Step| match resolve(step) {
        Step::To(node) => numbers
            .get(node)
            .map_or(Next::Fail, |number| Next::Goto(*number)),
        Step::Succeed => Next::Succeed,
        Step::Fail => Next::Fail,
    };
    let state = |index: &usize| {
        let node = nodes.list.get(*index)?;
        Some(State {
            module: modules.of(node.item.symbol)?,
            name: node.item.name.text.to_vec(),
            span: node.item.name.span,
            on_success: next(node.success),
            on_failure: next(node.failure),
        })
    };
    order.iter().filter_map(state).collect()
}
