//! The installed headers: they compile in every way programs use them, and say what the
//! original's say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Headers, original_headers, our_headers, run, scratch, skip, syntax_problem};

/// What programs and modules include; LCMAPS_GSI_MODE brings in the rest.
const EVERYTHING: &str = "\
#include <lcmaps/lcmaps.h>
#include <lcmaps/lcmaps_account.h>
#include <lcmaps/lcmaps_arguments.h>
#include <lcmaps/lcmaps_cred_data.h>
#include <lcmaps/lcmaps_db_read.h>
#include <lcmaps/lcmaps_modules.h>
#include <lcmaps/lcmaps_gss_assist_gridmap.h>
#include <lcmaps/lcmaps_return_account_from_pem.h>
#include <lcmaps/lcmaps_return_poolindex_without_gsi.h>
#include <lcmaps/lcmaps_verify_account_from_pem.h>
#ifdef LCMAPS_GSI_MODE
#include <lcmaps/lcmaps_return_poolindex.h>
#endif
";

/// Declared by the original's headers, defined by no library.
const NOWHERE: &[&str] = &["lcmaps_findfile", "lcmaps_getfexist"];

fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("abi").join(file)
}

/// Which headers of others are installed that two of ours include.
fn gsi_mode() -> Option<&'static str> {
    let openssl = Path::new("/usr/include/openssl/x509.h").exists();
    let globus = Path::new("/usr/include/globus/gssapi.h").exists();
    (openssl && globus).then_some("-DLCMAPS_GSI_MODE")
}

#[test]
fn every_header_compiles_alone_as_c_and_as_cpp() {
    let directory = our_headers().join("lcmaps");
    let mut checked = 0;
    for entry in fs::read_dir(&directory).unwrap() {
        let header = entry.unwrap().path();
        let name = header.file_name().unwrap().to_string_lossy().into_owned();
        let needs_others = [
            "lcmaps_openssl.h",
            "lcmaps_globus.h",
            "lcmaps_return_poolindex.h",
        ];
        // These go on where the header that includes them has begun.
        if let Some(public) = name.strip_prefix('_')
            && directory.join(public).exists()
            && public != "lcmaps.h"
        {
            continue;
        }
        if needs_others.contains(&name.as_str()) && gsi_mode().is_none() {
            eprintln!("skipped: {name} needs the headers of OpenSSL and Globus");
            continue;
        }
        let source = scratch();
        let file = source.path().join("one.c");
        fs::write(
            &file,
            format!("#include <lcmaps/{name}>\nextern int used;\n"),
        )
        .unwrap();
        let headers = our_headers();
        for (language, flags) in [
            ("c", &["-std=gnu99"][..]),
            ("c", &["-std=c17", "-DLCMAPS_USE_DLOPEN"]),
            ("c++", &[]),
            ("c++", &["-DLCMAPS_USE_DLOPEN"]),
        ] {
            if language == "c++" && !support::has_program("g++") {
                continue;
            }
            let problem = syntax_problem(&file, language, Headers::In(&headers), flags);
            assert_eq!(problem, None, "{name} as {language} {flags:?}");
        }
        checked += 1;
    }
    assert!(
        checked >= 15,
        "only {checked} headers in {}",
        directory.display()
    );
}

#[test]
fn layouts_and_constants_are_those_of_the_original_in_our_headers() {
    let problem = syntax_problem(
        &here("layout.c"),
        "c",
        Headers::In(&our_headers()),
        &["-std=c11"],
    );
    assert_eq!(problem, None);
}

#[test]
fn layouts_and_constants_are_as_written_down_in_the_originals_headers() {
    let Some(original) = original_headers() else {
        skip!("the original's headers are not installed (Debian: liblcmaps-dev)");
    };
    let problem = syntax_problem(
        &here("layout.c"),
        "c",
        Headers::In(&original),
        &["-std=gnu11"],
    );
    assert_eq!(problem, None);
}

/// The handles of programs that load companions: they are laid out as the original's.
fn handles(headers: &Path) -> Option<String> {
    let flags: Vec<_> = gsi_mode().into_iter().chain(["-std=gnu11"]).collect();
    syntax_problem(&here("handles.c"), "c", Headers::In(headers), &flags)
}

#[test]
fn handles_of_loading_programs_are_laid_out_as_written_down() {
    assert_eq!(handles(&our_headers()), None);
    let Some(original) = original_headers() else {
        skip!("the original's headers are not installed (Debian: liblcmaps-dev)");
    };
    assert_eq!(handles(&original), None);
}

/// All functions that a set of headers declares, each as one line of C.
fn prototypes(headers: &Path) -> BTreeSet<String> {
    let directory = scratch();
    let source = directory.path().join("all.c");
    let list = directory.path().join("list");
    fs::write(&source, EVERYTHING).unwrap();
    let mut command = Command::new("gcc");
    command
        .args(gsi_mode())
        .arg("-aux-info")
        .arg(&list)
        .arg("-fsyntax-only");
    command
        .arg("-I")
        .arg(headers)
        .args(["-isystem", "/usr/include/globus"])
        .arg(&source);
    run(&mut command).expect_success();
    let ours = headers.join("lcmaps");
    let in_headers = format!("/* {}/", ours.display());
    fs::read_to_string(&list)
        .unwrap()
        .lines()
        .filter(|line| line.starts_with(&in_headers))
        .filter_map(|line| line.split_once("*/ "))
        // A const argument is no part of a function's type.
        .map(|(_, prototype)| prototype.replace("const gid_t )", "gid_t)"))
        .collect()
}

/// The name in a line of [`prototypes`].
fn name(prototype: &str) -> &str {
    let head = prototype.split(" (").next().unwrap_or_default();
    head.rsplit([' ', '*']).next().unwrap_or_default()
}

#[test]
fn our_prototypes_are_those_of_the_original() {
    let Some(original) = original_headers() else {
        skip!("the original's headers are not installed (Debian: liblcmaps-dev)");
    };
    if !support::has_program("gcc") {
        skip!("only gcc lists prototypes");
    }
    let (theirs, ours) = (prototypes(&original), prototypes(&our_headers()));
    assert!(
        theirs.len() > 40,
        "only {} prototypes in {}",
        theirs.len(),
        original.display()
    );
    let missing: Vec<_> = theirs
        .difference(&ours)
        .filter(|prototype| !NOWHERE.contains(&name(prototype)))
        .collect();
    assert_eq!(
        missing,
        Vec::<&String>::new(),
        "in the original's headers, and not in ours"
    );
    let names: BTreeSet<_> = theirs.iter().map(|prototype| name(prototype)).collect();
    let changed: Vec<_> = ours
        .difference(&theirs)
        .filter(|prototype| names.contains(name(prototype)))
        .collect();
    assert_eq!(
        changed,
        Vec::<&String>::new(),
        "declared differently in ours"
    );
}

/// The function declarations and function types of our headers, without anything else.
fn declarations() -> String {
    let mut out = String::new();
    let directory = our_headers().join("lcmaps");
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let mut inside_type = false;
        let mut inside_macro = false;
        for line in text.lines() {
            let comment = line.starts_with("/*") || line.starts_with(" *");
            let code = !comment && !inside_macro && !line.starts_with('#');
            inside_macro = line.ends_with('\\');
            inside_type |= code && line.starts_with("typedef struct");
            if code && !inside_type && line != "extern \"C\" {" && line != "}" {
                out.push_str(line);
                out.push('\n');
            }
            inside_type &= !line.starts_with('}');
        }
    }
    out
}

/// What the compiler says to the original's headers followed by `declarations`.
fn both_sets(original: &Path, declarations: &str) -> Option<String> {
    let directory = scratch();
    let source = directory.path().join("both.c");
    let attributes = "#define LCMAPS_FORMAT_(text, values)\n#define LCMAPS_DEPRECATED_\n";
    fs::write(&source, format!("{EVERYTHING}{attributes}{declarations}")).unwrap();
    let flags: Vec<_> = gsi_mode().into_iter().chain(["-std=gnu17"]).collect();
    syntax_problem(&source, "c", Headers::In(original), &flags)
}

#[test]
fn both_sets_of_declarations_compile_together() {
    let Some(original) = original_headers() else {
        skip!("the original's headers are not installed (Debian: liblcmaps-dev)");
    };
    let declarations = declarations();
    assert!(
        declarations.contains("lcmaps_init_t lcmaps_init;"),
        "{declarations}"
    );
    assert_eq!(both_sets(&original, &declarations), None);
}

#[test]
fn a_declaration_that_differs_from_the_original_does_not_compile_beside_it() {
    let Some(original) = original_headers() else {
        skip!("the original's headers are not installed (Debian: liblcmaps-dev)");
    };
    let right = "typedef int lcmaps_term_t(void);";
    let declarations = declarations();
    assert!(declarations.contains(right));
    let wrong = declarations.replace(right, "typedef long lcmaps_term_t(void);");
    assert!(both_sets(&original, &wrong).is_some());
}

#[test]
fn a_wrong_format_string_is_found_by_the_compiler() {
    let directory = scratch();
    let source = directory.path().join("format.c");
    for (call, right) in [
        ("lcmaps_log(3, \"%s\\n\", \"text\")", true),
        ("lcmaps_log(3, \"%s\\n\", 7)", false),
        ("lcmaps_log_debug(3, \"%d\\n\", \"text\")", false),
        ("lcmaps_log_time(3, \"%d\\n\")", false),
    ] {
        let text = format!("#include <lcmaps/lcmaps_log.h>\nint f(void) {{ return {call}; }}\n");
        fs::write(&source, text).unwrap();
        let problem = syntax_problem(&source, "c", Headers::In(&our_headers()), &[]);
        assert_eq!(problem.is_none(), right, "{call}");
    }
}
