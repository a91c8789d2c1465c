//! What a name stands for: variables and policies are defined once, rules keep to their policy.
//!
//! All of this looks at the names as they are written; variables are replaced later.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::ast::{Definition, File, Name, Policy, Rule, Variable};
use crate::diagnostic::Reporter;
use crate::parser::Parsed;
use crate::show::Show;
use crate::span::Span;
use crate::steps;

/// The definitions of a file that count.
pub(crate) struct Names<'a> {
    /// The variables in the order of the file, each name once.
    pub variables: Vec<&'a Variable<'a>>,
    /// From a name to its place in `variables`.
    pub by_name: HashMap<&'a [u8], usize>,
    /// The policies that have rules.
    pub policies: Vec<Rules<'a>>,
}

/// The rules of a policy.
pub(crate) struct Rules<'a> {
    pub label: Name<'a>,
    /// Rules in the order of the file, each state once. Not empty.
    pub rules: Vec<&'a Rule<'a>>,
    /// Some rules were refused and are missing here.
    pub damaged: bool,
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
    let (variables, by_name) = variables(file, reporter);
    let policies = policies(parsed, reporter);
    let names = Names {
        variables,
        by_name,
        policies,
    };
    warn_of_policy_names(&names, reporter);
    names
}

fn variables<'a>(
    file: &'a File<'a>,
    reporter: &mut Reporter<'_>,
) -> (Vec<&'a Variable<'a>>, HashMap<&'a [u8], usize>) {
    let mut variables: Vec<&Variable<'_>> = Vec::new();
    let mut by_name = HashMap::new();
    for definition in &file.definitions {
        let Definition::Variable(variable) = definition else {
            continue;
        };
        steps::count(1);
        match by_name.entry(variable.name.text) {
            Entry::Vacant(entry) => {
                entry.insert(variables.len());
                variables.push(variable);
            }
            Entry::Occupied(entry) => {
                let Some(first) = variables.get(*entry.get()) else {
                    continue;
                };
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
    }
    (variables, by_name)
}

fn policies<'a>(parsed: &'a Parsed<'a>, reporter: &mut Reporter<'_>) -> Vec<Rules<'a>> {
    let mut earlier: HashMap<&[u8], Span> = HashMap::new();
    let mut policies = Vec::new();
    let last = parsed.file.policies.len().saturating_sub(1);
    for (index, policy) in parsed.file.policies.iter().enumerate() {
        steps::count(1);
        let label = policy.label;
        if policy.rules.is_empty() {
            // Behind a syntax error nobody knows whether rules follow.
            if parsed.complete || index != last {
                no_rules(label, reporter);
            }
            continue;
        }
        warn_of_blanks(label, reporter);
        if let Some(first) = earlier.get(label.text) {
            let message = format!(
                "policy '{}' already defined at line {}.",
                Show(label.text),
                first.line
            );
            reporter.error(label.span, message);
        }
        let rules = rules(policy, &earlier, reporter);
        earlier.entry(label.text).or_insert(label.span);
        if !rules.is_empty() {
            let damaged = rules.len() != policy.rules.len() || (index == last && !parsed.complete);
            policies.push(Rules {
                label,
                rules,
                damaged,
            });
        }
    }
    policies
}

/// The rules of a policy that are acceptable, given the policies before it.
fn rules<'a>(
    policy: &'a Policy<'a>,
    earlier: &HashMap<&[u8], Span>,
    reporter: &mut Reporter<'_>,
) -> Vec<&'a Rule<'a>> {
    let mut lines: HashMap<&[u8], u32> = HashMap::new();
    let mut rules = Vec::new();
    for rule in &policy.rules {
        steps::count(1);
        let state = rule.state;
        if let Some(policy) = earlier.get(state.text) {
            let message = format!(
                "Left hand side of a rule cannot be a policy; see also line {}.",
                policy.line
            );
            reporter.error(state.span, message).help(format!(
                "'{}' is the name of a policy: rename the policy or the state.",
                Show(state.text)
            ));
            continue;
        }
        let reference = rule.targets().find_map(|n| Some((n, earlier.get(n.text)?)));
        if let Some((target, policy)) = reference {
            let message =
                "Rule contians reference to a policy. This is currently not supported.".to_owned();
            reporter.error(target.span, message).help(format!(
                "'{}' is the policy of line {}. Policies are tried one after the other; a rule \
                 cannot call one.",
                Show(target.text),
                policy.line
            ));
            lines.entry(state.text).or_insert(state.span.line);
            continue;
        }
        match lines.entry(state.text) {
            Entry::Vacant(entry) => {
                entry.insert(state.span.line);
                rules.push(rule);
            }
            Entry::Occupied(entry) => {
                let message = format!(
                    "State '{}' is already in use. See line {}.",
                    Show(state.text),
                    entry.get()
                );
                reporter.error(state.span, message).help(
                    "A state has one rule in a policy. For a second use of the module define \
                     another variable.",
                );
            }
        }
    }
    rules
}

fn no_rules(label: Name<'_>, reporter: &mut Reporter<'_>) {
    reporter.warning(label.span, "expecting rule definitions.".to_owned());
    let message = format!(
        "no rules specified for policy: '{}' at line {}.",
        Show(label.text),
        label.span.line
    );
    reporter.warning(label.span, message).continued().help(
        "The policy does not exist. For a policy of one module write: ~module -> a module that always fails.",
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

/// A rule may use the name of a policy that comes later, but it does not mean that policy.
fn warn_of_policy_names(names: &Names<'_>, reporter: &mut Reporter<'_>) {
    let labels: HashMap<&[u8], Span> = names
        .policies
        .iter()
        .map(|policy| (policy.label.text, policy.label.span))
        .collect();
    for policy in &names.policies {
        for name in policy.rules.iter().flat_map(|rule| rule.names()) {
            steps::count(1);
            if let Some(label) = labels.get(name.text)
                && !names.by_name.contains_key(name.text)
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
