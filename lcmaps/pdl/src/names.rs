//! What a name stands for: variables and policies are defined once, rules keep to their policy.
//!
//! All of this looks at the names as they are written; variables are replaced later.

use crate::ast::{Definition, File, Name, Policy, Rule, Variable};
use crate::diagnostic::Reporter;
use crate::parser::Parsed;
use crate::show::Show;
use crate::span::Span;
use crate::steps;
use crate::symbols::{Symbol, Symbols, Table};

/// The definitions of a file that count.
pub(crate) struct Names<'a> {
    pub symbols: Symbols<'a>,
    /// The variables in the order of the file, each name once.
    pub variables: Vec<Defined<'a>>,
    /// From a name to its place in `variables`.
    pub by_name: Table<usize>,
    /// The policies that have rules.
    pub policies: Vec<Rules<'a>>,
}

/// A variable.
#[derive(Clone, Copy)]
pub(crate) struct Defined<'a> {
    pub variable: &'a Variable<'a>,
    pub value: Symbol,
}

/// The rules of a policy.
pub(crate) struct Rules<'a> {
    pub label: Name<'a>,
    /// Rules in the order of the file, each state once. Not empty.
    pub rules: Vec<Named<'a>>,
    /// Some rules were refused and are missing here.
    pub damaged: bool,
}

/// A rule and the symbols of its names.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub rule: &'a Rule<'a>,
    pub state: Symbol,
    pub next: Symbol,
    pub otherwise: Option<Symbol>,
}

impl<'a> Named<'a> {
    /// Left side first.
    pub(crate) fn names(&self) -> impl Iterator<Item = (Name<'a>, Symbol)> + use<'a> {
        let symbols = [Some(self.state), Some(self.next), self.otherwise];
        self.rule.names().zip(symbols.into_iter().flatten())
    }
}

pub(crate) fn check<'a>(parsed: &'a Parsed<'a>, reporter: &mut Reporter<'_>) -> Names<'a> {
    let file = &parsed.file;
    if parsed.complete && file.policies.is_empty() {
        if file.definitions.is_empty() {
            reporter
                .warning(parsed.end, "Config file is empty.".to_owned())
                .help("Without a policy nobody is mapped.");
        } else {
            reporter
                .error(
                    parsed.end,
                    "Config file contains no policy rules.".to_owned(),
                )
                .help("Add a policy: its name and ':' on a line, and rules below it.");
        }
    }
    let mut names = Names {
        symbols: Symbols::default(),
        variables: Vec::new(),
        by_name: Table::default(),
        policies: Vec::new(),
    };
    names.add_variables(file, reporter);
    let labels = names.add_policies(parsed, reporter);
    names.warn_of_policy_names(&labels, reporter);
    names
}

impl<'a> Names<'a> {
    fn add_variables(&mut self, file: &'a File<'a>, reporter: &mut Reporter<'_>) {
        for definition in &file.definitions {
            let Definition::Variable(variable) = definition else {
                continue;
            };
            let name = self.symbols.of(variable.name.text);
            let place = self.by_name.get_or_set(name, self.variables.len());
            let Some(first) = self.variables.get(place) else {
                let value = self.symbols.of(variable.value.text());
                self.variables.push(Defined { variable, value });
                continue;
            };
            let first = first.variable;
            let message = format!(
                "variable '{}' already defined at line {};",
                Show(variable.name.text),
                first.name.span.line
            );
            reporter.error(variable.name.span, message);
            let message = format!("previous value: '{}'.", Show(first.value.text()));
            reporter.error(variable.name.span, message).continued();
        }
    }

    /// Returns where the policies are defined.
    fn add_policies(&mut self, parsed: &'a Parsed<'a>, reporter: &mut Reporter<'_>) -> Table<Span> {
        let mut earlier = Table::default();
        let mut lines = Table::default();
        let last = parsed.file.policies.len().saturating_sub(1);
        for (index, policy) in parsed.file.policies.iter().enumerate() {
            let label = policy.label;
            let whole = parsed.complete || index != last;
            if policy.rules.is_empty() {
                // Behind a syntax error nobody knows whether rules follow.
                if whole {
                    no_rules(label, reporter);
                }
                continue;
            }
            warn_of_blanks(label, reporter);
            let name = self.symbols.of(label.text);
            if let Some(Span { line, .. }) = earlier.get(name) {
                let message = format!(
                    "policy '{}' already defined at line {line}.",
                    Show(label.text)
                );
                reporter.error(label.span, message);
            }
            lines.clear();
            let rules = self.accepted(policy, &earlier, &mut lines, reporter);
            earlier.get_or_set(name, label.span);
            if !rules.is_empty() {
                let damaged = rules.len() != policy.rules.len() || !whole;
                self.policies.push(Rules {
                    label,
                    rules,
                    damaged,
                });
            }
        }
        earlier
    }

    /// The rules of a policy that are acceptable, given the policies before it.
    fn accepted(
        &mut self,
        policy: &'a Policy<'a>,
        earlier: &Table<Span>,
        lines: &mut Table<u32>,
        reporter: &mut Reporter<'_>,
    ) -> Vec<Named<'a>> {
        let mut rules = Vec::with_capacity(policy.rules.len());
        for rule in &policy.rules {
            let named = Named {
                rule,
                state: self.symbols.of(rule.state.text),
                next: self.symbols.of(rule.next.text),
                otherwise: rule.otherwise.map(|name| self.symbols.of(name.text)),
            };
            if let Some(policy) = earlier.get(named.state) {
                state_is_policy(rule.state, policy, reporter);
                continue;
            }
            let line = rule.state.span.line;
            let known = lines.get(named.state);
            lines.get_or_set(named.state, line);
            let reference = named
                .names()
                .find_map(|(name, s)| Some((name, earlier.get(s)?)));
            if let Some((target, policy)) = reference {
                target_is_policy(target, policy, reporter);
            } else if let Some(line) = known {
                state_in_use(rule.state, line, reporter);
            } else {
                rules.push(named);
            }
        }
        rules
    }

    /// A rule may use the name of a policy that comes later, but it does not mean that policy.
    fn warn_of_policy_names(&self, labels: &Table<Span>, reporter: &mut Reporter<'_>) {
        let rules = self.policies.iter().flat_map(|policy| &policy.rules);
        for (name, symbol) in rules.flat_map(Named::names) {
            steps::count(1);
            if let Some(label) = labels.get(symbol)
                && self.by_name.get(symbol).is_none()
            {
                let message = format!(
                    "'{}' is taken as the name of a module, not as the policy of line {}.",
                    Show(name.text),
                    label.line
                );
                reporter
                    .warning(name.span, message)
                    .help("A rule cannot call a policy.");
            }
        }
    }
}

fn no_rules(label: Name<'_>, reporter: &mut Reporter<'_>) {
    reporter.warning(label.span, "expecting rule definitions.".to_owned());
    let message = format!(
        "no rules specified for policy: '{}' at line {}.",
        Show(label.text),
        label.span.line
    );
    reporter.warning(label.span, message).continued().help(
        "The policy does not exist. For a policy of one module write: ~module -> a module that \
         always fails.",
    );
}

fn warn_of_blanks(label: Name<'_>, reporter: &mut Reporter<'_>) {
    if label
        .text
        .first()
        .is_some_and(|byte| matches!(byte, b' ' | b'\t'))
    {
        let message = format!(
            "the name of policy '{}' includes the blanks before it.",
            Show(label.text)
        );
        reporter
            .warning(label.span, message)
            .help("Remove them if the policy is to be found by its name.");
    }
}

fn state_is_policy(state: Name<'_>, policy: Span, reporter: &mut Reporter<'_>) {
    let message = format!(
        "Left hand side of a rule cannot be a policy; see also line {}.",
        policy.line
    );
    reporter.error(state.span, message).help(format!(
        "'{}' is the name of a policy: rename the policy or the state.",
        Show(state.text)
    ));
}

fn target_is_policy(target: Name<'_>, policy: Span, reporter: &mut Reporter<'_>) {
    let message = "Rule contians reference to a policy. This is currently not supported.";
    reporter.error(target.span, message.to_owned()).help(format!(
        "'{}' is the policy of line {}. Policies are tried one after the other; a rule cannot call \
         one.",
        Show(target.text),
        policy.line
    ));
}

fn state_in_use(state: Name<'_>, line: u32, reporter: &mut Reporter<'_>) {
    let message = format!(
        "State '{}' is already in use. See line {line}.",
        Show(state.text)
    );
    reporter.error(state.span, message).help(
        "A state has one rule in a policy. For a second use of the module define another variable.",
    );
}
