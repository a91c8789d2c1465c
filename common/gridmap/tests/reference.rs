//! Lookups against a second, naive implementation of the format that reads one
//! byte at a time and knows no index.

use lc_gridmap::{Accept, Fault, MapError, MapFile, Wildcards, fnmatch};
use proptest::prelude::*;

#[derive(Debug, PartialEq)]
enum Answer {
    Found { line: u32, mapping: Vec<u8> },
    NotFound,
    Broken { line: u32, fault: Fault },
}

/// Follows the grammar in the documentation of `MapFile` literally.
fn naive(text: &[u8], name: &[u8], wildcards: Wildcards, accept: Accept<'_>) -> Answer {
    for (number, line) in (1..).zip(text.split(|b| *b == b'\n')) {
        match naive_line(line) {
            Err(fault) => {
                return Answer::Broken {
                    line: number,
                    fault,
                };
            }
            Ok(None) => {}
            Ok(Some((pattern, mappings))) => {
                let matches = match wildcards {
                    Wildcards::Off => pattern == name,
                    Wildcards::On => fnmatch(&pattern, name),
                };
                let wanted = |m: &&Vec<u8>| match accept {
                    Accept::AnyName => false,
                    Accept::Local => m.first() != Some(&b'.'),
                    Accept::Pool => m.first() == Some(&b'.'),
                    Accept::Exactly(account) => m.as_slice() == account,
                };
                let mapping = match accept {
                    Accept::AnyName => Some(Vec::new()),
                    _ => mappings.iter().find(wanted).cloned(),
                };
                if let (true, Some(mapping)) = (matches, mapping) {
                    return Answer::Found {
                        line: number,
                        mapping,
                    };
                }
            }
        }
    }
    Answer::NotFound
}

type Entry = Option<(Vec<u8>, Vec<Vec<u8>>)>;

fn naive_line(line: &[u8]) -> Result<Entry, Fault> {
    if line.contains(&0) {
        return Err(Fault::Nul);
    }
    let mut bytes = line.iter().copied().peekable();
    while bytes.next_if(|b| matches!(b, b' ' | b'\t')).is_some() {}
    let mut name = Vec::new();
    match bytes.peek() {
        None | Some(b'#') => return Ok(None),
        Some(b'"') => {
            bytes.next();
            loop {
                match bytes.next().ok_or(Fault::OpenQuote)? {
                    b'"' => break,
                    b'\\' => {
                        name.push(b'\\');
                        name.push(bytes.next().ok_or(Fault::OpenQuote)?);
                    }
                    other => name.push(other),
                }
            }
        }
        Some(_) => {
            while let Some(byte) = bytes.next_if(|b| !matches!(b, b' ' | b'\t')) {
                name.push(byte);
                if byte == b'\\' {
                    name.push(bytes.next().ok_or(Fault::TrailingBackslash)?);
                }
            }
        }
    }
    let mut mappings = Vec::new();
    let mut mapping = None::<Vec<u8>>;
    while let Some(byte) = bytes.next() {
        match byte {
            b'#' => break,
            b' ' | b'\t' | b',' => mappings.extend(mapping.take()),
            b'\\' => {
                let byte = bytes.next().ok_or(Fault::TrailingBackslash)?;
                mapping.get_or_insert_default().push(byte);
            }
            other => mapping.get_or_insert_default().push(other),
        }
    }
    mappings.extend(mapping);
    Ok(Some((name, mappings)))
}

fn ours(file: &MapFile, name: &[u8], wildcards: Wildcards, accept: Accept<'_>) -> Answer {
    match file.lookup(name, wildcards, accept) {
        Err(MapError::Broken { line, fault, .. }) => Answer::Broken { line, fault },
        Err(other) => panic!("{other}"),
        Ok(lookup) => match lookup.found {
            None => Answer::NotFound,
            Some(found) => Answer::Found {
                line: found.line,
                mapping: found.mapping.into_owned(),
            },
        },
    }
}

const ACCEPTS: [Accept<'static>; 5] = [
    Accept::AnyName,
    Accept::Local,
    Accept::Pool,
    Accept::Exactly(b"b"),
    Accept::Exactly(b".a"),
];

fn any_text() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        30 => proptest::sample::select(b"ab*?[]\"\\#,. \t\n\r".to_vec()),
        1 => any::<u8>(),
    ];
    proptest::collection::vec(byte, 0..60)
}

fn tidy_text() -> impl Strategy<Value = Vec<u8>> {
    let name = proptest::sample::select(vec![
        "a",
        "b",
        "ab",
        "a*",
        "*",
        "?b",
        "[ab]",
        "\"a b\"",
        "\"a\"",
        "\"\"",
        "a\\ b",
        "\"a\\\"\"",
    ]);
    let rest = proptest::sample::select(vec![
        "", " a", " b", " .a", " .a,b", " .a b", " # b", " a\\,b", " .b\r", "\t,b#", " b\\\\",
    ]);
    let broken = proptest::sample::select(vec!["\"a", "a\\", "a b\\", "a \0", "  # \\"]);
    let line = prop_oneof![
        12 => (name, rest).prop_map(|(name, rest)| format!("{name}{rest}\n")),
        1 => broken.prop_map(|broken| format!("{broken}\n")),
        1 => Just("\n".to_owned()),
    ];
    proptest::collection::vec(line, 0..16).prop_map(|lines| lines.concat().into_bytes())
}

fn names() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(proptest::sample::select(b"ab*[ \\\"".to_vec()), 0..4),
        proptest::sample::select(vec!["a", "b", "ab", "a*", "a b", "[ab]", ""])
            .prop_map(|name| name.as_bytes().to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn scan_and_index_answer_as_the_naive_reading_of_the_grammar(
        text in prop_oneof![any_text(), tidy_text()],
        names in proptest::collection::vec(names(), 1..4),
    ) {
        let indexed = MapFile::parse("map", text.clone());
        for name in &names {
            for wildcards in [Wildcards::Off, Wildcards::On] {
                for accept in ACCEPTS {
                    let expected = naive(&text, name, wildcards, accept);
                    let fresh = MapFile::parse("map", text.clone());
                    prop_assert_eq!(&ours(&fresh, name, wildcards, accept), &expected, "scan");
                    prop_assert_eq!(&ours(&indexed, name, wildcards, accept), &expected, "index");
                    let by_scan = fresh.lookup(name, wildcards, accept);
                    let by_index = indexed.lookup(name, wildcards, accept);
                    prop_assert_eq!(by_scan.ok(), by_index.ok());
                }
            }
        }
    }
}
