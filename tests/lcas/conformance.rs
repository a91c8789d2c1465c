//! The conformance cases of `conformance/lcas`, with the original and with ours.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use support::{finish, skip};
use work::{cases, missing, original_library, our_library};

/// Runs the cases; with `odd`, also those that only a sound library passes.
#[track_caller]
fn check(library: &Path, odd: bool) {
    let mut command = Command::new("bash");
    command
        .arg(cases().join("run.sh"))
        .args(["-v", "-l"])
        .arg(library);
    if odd {
        command.arg("-x");
    }
    command.env("LCAS_CASES_WORK", work::work());
    let done = finish(&mut command, Duration::from_secs(300));
    let passed = done
        .stdout
        .lines()
        .filter(|line| line.starts_with("PASS "))
        .count();
    assert!(
        passed >= if odd { 90 } else { 84 },
        "{}{}",
        done.stdout,
        done.stderr
    );
    let failed: Vec<_> = done
        .stdout
        .lines()
        .filter(|line| !line.starts_with("PASS "))
        .collect();
    assert_eq!(failed.len(), 1, "{}", failed.join("\n"));
    done.expect_success();
}

#[test]
fn the_original_passes() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let Some(library) = original_library() else {
        skip!("the original is not installed (Debian: liblcas0)");
    };
    check(&library, false);
}

#[test]
fn ours_passes_also_where_the_original_crashes() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    check(&our_library(), true);
}
