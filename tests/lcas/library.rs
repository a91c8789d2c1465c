//! The shared object itself: name, needs, exports.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use object::read::elf::{Dyn, FileHeader};
use object::{Endianness, Object, ObjectSymbol, elf};
use support::{root, skip};
use work::{original_library, our_library};

/// Values of the string entries with this tag in the dynamic section.
fn dynamic(file: &Path, tag: elf::DynamicTag) -> Vec<String> {
    let bytes = fs::read(file).unwrap();
    let header = elf::FileHeader64::<Endianness>::parse(bytes.as_slice()).unwrap();
    let endian = header.endian().unwrap();
    let sections = header.sections(endian, bytes.as_slice()).unwrap();
    let (entries, strings) = sections.dynamic(endian, bytes.as_slice()).unwrap().unwrap();
    let strings = sections.strings(endian, bytes.as_slice(), strings).unwrap();
    (entries.iter())
        .filter(|entry| entry.tag(endian) == tag)
        .map(|entry| String::from_utf8(entry.string(endian, strings).unwrap().to_vec()).unwrap())
        .collect()
}

/// The functions that a library exports.
fn functions(file: &Path) -> BTreeSet<String> {
    let bytes = fs::read(file).unwrap();
    let object = object::File::parse(bytes.as_slice()).unwrap();
    (object.dynamic_symbols())
        .filter(|symbol| symbol.is_definition() && symbol.kind() == object::SymbolKind::Text)
        .map(|symbol| symbol.name().unwrap().to_owned())
        .collect()
}

#[test]
fn the_library_has_the_originals_soname_and_needs_the_c_library_only() {
    assert_eq!(dynamic(&our_library(), elf::DT_SONAME), ["liblcas.so.0"]);
    let needed = dynamic(&our_library(), elf::DT_NEEDED);
    let known = ["libc.so", "libgcc_s.so", "ld-linux", "libm.so"];
    let foreign: Vec<_> = (needed.iter())
        .filter(|name| !known.iter().any(|ours| name.starts_with(ours)))
        .collect();
    assert_eq!(foreign, Vec::<&String>::new());
}

#[test]
fn the_library_exports_the_originals_functions_and_no_others() {
    let list = fs::read_to_string(root().join("lcas/capi/liblcas.symbols")).unwrap();
    let list: BTreeSet<String> = list.lines().map(ToOwned::to_owned).collect();
    assert_eq!(functions(&our_library()), list);
    let Some(original) = original_library() else {
        skip!("the original is not installed (Debian: liblcas0)");
    };
    assert_eq!(list, functions(&original));
}
