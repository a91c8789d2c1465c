//! Map files: nothing panics, and a lookup in the index says what reading through says.
//!
//! Input: the name, a zero byte, the file.
#![no_main]

use lc_gridmap::{Accept, MapFile, Wildcards};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |byte| *byte == 0);
    let (Some(name), Some(text)) = (parts.next(), parts.next()) else {
        return;
    };
    for wildcards in [Wildcards::Off, Wildcards::On] {
        for accept in [
            Accept::AnyName,
            Accept::Local,
            Accept::Pool,
            Accept::Exactly(b"a"),
        ] {
            let file = MapFile::parse("grid-mapfile", text.to_vec());
            let (first, second) = (
                file.lookup(name, wildcards, accept),
                file.lookup(name, wildcards, accept),
            );
            match (&first, &second) {
                (Ok(first), Ok(second)) => assert_eq!(first, second),
                (Err(first), Err(second)) => assert_eq!(first.to_string(), second.to_string()),
                _ => panic!("{first:?} and then {second:?}"),
            }
        }
    }
});
