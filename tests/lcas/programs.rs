//! A program compiled with one set of headers and linked to one library runs with the other.

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{Headers, compile, our_headers, run, scratch, skip};
use work::{missing, original_headers, original_library, our_library_dir};

/// What program.c prints with a module that grants.
const EXPECTED: &str = "\
before: 4
init: 0
again: 0
nobody: 4
pem: 0
log: 0 1 0 1 level 0
file: /a/b/c /etc
found: /etc/passwd nothing
credential: /CN=x 1
version: -1.-1.-1
term: 0
lcas_pem: 0
term: 0
";

/// Compiles the program, links it to the library in one directory, and runs it with that in another.
#[track_caller]
fn check(headers: &Path, linked: &Path, run_with: &Path) {
    let directory = scratch();
    let directory = directory.path();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("program.c");
    let path = format!("-L{}", linked.display());
    let flags = [
        &path,
        "-l:liblcas.so.0",
        "-Wl,--allow-shlib-undefined",
        "-isystem",
        "/usr/include/globus",
    ];
    let program = compile(directory, "program", &source, Headers::In(headers), &flags);
    let module = work::work().join("bin/tp_a.mod");
    let database = format!("pluginname={}\n", module.display());
    fs::write(directory.join("lcas.db"), database).unwrap();
    let log = directory.join("log");
    let done = run(Command::new(program)
        .arg(&log)
        .arg(work::work().join("certs/cred1.pem"))
        .env("LCAS_DIR", directory)
        .env("LCAS_LOG_FILE", directory.join("pem.log"))
        .env("LD_LIBRARY_PATH", run_with));
    let log = fs::read_to_string(&log).unwrap_or_default();
    assert_eq!(done.stdout, EXPECTED, "{}{log}", done.stderr);
    done.expect_success();
    for line in [
        "LCAS   2: one 1\n",
        "LCAS 2: three\n",
        "LCAS   2: LCAS authorization request\n",
        "LCAS   1: lcas.mod-lcas_run_va(): succeeded\n",
        "LCAS   1: lcas.mod-lcas_run_va(): failed\n",
        "LCAS   1: Termination LCAS\n",
    ] {
        assert!(log.contains(line), "no {line:?} in\n{log}");
    }
}

#[test]
fn a_program_built_with_our_headers_runs_with_our_library() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    check(&our_headers(), our_library_dir(), our_library_dir());
}

#[test]
fn a_program_built_and_linked_with_the_original_runs_with_either_library() {
    let (Some(headers), Some(library), None) = (original_headers(), original_library(), missing())
    else {
        skip!("the original is not installed (Debian: liblcas0, lcas-interface)");
    };
    let Some(theirs) = library.parent() else {
        skip!("the original's library has no directory");
    };
    check(&headers, theirs, theirs);
    check(&headers, theirs, our_library_dir());
    check(&our_headers(), theirs, our_library_dir());
}
