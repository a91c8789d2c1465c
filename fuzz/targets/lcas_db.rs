//! Databases of LCAS: nothing panics, every place is in the text, and an entry that is written with
//! quotes is read back.
#![no_main]

use lcas_core::{Database, MAX_ENTRIES, MAX_LINE, Position};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    match Database::parse(text) {
        Ok(database) => {
            assert!(database.entries.len() <= MAX_ENTRIES);
            for remark in &database.remarks {
                check(remark.position, text);
                assert!(!remark.in_file("lcas.db").to_string().is_empty());
            }
            for entry in &database.entries {
                check(entry.position, text);
                read_back(&entry.name, &entry.arguments);
            }
        }
        Err(error) => {
            check(error.position, text);
            assert!(!error.in_file("lcas.db").to_string().is_empty());
        }
    }
});

/// A place is on a line of the text, in it or right behind it.
fn check(place: Position, text: &[u8]) {
    let line = text.split(|byte| *byte == b'\n').nth(place.line - 1);
    let line = line.expect("the line is in the text");
    assert!(
        place.column >= 1 && place.column <= line.len() + 1,
        "{place}"
    );
}

fn read_back(name: &[u8], arguments: &[u8]) {
    let quoted = |value: &[u8]| -> Vec<u8> {
        let escaped = value.iter().flat_map(|byte| match byte {
            b'"' => vec![b'\\', b'"'],
            byte => vec![*byte],
        });
        [b"\"".to_vec(), escaped.collect(), b"\"".to_vec()].concat()
    };
    let line = [
        b"pluginname=",
        &quoted(name)[..],
        b", pluginargs=",
        &quoted(arguments)[..],
    ]
    .concat();
    // A backslash at the end of a value would protect the quote behind it.
    let writable = !name.ends_with(b"\\") && !arguments.ends_with(b"\\");
    if line.len() <= MAX_LINE && writable {
        let database = Database::parse(&line).expect("an entry");
        assert_eq!(database.entries.len(), 1);
        assert_eq!(database.entries[0].name, name);
        assert_eq!(database.entries[0].arguments, arguments);
    }
}
