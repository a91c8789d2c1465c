//! Modules that break the rules end a session or a run, never the process.

use std::fs;
use std::path::Path;

use support::{Headers, compile, modules_dir, original_modules_dir, our_headers, scratch, skip};

use crate::{play_in, write_policy};

/// Plays with a policy whose only working way leads through `module`; returns the log.
#[track_caller]
fn play_with(directory: &Path, module: &str) -> String {
    play_scenario_with(directory, module, "unusable_module")
}

#[track_caller]
fn play_scenario_with(directory: &Path, module: &str, scenario: &str) -> String {
    let policy = format!(
        "path = {}\ntoy = \"{module}\"\nmain:\n~toy -> {}/lcmaps_dummy_bad.mod\n",
        directory.display(),
        modules_dir().display()
    );
    fs::write(directory.join("lcmaps.db"), policy).unwrap();
    let done = play_in(directory, scenario);
    done.expect_success();
    fs::read_to_string(directory.join("log")).unwrap()
}

/// Compiles a toy and plays with it; the log has to have `expected`.
#[track_caller]
fn check(macro_name: &str, expected: &str) {
    let directory = scratch();
    compile_toy(directory.path(), macro_name);
    let log = play_with(directory.path(), "toy.mod");
    assert!(log.contains(expected), "no {expected:?} in:\n{log}");
}

#[track_caller]
fn compile_toy(directory: &Path, macro_name: &str) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("c-api/toy.c");
    let (headers, define) = (our_headers(), format!("-D{macro_name}"));
    let flags = ["-shared", "-fPIC", &define, "-Wno-unused-variable"];
    let _ = compile(directory, "toy.mod", &source, Headers::In(&headers), &flags);
}

#[test]
fn a_module_without_an_entry_point_is_refused_by_name() {
    for name in ["initialize", "introspect", "run", "terminate"] {
        check(
            &format!("NO_{}", name.to_uppercase()),
            &format!("plugin_{name}"),
        );
    }
}

#[test]
fn a_module_that_fails_to_start_fails_the_session() {
    check("FAILS_TO_INITIALIZE", "toy.mod");
    check("FAILS_TO_INTROSPECT", "toy.mod");
}

#[test]
fn a_module_that_asks_for_something_unknown_fails_the_run() {
    check("UNKNOWN_ARGUMENT", "shoe_size");
    check("WRONG_TYPE", "nfqan");
}

#[test]
fn a_module_that_returns_junk_has_failed() {
    check("JUNK_RESULT", "toy.mod");
}

#[test]
fn a_module_with_a_junk_list_of_arguments_does_no_harm() {
    check("NEGATIVE_COUNT", "toy.mod");
    check("COUNT_WITHOUT_LIST", "toy.mod");
    check("NAMELESS_ARGUMENT", "toy.mod");
}

#[test]
fn a_module_that_fails_to_terminate_is_logged() {
    check("FAILS_TO_TERMINATE", "toy.mod");
}

#[test]
fn a_file_that_is_no_module_fails_the_session() {
    let directory = scratch();
    fs::write(directory.path().join("text.mod"), "text").unwrap();
    fs::create_dir(directory.path().join("directory.mod")).unwrap();
    assert!(play_with(directory.path(), "text.mod").contains("text.mod"));
    assert!(play_with(directory.path(), "directory.mod").contains("directory.mod"));
    assert!(play_with(directory.path(), "missing.mod").contains("missing.mod"));
}

#[test]
fn the_originals_modules_work_in_a_host_that_opened_the_library_local() {
    let Some(modules) = original_modules_dir() else {
        skip!("the original's modules are not installed (Debian: lcmaps-plugins-basic)");
    };
    let directory = scratch();
    write_policy(directory.path(), &modules);
    play_in(directory.path(), "local_scope").expect_success();
}

#[test]
fn a_module_may_fork() {
    check("FORKS", "from the child of a module");
}

#[test]
fn a_child_that_is_forked_in_the_middle_of_a_slow_run_refuses_everything() {
    let directory = scratch();
    compile_toy(directory.path(), "SLOW");
    play_scenario_with(directory.path(), "toy.mod", "forked_in_a_slow_run");
}
