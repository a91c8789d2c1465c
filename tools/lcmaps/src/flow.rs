//! Which ways through a policy can be gone, given modules that always end the same way.

use lcmaps_pdl::{Compiled, ModuleSpec, Next, Policy};

/// How a module can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// It can succeed.
    pub success: bool,
    /// It can fail.
    pub failure: bool,
}

/// What can happen in a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Which states can run, by index.
    pub reached: Vec<bool>,
    /// The policy can succeed.
    pub succeeds: bool,
    /// The policy can fail.
    pub fails: bool,
}

/// How a module can end, by its name.
pub fn ends(module: &ModuleSpec) -> Ends {
    let (success, failure) = match short_name(&module.name) {
        Some("dummy_bad") => (false, true),
        Some("dummy_good" | "voms") => (true, false),
        _ => (true, true),
    };
    Ends { success, failure }
}

/// The name of a module of ours without what all of them have: `localaccount` for `lcmaps_localaccount.mod`.
pub fn short_name(module: &[u8]) -> Option<&str> {
    let file = module.rsplit(|byte| *byte == b'/').next()?;
    let file = std::str::from_utf8(file).ok()?;
    let file = file.strip_prefix("lib").unwrap_or(file);
    let name = file.strip_prefix("lcmaps_")?;
    name.strip_suffix(".mod")
        .or_else(|| name.strip_suffix(".so"))
}

impl Flow {
    /// Follows all ways that can be gone. The graph has no loops, but states that many ways lead to.
    pub fn of(policy: &Policy, compiled: &Compiled) -> Self {
        let mut flow = Self {
            reached: vec![false; policy.states.len()],
            succeeds: false,
            fails: false,
        };
        let mut open = vec![Next::Goto(0)];
        while let Some(next) = open.pop() {
            let index = match next {
                Next::Succeed => {
                    flow.succeeds = true;
                    continue;
                }
                Next::Fail => {
                    flow.fails = true;
                    continue;
                }
                Next::Goto(index) => index,
            };
            let (Some(state), Some(reached)) =
                (policy.states.get(index), flow.reached.get_mut(index))
            else {
                continue;
            };
            if std::mem::replace(reached, true) {
                continue;
            }
            let ends = compiled.modules.get(state.module).map(ends);
            if ends.is_none_or(|ends| ends.success) {
                open.push(state.on_success);
            }
            if ends.is_none_or(|ends| ends.failure) {
                open.push(state.on_failure);
            }
        }
        flow
    }
}
