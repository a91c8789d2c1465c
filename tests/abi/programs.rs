//! Programs and modules compiled with one set of headers run with the other's library.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{
    Headers, compile, compile_shared, original_headers, original_library, our_headers,
    our_library_dir, run, scratch, skip,
};

/// What program.c prints with module.c and the ids 1 and 7.
const EXPECTED: &str = "\
interface 1.6.6 library 1.6.6
by name: 0 daemon
by fqans: 0 uid 1 primary 7 secondary 8 lease lease
result uid 1
result string /vo/group
result string /vo/Role=admin
result mapping /vo/group to group (7)
result mapping /vo/Role=admin to group (7)
";

fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("abi").join(file)
}

/// Compiles program and module, links the program to the library in `library_dir`, and runs it.
#[track_caller]
fn check(program_headers: &Path, module_headers: &Path, library_dir: &Path, library: &str) {
    let directory = scratch();
    let directory = directory.path();
    for name in ["abi.mod", "idle.mod"] {
        compile_shared(
            directory,
            name,
            &here("module.c"),
            Headers::In(module_headers),
        );
    }
    let library_flag = format!("-L{}", library_dir.display());
    let library_name = format!("-l:{library}");
    // The original needs libraries that only it knows about.
    let flags = [&library_flag, &library_name, "-Wl,--allow-shlib-undefined"];
    let program = compile(
        directory,
        "program",
        &here("program.c"),
        Headers::In(program_headers),
        &flags,
    );
    let policy = directory.join("lcmaps.db");
    let text = format!(
        "path = {}\nm = \"abi.mod 1 7\"\nmain:\nm -> idle.mod\n",
        directory.display()
    );
    fs::write(&policy, text).unwrap();
    let log = directory.join("log");
    let done = run(Command::new(program)
        .arg(&log)
        .env("LCMAPS_DB_FILE", &policy)
        .env("LD_LIBRARY_PATH", library_dir));
    let log = fs::read_to_string(&log).unwrap_or_default();
    assert_eq!(done.stdout, EXPECTED, "{}{log}", done.stderr);
    done.expect_success();
    assert!(
        log.contains("module: /O=Test/CN=ABI with 2 attributes"),
        "{log}"
    );
}

#[test]
fn program_and_module_built_with_our_headers_run_with_our_library() {
    let ours = our_headers();
    check(&ours, &ours, our_library_dir(), "liblcmaps.so.0");
}

#[test]
fn program_and_module_built_with_the_originals_headers_run_with_our_library() {
    let Some(original) = original_headers() else {
        skip!("the original's headers are not installed (Debian: liblcmaps-dev)");
    };
    check(&original, &original, our_library_dir(), "liblcmaps.so.0");
    check(
        &original,
        &our_headers(),
        our_library_dir(),
        "liblcmaps.so.0",
    );
    check(
        &our_headers(),
        &original,
        our_library_dir(),
        "liblcmaps.so.0",
    );
}

#[test]
fn program_and_module_built_with_our_headers_run_with_the_originals_library() {
    let Some(library) = original_library() else {
        skip!("the original's library is not installed (Debian: liblcmaps0)");
    };
    let (Some(directory), ours) = (library.parent(), our_headers()) else {
        skip!("the original's library has no directory");
    };
    check(&ours, &ours, directory, "liblcmaps.so.0");
}
