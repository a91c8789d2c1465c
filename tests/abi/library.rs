//! The shared objects themselves: name, needs, exports.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use object::read::elf::{Dyn, FileHeader};
use object::{Endianness, Object, ObjectSymbol, elf};
use support::{COMPANIONS, our_library, our_library_dir, root, skip};

/// Values of the string entries with this tag in the dynamic section.
fn dynamic(file: &Path, tag: elf::DynamicTag) -> Vec<String> {
    let bytes = fs::read(file).unwrap();
    let header = elf::FileHeader64::<Endianness>::parse(bytes.as_slice()).unwrap();
    let endian = header.endian().unwrap();
    let sections = header.sections(endian, bytes.as_slice()).unwrap();
    let (entries, strings) = sections.dynamic(endian, bytes.as_slice()).unwrap().unwrap();
    let strings = sections.strings(endian, bytes.as_slice(), strings).unwrap();
    entries
        .iter()
        .filter(|entry| entry.tag(endian) == tag)
        .map(|entry| {
            let text = entry.string(endian, strings).unwrap();
            String::from_utf8(text.to_vec()).unwrap()
        })
        .collect()
}

#[test]
fn the_library_has_the_originals_soname() {
    assert_eq!(dynamic(&our_library(), elf::DT_SONAME), ["liblcmaps.so.0"]);
}

/// Libraries that every program has.
fn is_of_the_system(library: &str) -> bool {
    ["libc.so", "libgcc_s.so", "ld-linux", "libm.so"]
        .iter()
        .any(|system| library.starts_with(system))
}

#[test]
fn the_library_needs_nothing_but_the_c_library() {
    let needed = dynamic(&our_library(), elf::DT_NEEDED);
    let foreign: Vec<_> = needed
        .iter()
        .filter(|name| !is_of_the_system(name))
        .collect();
    assert_eq!(
        foreign,
        Vec::<&String>::new(),
        "a mapping by DN would have to load them"
    );
    assert!(
        needed.iter().any(|name| name.starts_with("libc.so")),
        "{needed:?}"
    );
}

/// Modules that read certificates; all others work without OpenSSL.
const READ_CERTIFICATES: &[&str] = &["verify_proxy"];

#[test]
fn our_modules_need_no_library_of_a_host_and_openssl_only_for_certificates() {
    let mut checked = 0;
    for entry in fs::read_dir(support::modules_dir()).unwrap() {
        let module = entry.unwrap().path();
        let name = module.file_name().unwrap().to_string_lossy().into_owned();
        let mut unwanted = vec!["liblcmaps", "libglobus"];
        if !READ_CERTIFICATES.iter().any(|reader| name.contains(reader)) {
            unwanted.extend(["libcrypto", "libssl"]);
        }
        let needed = dynamic(&module, elf::DT_NEEDED);
        let foreign: Vec<_> = needed
            .iter()
            .filter(|library| unwanted.iter().any(|no| library.starts_with(no)))
            .collect();
        assert_eq!(foreign, Vec::<&String>::new(), "{name}");
        checked += 1;
    }
    assert!(checked >= 8, "only {checked} modules");
}

/// Exported by the original too, and declared by neither's headers.
const UNDECLARED: &[&str] = &["lcmaps_verify_account_from_pem_va"];

#[test]
fn every_exported_function_is_declared_in_a_header() {
    let mut headers = String::new();
    for entry in fs::read_dir(support::our_headers().join("lcmaps")).unwrap() {
        headers.push_str(&fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    let words: BTreeSet<&str> = headers
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .chain(UNDECLARED.iter().copied())
        .collect();
    let companions = COMPANIONS.iter().map(|name| {
        let folder = name.trim_start_matches("lcmaps_");
        format!("lcmaps/companions/{folder}/lib{name}.symbols")
    });
    let mut checked = 0;
    for list in companions.chain(["lcmaps/capi/liblcmaps.symbols".to_owned()]) {
        let names = fs::read_to_string(root().join(&list)).unwrap();
        let undeclared: Vec<_> = names.lines().filter(|name| !words.contains(name)).collect();
        assert_eq!(undeclared, Vec::<&str>::new(), "{list}");
        checked += names.lines().count();
    }
    assert!(checked > 90, "only {checked} functions");
}

/// What a shared object defines for others, without the names that linkers add.
fn exports(file: &Path) -> BTreeSet<String> {
    let bytes = fs::read(file).unwrap();
    let object = object::File::parse(bytes.as_slice()).unwrap();
    let symbols = object.dynamic_symbols();
    let names = symbols.filter(|symbol| symbol.is_definition());
    names
        .map(|symbol| symbol.name().unwrap().to_owned())
        .filter(|name| !["__bss_start", "_edata", "_end"].contains(&name.as_str()))
        .collect()
}

#[test]
fn companions_have_the_originals_names_and_need_the_library_that_the_originals_need() {
    for name in COMPANIONS {
        let ours = our_library_dir().join(format!("lib{name}.so.0"));
        assert_eq!(dynamic(&ours, elf::DT_SONAME), [format!("lib{name}.so.0")]);
        let host = if *name == "lcmaps_without_gsi" {
            None
        } else if name.ends_with("_without_gsi") {
            Some("liblcmaps_without_gsi.so.0".to_owned())
        } else {
            Some("liblcmaps.so.0".to_owned())
        };
        let needed = dynamic(&ours, elf::DT_NEEDED).into_iter();
        let foreign: Vec<_> = needed
            .filter(|library| !is_of_the_system(library))
            .collect();
        assert_eq!(foreign, Vec::from_iter(host), "{name}");
    }
}

#[test]
fn small_companions_export_what_the_originals_export() {
    let Some(original) = support::original_library() else {
        skip!("the original's library is not installed (Debian: liblcmaps0)");
    };
    for name in COMPANIONS {
        let file = format!("lib{name}.so.0");
        let theirs = original.with_file_name(&file);
        if !theirs.exists() {
            eprintln!("skipped: {file} of the original is not installed");
            continue;
        }
        let (theirs, ours) = (exports(&theirs), exports(&our_library_dir().join(&file)));
        if *name == "lcmaps_without_gsi" {
            // The original's has its parser as well, ours a report; what takes certificates is in neither.
            let surplus: Vec<_> = ours.difference(&theirs).collect();
            assert_eq!(surplus, ["lcmaps_get_run_report"]);
        } else {
            assert_eq!(ours, theirs, "{name}");
        }
    }
}
