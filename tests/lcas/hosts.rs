//! Services: many threads at a time, and thousands of sessions.

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{Headers, compile, run, scratch, skip};
use work::{missing, our_library, toy};

/// Runs host.c with a database of two entries, one of which overlaps with nobody.
fn host(what: &str) -> String {
    let directory = scratch();
    let directory = directory.path();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("host.c");
    let program = compile(directory, "host", &source, Headers::None, &["-pthread"]);
    // Refuses when it is called while another call is under way.
    toy(
        directory,
        "alone",
        "#include <lcas/lcas_modules.h>\n#include <sched.h>\n\
         static int inside;\n\
         int plugin_initialize(int argc, char **argv) { (void)argv; return argc != 1; }\n\
         int plugin_terminate(void) { return 0; }\n\
         int plugin_confirm_authorization(lcas_request_t r, lcas_cred_id_t c) {\n\
         int others = __atomic_fetch_add(&inside, 1, __ATOMIC_SEQ_CST); (void)r; (void)c;\n\
         sched_yield(); __atomic_fetch_sub(&inside, 1, __ATOMIC_SEQ_CST); return others; }\n",
    );
    let module = directory.join("alone.mod");
    let entry = format!("pluginname={}\n", module.display());
    fs::write(directory.join("lcas.db"), entry.repeat(2)).unwrap();
    let done = run(Command::new(program)
        .arg(our_library())
        .arg(work::work().join("certs/cred1.pem"))
        .arg(what)
        .env("LCAS_DIR", directory)
        .stderr(std::process::Stdio::null()));
    done.expect_success();
    done.stdout
}

#[test]
fn threads_get_true_answers_while_sessions_come_and_go() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let said = host("threads");
    assert!(said.ends_with("sessions worked\n"), "{said}");
    assert_eq!(said.matches("known answers").count(), 8, "{said}");
    assert!(!said.contains("unknown"), "{said}");
}

#[test]
fn a_session_leaves_no_memory_behind() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let growth: i64 = host("sessions").trim().parse().unwrap();
    assert!(growth < 24, "{growth} bytes a session");
}
