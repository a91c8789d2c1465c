//! Policy files: nothing panics, and what compiles is a graph in which every way ends.
#![no_main]

use lcmaps_pdl::{Compiled, Next, Options, Policy, compile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let report = compile(
        text,
        &Options {
            file: "lcmaps.db",
            library_dir: "/usr/lib",
        },
    );
    assert_eq!(report.compiled.is_none(), report.errors().next().is_some());
    for diagnostic in &report.diagnostics {
        assert!(!diagnostic.to_string().is_empty());
    }
    if let Some(compiled) = &report.compiled {
        compiled
            .policies
            .iter()
            .for_each(|policy| check(policy, compiled));
    }
});

/// All indices exist, and no state leads back to itself.
fn check(policy: &Policy, compiled: &Compiled) {
    let count = policy.states.len();
    let mut incoming = vec![0_usize; count];
    for state in &policy.states {
        assert!(state.module < compiled.modules.len());
        targets(state.on_success, state.on_failure).for_each(|next| incoming[next] += 1);
    }
    let mut free: Vec<_> = (0..count).filter(|index| incoming[*index] == 0).collect();
    let mut passed = 0;
    while let Some(index) = free.pop() {
        passed += 1;
        let state = &policy.states[index];
        for next in targets(state.on_success, state.on_failure) {
            incoming[next] -= 1;
            if incoming[next] == 0 {
                free.push(next);
            }
        }
    }
    assert_eq!(
        passed, count,
        "a way through {:?} does not end",
        policy.name
    );
}

/// The states that a state leads to.
fn targets(success: Next, failure: Next) -> impl Iterator<Item = usize> {
    [success, failure]
        .into_iter()
        .filter_map(|next| match next {
            Next::Goto(index) => Some(index),
            _ => None,
        })
}
