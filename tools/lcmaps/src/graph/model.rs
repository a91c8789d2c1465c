//! What is drawn: policies with the parts of them that can run, and those that cannot.

use lcmaps_pdl::{Compiled, Next, ast};
use lcmaps_tools::printable::printable;

use crate::flow::{self, Flow};

/// A policy for the drawing.
#[derive(Debug)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub line: u32,
    /// Its states, the start first.
    pub states: Vec<State>,
    /// Rules that nothing leads to, as they are written, with their lines.
    pub idle_rules: Vec<(u32, String)>,
    /// It can run: the policy before it can fail.
    pub reached: bool,
    /// It can fail, so that the next one runs.
    pub fails: bool,
}

/// A state for the drawing.
#[derive(Debug)]
pub struct State {
    /// Its name.
    pub name: String,
    /// The module, without what all modules have in their names.
    pub module: String,
    /// It can run.
    pub reached: bool,
    /// What follows success; `None` when the module never succeeds.
    pub success: Option<Next>,
    /// What follows failure; `None` when the module never fails.
    pub failure: Option<Next>,
}

/// The policies of a file, those too that do not compile because they cannot succeed.
pub fn policies(compiled: &Compiled, tree: &ast::File<'_>) -> Vec<Policy> {
    let mut reached = true;
    let mut policies = Vec::new();
    for policy in &compiled.policies {
        let flow = Flow::of(policy, compiled);
        let states = policy.states.iter().zip(&flow.reached);
        let states = states.map(|(state, reached)| {
            let module = compiled.modules.get(state.module);
            let ends = module.map(flow::ends);
            let module = module.map_or(&b""[..], |module| &module.name);
            let short = flow::short_name(module).map(str::to_owned);
            State {
                name: shown(&state.name),
                module: short.unwrap_or_else(|| shown(module)),
                reached: *reached,
                success: Some(state.on_success).filter(|_| ends.is_none_or(|ends| ends.success)),
                failure: Some(state.on_failure).filter(|_| ends.is_none_or(|ends| ends.failure)),
            }
        });
        let written = tree.policies.iter().find(|p| p.label.span == policy.span);
        let is_idle = |rule: &&ast::Rule<'_>| {
            let same = |state: &lcmaps_pdl::State| state.span == rule.state.span;
            !policy.states.iter().any(same)
        };
        let idle = written.into_iter().flat_map(|p| &p.rules).filter(is_idle);
        policies.push(Policy {
            name: shown(&policy.name),
            line: policy.span.line,
            states: states.collect(),
            idle_rules: idle.map(|rule| (rule.span.line, text(rule))).collect(),
            reached,
            fails: flow.fails,
        });
        reached &= flow.fails;
    }
    policies
}

fn text(rule: &ast::Rule<'_>) -> String {
    let tilde = if rule.negated { "~" } else { "" };
    let (state, next) = (shown(rule.state.text), shown(rule.next.text));
    match rule.otherwise {
        Some(otherwise) => format!("{tilde}{state} -> {next} | {}", shown(otherwise.text)),
        None => format!("{tilde}{state} -> {next}"),
    }
}

/// A name, cut where it would not fit into a drawing.
fn shown(name: &[u8]) -> String {
    const LONGEST: usize = 28;
    let text = printable(String::from_utf8_lossy(name).trim());
    if text.chars().count() <= LONGEST {
        return text;
    }
    let start: String = text.chars().take(LONGEST - 1).collect();
    format!("{start}…")
}
