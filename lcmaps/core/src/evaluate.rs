//! Walks compiled policies and calls modules.

use lcmaps_pdl::{Compiled, Next, Policy};

/// Whether modules map or confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Modules find or make a mapping.
    Run,
    /// Modules confirm an existing mapping and change nothing.
    Verify,
}

/// Which policies a run evaluates. Order is always the file's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection(Vec<Vec<u8>>);

impl Selection {
    /// A selection by exact names; none means all. Names that do not exist are ignored, so a selection
    /// of unknown names only evaluates nothing, which is a refusal.
    #[must_use]
    pub fn of(names: Vec<Vec<u8>>) -> Selection {
        Selection(names)
    }

    fn takes(&self, policy: &Policy) -> bool {
        self.0.is_empty() || self.0.contains(&policy.name)
    }
}

/// The outside world of an evaluation.
pub trait Host {
    /// A policy starts: data registered so far is to be dropped.
    fn policy_starts(&mut self, policy: &Policy);

    /// Calls a module (an index into [`Compiled::modules`]). 0 is success, everything else failure.
    fn call(&mut self, module: usize, mode: Mode) -> i32;
}

/// What happened.
#[must_use]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// Every policy that was evaluated, in order; only the last can have succeeded.
    pub policies: Vec<PolicyTrace>,
}

impl Evaluation {
    /// Whether a policy succeeded.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.policies.last().is_some_and(|policy| policy.succeeded)
    }
}

/// One evaluated policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyTrace {
    /// Index into [`Compiled::policies`].
    pub policy: usize,
    /// Whether it ended in success.
    pub succeeded: bool,
    /// The modules that were called, in order.
    pub steps: Vec<Step>,
}

/// One called module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Index into the policy's states.
    pub state: usize,
    /// What the module returned; 0 is success.
    pub code: i32,
}

/// Evaluates the selected policies in file order until one succeeds.
///
/// States are indices and compiled policies are free of cycles, so a policy ends after at most as
/// many steps as it has states.
pub fn evaluate(
    compiled: &Compiled,
    selection: &Selection,
    mode: Mode,
    host: &mut dyn Host,
) -> Evaluation {
    let mut evaluation = Evaluation::default();
    for (index, policy) in compiled.policies.iter().enumerate() {
        if !selection.takes(policy) {
            continue;
        }
        host.policy_starts(policy);
        let trace = run_policy(index, policy, mode, host);
        let done = trace.succeeded;
        evaluation.policies.push(trace);
        if done {
            break;
        }
    }
    evaluation
}

fn run_policy(index: usize, policy: &Policy, mode: Mode, host: &mut dyn Host) -> PolicyTrace {
    let mut trace = PolicyTrace {
        policy: index,
        succeeded: false,
        steps: Vec::new(),
    };
    let mut at = 0;
    while let Some(state) = policy.states.get(at) {
        // More steps than states would be a cycle; the compiler excludes it, a grant must not hang on it.
        if trace.steps.len() >= policy.states.len() {
            break;
        }
        let code = host.call(state.module, mode);
        trace.steps.push(Step { state: at, code });
        let next = if code == 0 {
            state.on_success
        } else {
            state.on_failure
        };
        match next {
            Next::Goto(state) => at = state,
            Next::Succeed => {
                trace.succeeded = true;
                break;
            }
            Next::Fail => break,
        }
    }
    trace
}
