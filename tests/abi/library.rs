//! The shared objects themselves: name, needs, exports.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use object::read::elf::{Dyn, FileHeader};
use object::{Endianness, elf};
use support::{our_library, root};

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

#[test]
fn the_library_needs_nothing_but_the_c_library() {
    let needed = dynamic(&our_library(), elf::DT_NEEDED);
    let foreign: Vec<_> = needed
        .iter()
        .filter(|name| {
            !["libc.so", "libgcc_s.so", "ld-linux", "libm.so"]
                .iter()
                .any(|ours| name.starts_with(ours))
        })
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

#[test]
fn every_exported_function_is_declared_in_a_header() {
    let list = fs::read_to_string(root().join("lcmaps/capi/liblcmaps.symbols")).unwrap();
    let mut headers = String::new();
    for entry in fs::read_dir(support::our_headers().join("lcmaps")).unwrap() {
        headers.push_str(&fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    let words: BTreeSet<&str> = headers
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .collect();
    let undeclared: Vec<_> = list.lines().filter(|name| !words.contains(name)).collect();
    assert_eq!(undeclared, Vec::<&str>::new());
    assert!(list.lines().count() > 50);
}
