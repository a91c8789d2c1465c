//! Random policy files: accepted or refused alike, and the same modules called in the same order.
//!
//! Avoided: one module under two names or with several argument texts (the original merges some by prefix, and
//! does not see loops that lead through two names for the same text), `v = v` (the original hangs), bytes from
//! 0x80 on (the original takes the first one for the end of the file).

use std::fs;

use proptest::prelude::*;
use support::{scratch, skip};

use crate::cases;
use crate::side::{recorders, sides};

/// Definitions of the variables m1 to m4; `tp5.mod` is a name of its own.
const VARIABLES: &str = "\
m1 = \"tp1.mod -adduid 1\"
m2 = \"tp2.mod -rc 1\"
m3 = \"tp3.mod -show\" # continued
  \"-rc 77\"
m4 = other
other = \"tp4.mod -adduid 2 -adddn \\\"/CN=a b\\\"\"
";
/// What rules lead from and to.
const STATES: [&str; 5] = ["m1", "m2", "m3", "m4", "tp5.mod"];
/// Names of policies.
const POLICIES: [&str; 3] = ["first", "second", "third"];

/// A rule from a state to states behind it in `order`.
fn rule(order: &[&str], from: usize, to: (usize, usize), form: u8) -> String {
    let behind = order.len() - from - 1;
    let (state, yes, no) = (
        order[from],
        order[from + 1 + to.0 % behind],
        order[from + 1 + to.1 % behind],
    );
    match form {
        0 => format!("~{state} -> {yes}\n"),
        1 | 2 => format!("{state} -> {yes}\n"),
        _ => format!("{state} -> {yes} | {no}\n"),
    }
}

/// A policy without loops.
fn policy() -> impl Strategy<Value = String> {
    let rules = prop::collection::vec((any::<(usize, usize)>(), 0..6_u8), 1..5);
    (Just(STATES.to_vec()).prop_shuffle(), rules).prop_map(|(order, rules)| {
        let rules = rules.into_iter().enumerate();
        rules
            .map(|(from, (to, form))| rule(&order, from, to, form))
            .collect()
    })
}

/// Something that may or may not be wrong in its place.
fn oddity() -> impl Strategy<Value = String> {
    let state = || prop::sample::select(&STATES[..]);
    prop_oneof![
        (state(), state()).prop_map(|(a, b)| format!("{a} -> {b}\n")),
        (state(), state()).prop_map(|(a, b)| format!("~{a} -> {b} ")),
        prop::sample::select(&POLICIES[..]).prop_map(|p| format!("{p} -> m1\n")),
        prop::sample::select(&POLICIES[..]).prop_map(|p| format!("{p}:\n")),
        prop::sample::select(&POLICIES[..]).prop_map(|p| format!(" \t{p}:\n")),
        prop::sample::select(vec![
            "-\n",
            "'",
            "\"\n",
            "| ",
            "-> ",
            "~",
            "=",
            "x ",
            "m1 =\n",
            "path =\n",
            "path = x\n",
            ":\n",
            "a:b:\n",
            "# comment\n",
            "\n",
            "\t",
            "\r\n",
            "empty:\n",
            "m1 = \"tp1.mod\"\n",
            "v = \"\"\n",
            "a = b\nb = a\n",
            "w = m1 w2 = \"x\"\n",
            "\"a\" -> m1\n",
            "m1 -> \"a\"\n",
            "unknown -> m1\n",
            "p1: p2:\n",
            "m1\n",
            "path\n",
            "\"\\\"\"\n",
        ])
        .prop_map(ToOwned::to_owned),
    ]
}

/// A whole file: lines of a sound one, with oddities in between.
fn file() -> impl Strategy<Value = String> {
    let policies = prop::collection::vec(policy(), 1..4);
    let oddities = prop::collection::vec((any::<prop::sample::Index>(), oddity()), 0..2);
    (policies, oddities).prop_map(|(policies, oddities)| {
        let mut text = format!("path = {}\n{VARIABLES}", recorders().display());
        for (name, rules) in POLICIES.iter().zip(policies) {
            text.push_str(&format!("{name}:\n{rules}"));
        }
        let mut lines: Vec<_> = text.split_inclusive('\n').map(ToOwned::to_owned).collect();
        for (place, oddity) in oddities {
            lines.insert(1 + place.index(lines.len()), oddity);
        }
        lines.concat()
    })
}

#[test]
fn policy_files_are_accepted_and_followed_alike() {
    let Some((original, ours)) = sides() else {
        skip!("the original and its modules are not installed");
    };
    let ours = &ours[0];
    let chosen = prop::collection::vec(prop::sample::select(&POLICIES[..]), 0..2);
    proptest!(cases(200), |(text in file(), chosen in chosen)| {
        let directory = scratch();
        fs::write(directory.path().join("lcmaps.db"), &text).unwrap();
        let mut arguments = vec!["username", "--dn", "/CN=x"];
        chosen.iter().for_each(|name| arguments.extend(["--policy", name]));
        let seen = ours.drive(directory.path(), &arguments);
        prop_assert!(seen.is_some(), "ours hangs or crashes on:\n{}", text);
        // What makes the original hang or crash has no meaning to compare.
        if let Some(expected) = original.drive(directory.path(), &arguments) {
            prop_assert_eq!(Some(expected), seen, "original, ours:\n{}", text);
        }
    });
}
