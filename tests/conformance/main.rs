//! The conformance cases of lcmaps/groups, against the original and against ours, with the original's
//! modules and with ours.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;
use std::time::Duration;

use support::{
    finish, has_program, is_root, modules_dir, original_library, original_modules_dir,
    our_library_dir, run, scratch, skip,
};

/// Where the cases are.
fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/lcmaps")
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// As it should.
    Passed,
    /// Not as the original, where the original is at fault.
    Differs,
    /// Not run.
    Skipped,
    /// Otherwise; with what was wrong.
    Failed(String),
}

/// Runs all cases with a library and a directory of modules.
fn outcomes(library: &Path, modules: &Path) -> BTreeMap<String, Outcome> {
    make_accounts();
    let directory = scratch();
    let mut command = Command::new("bash");
    command
        .arg(cases().join("run.sh"))
        .arg("--lib")
        .arg(library)
        .arg("--moddir")
        .arg(modules);
    if let Some(companions) = library.parent() {
        command.arg("--libdir").arg(companions);
    }
    command.env("LCT_ROOT", directory.path().join("work"));
    let done = finish(&mut command, Duration::from_secs(900));
    assert!(
        done.stdout.contains("\nsummary: "),
        "{}\n{}",
        done.stdout,
        done.stderr
    );
    let outcomes: BTreeMap<_, _> = done.stdout.lines().filter_map(outcome).collect();
    assert!(outcomes.len() > 150, "only {} cases", outcomes.len());
    outcomes
}

/// A line of the runner: `PASS|FAIL|DIFF|SKIP id title[: reason]`.
fn outcome(line: &str) -> Option<(String, Outcome)> {
    let (word, rest) = line.split_once(' ')?;
    let (id, _) = rest.split_once(' ')?;
    let outcome = match word {
        "PASS" => Outcome::Passed,
        "DIFF" => Outcome::Differs,
        "SKIP" => Outcome::Skipped,
        "FAIL" => Outcome::Failed(rest.to_owned()),
        _ => return None,
    };
    Some((id.to_owned(), outcome))
}

/// The cases that are expected to fail with a library and modules.
fn expected_failures(library: &str, modules: &str, list: &str) -> BTreeSet<String> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let found = words.next()? == library && words.next()? == modules;
            words.next().filter(|_| found).map(ToOwned::to_owned)
        })
        .collect()
}

/// What is wrong with the outcomes, in the light of what was expected.
fn problems(outcomes: &BTreeMap<String, Outcome>, expected: &BTreeSet<String>) -> Vec<String> {
    let mut problems = Vec::new();
    for (id, outcome) in outcomes {
        match (outcome, expected.contains(id)) {
            (Outcome::Failed(how), false) => problems.push(format!("failed: {how}")),
            (Outcome::Passed | Outcome::Differs, true) => {
                problems.push(format!("{id} passes: strike it from expected-failures.txt"));
            }
            (Outcome::Failed(_), true)
            | (Outcome::Passed | Outcome::Differs, false)
            | (Outcome::Skipped, _) => {}
        }
    }
    for id in expected.iter().filter(|id| !outcomes.contains_key(*id)) {
        problems.push(format!("{id} of expected-failures.txt is no case"));
    }
    problems
}

#[track_caller]
fn check(library: (&str, &Path), modules: (&str, &Path)) {
    if !has_program("bash") || !has_program("gcc") {
        skip!("the cases need bash and gcc");
    }
    let outcomes = outcomes(library.1, modules.1);
    let expected = expected_failures(library.0, modules.0, include_str!("expected-failures.txt"));
    let count = |wanted: &Outcome| {
        outcomes
            .values()
            .filter(|outcome| *outcome == wanted)
            .count()
    };
    eprintln!(
        "library {}, modules {}: {} passed, {} differ, {} skipped{}",
        library.0,
        modules.0,
        count(&Outcome::Passed),
        count(&Outcome::Differs),
        count(&Outcome::Skipped),
        if is_root() {
            ""
        } else {
            " (most cases need root)"
        }
    );
    let problems = problems(&outcomes, &expected);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The accounts of the cases; one test makes them while the others wait.
fn make_accounts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if is_root() {
            run(Command::new("sh").arg(cases().join("mkusers.sh"))).expect_success();
        }
    });
}

#[test]
fn the_original_passes_with_its_own_modules() {
    let (Some(library), Some(modules)) = (original_library(), original_modules_dir()) else {
        skip!("the original and its modules are not installed");
    };
    check(("original", &library), ("original", &modules));
}

#[test]
fn ours_passes_with_the_originals_modules() {
    let Some(modules) = original_modules_dir() else {
        skip!("the original's modules are not installed");
    };
    check(
        ("ours", &our_library_dir().join("liblcmaps.so.0")),
        ("original", &modules),
    );
}

#[test]
fn ours_passes_with_our_modules() {
    check(
        ("ours", &our_library_dir().join("liblcmaps.so.0")),
        ("ours", modules_dir()),
    );
}

#[test]
fn the_original_passes_with_our_modules() {
    let Some(library) = original_library() else {
        skip!("the original is not installed");
    };
    check(("original", &library), ("ours", modules_dir()));
}

#[test]
fn an_expected_failure_that_passes_is_a_problem() {
    let list = "# comment\nours ours a why\nours original b why\nours ours gone why\n";
    let expected = expected_failures("ours", "ours", list);
    assert_eq!(expected, ["a", "gone"].map(String::from).into());
    let outcomes = [
        "PASS a title",
        "FAIL b title: reason",
        "DIFF c title: x",
        "SKIP d title: y",
        "noise",
    ];
    let outcomes = outcomes.into_iter().filter_map(outcome).collect();
    assert_eq!(
        problems(&outcomes, &expected),
        [
            "a passes: strike it from expected-failures.txt",
            "failed: b title: reason",
            "gone of expected-failures.txt is no case",
        ]
    );
}
