//! The C interface under odd hosts. Each scenario of scenarios.c is a process of its own, so that a crash
//! is a failed test; a sound host sees nothing on its standard output and standard error.

mod companions;
mod modules;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use support::{
    Finished, Headers, TempDir, compile, modules_dir, our_headers, our_library_dir, run, scratch,
};

/// The compiled scenarios.c.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = PROGRAM.get_or_init(|| {
        let directory = scratch();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("c-api/scenarios.c");
        let headers = our_headers();
        let path = compile(
            directory.path(),
            "scenarios",
            &source,
            Headers::In(&headers),
            &["-pthread"],
        );
        (directory, path)
    });
    path
}

/// Writes the policy that maps `/CN=mapped` to the user nobody, with the modules in `modules`.
fn write_policy(directory: &Path, modules: &Path) {
    let mapfile = directory.join("grid-mapfile");
    fs::write(&mapfile, "\"/CN=mapped\" nobody\n").unwrap();
    let policy = format!(
        "path = {}\ngood = \"lcmaps_dummy_good.mod\"\nlocal = \"lcmaps_localaccount.mod -gridmapfile {}\"\n\
         main:\nlocal -> good\n",
        modules.display(),
        mapfile.display()
    );
    fs::write(directory.join("lcmaps.db"), policy).unwrap();
}

/// Plays a scenario with our library in `directory`, which has a policy file.
fn play_in(directory: &Path, scenario: &str) -> Finished {
    let mut command = Command::new(program());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("LCMAPS_") {
            command.env_remove(name);
        }
    }
    command
        .arg(scenario)
        .arg(our_library_dir().join("liblcmaps.so.0"))
        .arg(directory);
    command.env("LCMAPS_DIR", directory);
    // What free() sets aside would count as used.
    command.env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0");
    run(&mut command)
}

/// Plays a scenario with our library and our modules.
#[track_caller]
fn play(scenario: &str) {
    let directory = scratch();
    write_policy(directory.path(), modules_dir());
    let chain = support::root().join("bindings/lcmaps-module-test/src/tester.pem");
    fs::copy(chain, directory.path().join("chain.pem")).unwrap();
    let done = play_in(directory.path(), scenario);
    done.expect_success();
    assert_eq!(
        (done.stdout.as_str(), done.stderr.as_str()),
        ("", ""),
        "{scenario} is not silent"
    );
}

/// One test for each scenario.
macro_rules! scenarios {
    ($($sentence:ident => $scenario:literal,)*) => {
        $(#[test] fn $sentence() { play($scenario); })*

        #[test]
        fn every_scenario_is_played() {
            let source = include_str!("scenarios.c");
            for line in source.lines().filter_map(|line| line.trim().strip_prefix("SCENARIO(")) {
                let name = line.trim_end_matches("),");
                assert!([$($scenario,)* "unusable_module", "forked_in_a_slow_run"].contains(&name), "{name} is never played");
            }
        }
    };
}

scenarios! {
    a_run_before_init_fails_and_init_still_works => "run_before_init",
    a_run_after_term_fails_and_init_still_works => "run_after_term",
    init_and_term_may_be_called_twice => "everything_twice",
    null_in_every_place_is_a_failure_and_no_crash => "nulls_everywhere",
    helper_functions_survive_null => "helpers_take_nulls",
    a_callers_stream_is_forgotten_at_term => "stream_forgotten",
    a_callers_stream_is_forgotten_after_a_failed_init => "stream_forgotten_after_failure",
    level_and_extra_text_are_read_anew_by_each_session => "level_read_anew",
    modules_work_in_a_host_that_opened_the_library_local => "local_scope",
    sessions_can_follow_each_other => "many_sessions",
    a_hundred_sessions_keep_no_file_no_mapping_and_no_memory => "a_hundred_cycles",
    an_empty_debug_level_is_the_lowest_and_one_that_is_no_level_is_refused => "debug_levels",
    the_library_can_be_closed_and_opened_again => "closed_and_opened_again",
    the_library_can_be_closed_without_term => "closed_without_term",
    a_process_can_end_without_term => "ended_without_term",
    a_forked_child_maps_and_so_does_its_parent => "forked",
    a_child_that_is_forked_while_a_thread_maps_does_not_hang => "forked_while_a_thread_maps",
    threads_do_not_get_each_others_results => "threads",
    a_mapping_without_certificates_loads_neither_openssl_nor_globus => "light_mapping",
    sigpipe_is_caught_during_a_session_only => "sigpipe",
    the_report_is_that_of_the_last_run => "report",
    odd_log_calls_do_no_harm => "odd_log_calls",
    a_session_without_a_log_maps => "no_log_at_all",
    a_full_disk_fails_no_mapping => "full_disk",
}
