//! The installed headers: they compile in every way programs use them, and say what the
//! original's say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use support::{Headers, has_program, our_headers, run, scratch, skip, syntax_problem};
use work::original_headers;

const EVERYTHING: &str = "\
#include <stdio.h>
#define ALLOW_EMPTY_CREDENTIALS 1
#include <lcas/lcas.h>
#include <lcas/lcas_pem.h>
#include <lcas/lcas_modules.h>
";

const GLOBUS: [&str; 2] = ["-isystem", "/usr/include/globus"];

/// Sizes, offsets and numbers that programs and modules were compiled with.
const LAYOUT: &str = "\
#include <stddef.h>
_Static_assert(sizeof(lcas_cred_id_t) == 16, \"size\");
_Static_assert(offsetof(lcas_cred_id_t, cred) == 0, \"cred\");
_Static_assert(offsetof(lcas_cred_id_t, dn) == 8, \"dn\");
_Static_assert(sizeof(lcas_request_t) == sizeof(char *), \"request\");
_Static_assert(LCAS_MOD_SUCCESS == 0 && LCAS_MOD_FAIL == 1 && LCAS_MOD_NOFILE == 2, \"results\");
_Static_assert(LCAS_MOD_ENTRY == 3 && LCAS_MOD_NOENTRY == 4, \"results\");
struct lcas_cred_id_s tagged;
";

fn globus() -> bool {
    Path::new("/usr/include/globus/gssapi.h").exists()
        && Path::new("/usr/include/openssl/x509.h").exists()
}

#[test]
fn every_header_compiles_alone_as_c_and_as_cpp_with_globus_and_without() {
    if !globus() {
        skip!("the headers of Globus and OpenSSL are not installed");
    }
    let mut checked = 0;
    for entry in fs::read_dir(our_headers().join("lcas")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let source = scratch();
        let file = source.path().join("one.c");
        fs::write(&file, format!("#include <lcas/{name}>\nextern int used;\n")).unwrap();
        for (language, flags) in [
            ("c", &["-std=gnu99", GLOBUS[0], GLOBUS[1]][..]),
            ("c", &["-std=c17", "-DNOGLOBUS"]),
            ("c++", &GLOBUS),
        ] {
            if language == "c++" && !has_program("g++") {
                continue;
            }
            let problem = syntax_problem(&file, language, Headers::In(&our_headers()), flags);
            assert_eq!(problem, None, "{name} as {language} {flags:?}");
        }
        checked += 1;
    }
    assert_eq!(checked, 8);
}

#[test]
fn layouts_and_numbers_are_the_originals() {
    if !globus() {
        skip!("the headers of Globus and OpenSSL are not installed");
    }
    let directory = scratch();
    let source = directory.path().join("layout.c");
    fs::write(&source, format!("{EVERYTHING}{LAYOUT}")).unwrap();
    for headers in [Some(our_headers()), original_headers()]
        .into_iter()
        .flatten()
    {
        let flags = ["-std=gnu11", GLOBUS[0], GLOBUS[1]];
        let problem = syntax_problem(&source, "c", Headers::In(&headers), &flags);
        assert_eq!(problem, None, "{}", headers.display());
    }
    let without = ["-std=gnu11", "-DNOGLOBUS"];
    let problem = syntax_problem(&source, "c", Headers::In(&our_headers()), &without);
    assert_eq!(problem, None);
}

/// All functions that a set of headers declares, each as one line of C.
fn prototypes(headers: &Path) -> BTreeSet<String> {
    let directory = scratch();
    let (source, list) = (
        directory.path().join("all.c"),
        directory.path().join("list"),
    );
    fs::write(&source, EVERYTHING).unwrap();
    let mut command = Command::new("gcc");
    command
        .arg("-aux-info")
        .arg(&list)
        .arg("-fsyntax-only")
        .arg("-I")
        .arg(headers);
    run(command.args(GLOBUS).arg(&source)).expect_success();
    let in_headers = format!("/* {}/", headers.join("lcas").display());
    fs::read_to_string(&list)
        .unwrap()
        .lines()
        .filter(|line| line.starts_with(&in_headers))
        .filter_map(|line| line.split_once("*/ "))
        .map(|(_, prototype)| prototype.replace("STACK_OF(X509)", "struct stack_st_X509"))
        .collect()
}

#[test]
fn our_prototypes_are_those_of_the_original() {
    let Some(original) = original_headers().filter(|_| globus() && has_program("gcc")) else {
        skip!("the original's headers are not installed (Debian: lcas-interface)");
    };
    let (theirs, ours) = (prototypes(&original), prototypes(&our_headers()));
    assert!(theirs.len() >= 20, "{theirs:?}");
    let missing: Vec<_> = theirs.difference(&ours).collect();
    assert_eq!(
        missing,
        Vec::<&String>::new(),
        "in the original's, and not in ours"
    );
}

#[test]
fn a_wrong_format_string_is_found_by_the_compiler() {
    let directory = scratch();
    let source = directory.path().join("format.c");
    for (call, right) in [
        ("lcas_log(3, \"%s\\n\", \"text\")", true),
        ("lcas_log(3, \"%s\\n\", 7)", false),
        ("lcas_log_debug(3, \"%d\\n\", \"text\")", false),
        ("lcas_log_time(3, \"%d\\n\")", false),
    ] {
        let text = format!("#include <lcas/lcas_log.h>\nint f(void) {{ return {call}; }}\n");
        fs::write(&source, text).unwrap();
        let problem = syntax_problem(&source, "c", Headers::In(&our_headers()), &[]);
        assert_eq!(problem.is_none(), right, "{call}");
    }
}
