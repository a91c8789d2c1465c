//! A naive interpreter of the policy language, for comparison: it looks everything up by name, each time, and follows
//! the words of the language's description rather than the structure of the compiler.

use std::collections::HashSet;

/// A policy file before it is written down.
#[derive(Clone, Debug)]
pub struct Model {
    pub path: Option<String>,
    pub variables: Vec<(String, Value)>,
    pub policies: Vec<(String, Vec<Rule>)>,
}

#[derive(Clone, Debug)]
pub enum Value {
    Name(String),
    Text(String),
}

impl Value {
    pub fn text(&self) -> &str {
        let (Value::Name(text) | Value::Text(text)) = self;
        text
    }
}

#[derive(Clone, Debug)]
pub struct Rule {
    pub negated: bool,
    pub state: String,
    pub next: String,
    pub otherwise: Option<String>,
}

impl Rule {
    /// Where the rule leads on success and on failure; `Err` is the end of the policy.
    fn branches(&self) -> [Result<&str, bool>; 2] {
        match (self.negated, &self.otherwise) {
            (true, _) => [Err(true), Ok(&self.next)],
            (false, Some(otherwise)) => [Ok(&self.next), Ok(otherwise)],
            (false, None) => [Ok(&self.next), Err(false)],
        }
    }
}

/// A module that ran, as "name arguments", and how it ended.
pub type Trace = Vec<(String, bool)>;

impl Model {
    /// What a run does, given how the modules end one after the other (what is missing fails). The policies have to be
    /// substituted.
    pub fn run(policies: &[(String, Vec<Rule>)], ends: &[bool]) -> (Trace, bool) {
        let mut trace = Trace::new();
        'policies: for (_, rules) in policies {
            let mut state = rules[0].state.as_str();
            loop {
                let success = if nameless(state) {
                    false
                } else {
                    let success = ends.get(trace.len()).copied().unwrap_or(false);
                    trace.push((canonical(state), success));
                    success
                };
                let rule = rules.iter().find(|rule| rule.state == state);
                let [on_success, on_failure] =
                    rule.map_or([Err(true), Err(false)], |rule| rule.branches());
                match if success { on_success } else { on_failure } {
                    Ok(next) => state = next,
                    Err(true) => return (trace, true),
                    Err(false) => continue 'policies,
                }
            }
        }
        (trace, false)
    }

    /// Whether a chain of variables that a rule uses, or a chain of two variables or more, goes in circles.
    pub fn variable_loop(&self) -> bool {
        self.variables.iter().any(|(name, _)| {
            let mut seen = HashSet::new();
            let mut at = name;
            while let Some(next) = self.value(at) {
                if !seen.insert(at) {
                    return true;
                }
                match self.variables.iter().find(|(name, _)| name == next) {
                    Some((name, _)) => at = name,
                    None => return false,
                }
            }
            false
        })
    }

    /// Whether some way through the rules comes to a state twice.
    pub fn has_rule_loop(policies: &[(String, Vec<Rule>)]) -> bool {
        fn circles<'a>(state: &'a str, rules: &'a [Rule], way: &mut Vec<&'a str>) -> bool {
            if way.contains(&state) {
                return true;
            }
            let Some(rule) = rules.iter().find(|rule| rule.state == state) else {
                return false;
            };
            way.push(state);
            let [on_success, on_failure] = rule.branches();
            let on_success = if nameless(state) {
                Err(false)
            } else {
                on_success
            };
            let found = [on_success, on_failure]
                .into_iter()
                .flatten()
                .any(|next| circles(next, rules, way));
            way.pop();
            found
        }
        policies
            .iter()
            .any(|(_, rules)| circles(&rules[0].state, rules, &mut Vec::new()))
    }

    /// The policies with their variables replaced.
    pub fn substituted(&self) -> Vec<(String, Vec<Rule>)> {
        let mut policies = self.policies.clone();
        let mut cleared: HashSet<&str> = HashSet::new();
        for (_, rules) in &mut policies {
            for index in 0..rules.len() {
                for place in 0..3 {
                    let rule = &rules[index];
                    let name = match place {
                        0 => Some(&rule.state),
                        1 => Some(&rule.next),
                        _ => rule.otherwise.as_ref(),
                    };
                    let Some((last, text)) = name.and_then(|name| self.resolve(name)) else {
                        continue;
                    };
                    let blocked = if place == 0 {
                        rules.iter().any(|rule| {
                            let otherwise = rule.otherwise.as_ref().unwrap_or(&rule.next);
                            rule.next == text && otherwise == text
                        })
                    } else {
                        rules.iter().any(|rule| rule.state == text)
                    };
                    if blocked && !cleared.contains(last) {
                        continue;
                    }
                    cleared.insert(last);
                    let text = text.to_owned();
                    match place {
                        0 => rules[index].state = text,
                        1 => rules[index].next = text,
                        _ => rules[index].otherwise = Some(text),
                    }
                }
            }
        }
        policies
    }

    /// All modules in the order in which they are loaded.
    pub fn modules(policies: &[(String, Vec<Rule>)]) -> Vec<String> {
        let mut modules: Vec<String> = Vec::new();
        for rule in policies.iter().flat_map(|(_, rules)| rules) {
            for text in [Some(&rule.state), Some(&rule.next), rule.otherwise.as_ref()]
                .into_iter()
                .flatten()
            {
                let module = canonical(text);
                if !nameless(text) && !modules.contains(&module) {
                    modules.push(module);
                }
            }
        }
        modules
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.variables
            .iter()
            .find(|(variable, _)| variable == name)
            .map(|(_, value)| value.text())
    }

    /// The last variable of a name's chain and its value.
    fn resolve(&self, name: &str) -> Option<(&str, &str)> {
        let find = |name: &str| self.variables.iter().find(|(variable, _)| variable == name);
        let mut last = find(name)?;
        while let Some(next) = find(last.1.text()) {
            last = next;
        }
        Some((&last.0, last.1.text()))
    }
}

fn nameless(text: &str) -> bool {
    text.is_empty() || text.starts_with(' ')
}

/// "name arguments": a blank behind the name stands for no arguments.
fn canonical(text: &str) -> String {
    let (name, arguments) = text.split_once(' ').unwrap_or((text, ""));
    format!("{name} {arguments}")
}
