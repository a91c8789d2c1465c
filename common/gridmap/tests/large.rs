//! Files too large to be kept by a process that looks up one name.

use std::fs;
use std::path::{Path, PathBuf};

use lc_gridmap::{Accept, Cache, Fault, Lookup, MapError, MapFile, Wildcards};

fn local<'f>(file: &'f MapFile, name: &str) -> Result<Lookup<'f>, MapError> {
    file.lookup(name.as_bytes(), Wildcards::Off, Accept::Local)
}

/// The line and mapping for a name, by a first lookup in the file on disk.
fn first_lookup(path: &Path, name: &str) -> Option<(u32, Vec<u8>)> {
    let file = Cache::new().open(path).expect("readable");
    let lookup = local(&file, name).expect("readable");
    let found = lookup.found?;
    assert_eq!(found.pattern, name.as_bytes());
    Some((found.line, found.mapping.into_owned()))
}

fn write(dir: &tempfile::TempDir, text: &str) -> PathBuf {
    let path = dir.path().join("map");
    fs::write(&path, text).expect("written");
    path
}

/// Lines of many lengths, so that pieces end everywhere in a line.
fn text(lines: usize) -> String {
    let line = |n: usize| format!("\"/CN={n} {}\" user{n}\n", "x".repeat(n * 7919 % 293));
    (0..lines).map(line).collect()
}

fn name(n: usize) -> String {
    format!("/CN={n} {}", "x".repeat(n * 7919 % 293))
}

#[test]
fn every_line_is_found_wherever_the_pieces_end() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = write(&dir, &text(3000));
    for n in (0..3000).step_by(13).chain([2999]) {
        let expected = Some((n as u32 + 1, format!("user{n}").into_bytes()));
        assert_eq!(first_lookup(&path, &name(n)), expected);
    }
    assert_eq!(first_lookup(&path, "/CN=nobody"), None);
}

#[test]
fn a_byte_order_mark_does_not_hide_the_first_line() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = write(&dir, &format!("\u{feff}{}", text(3000)));
    let expected = |n: usize| Some((n as u32 + 1, format!("user{n}").into_bytes()));
    assert_eq!(first_lookup(&path, &name(0)), expected(0));
    assert_eq!(first_lookup(&path, &name(2999)), expected(2999));
    let file = Cache::new().open(&path).expect("readable");
    let _ = local(&file, "/CN=nobody").expect("readable");
    fs::remove_file(&path).expect("removed");
    assert!(file.has_byte_order_mark(), "known without reading again");
}

#[test]
fn the_second_lookup_finds_the_same() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = write(&dir, &text(3000));
    let file = Cache::new().open(&path).expect("readable");
    for n in [2999, 0, 1500, 2999] {
        let found = local(&file, &name(n)).expect("readable").found;
        assert_eq!(found.expect("listed").line, n as u32 + 1);
    }
}

#[test]
fn lines_longer_than_a_piece_and_a_missing_last_line_end_are_read() {
    let dir = tempfile::tempdir().expect("a directory");
    let long = "y".repeat(700_000);
    let path = write(&dir, &format!("a ann\n\"{long}\" lea\n\nz zoe"));
    assert_eq!(first_lookup(&path, "a"), Some((1, b"ann".to_vec())));
    assert_eq!(first_lookup(&path, &long), Some((2, b"lea".to_vec())));
    assert_eq!(first_lookup(&path, "z"), Some((4, b"zoe".to_vec())));
}

#[test]
fn a_broken_line_is_reported_with_its_number() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = write(&dir, &format!("{}\"open\n{}", text(3000), text(10)));
    assert!(first_lookup(&path, &name(2999)).is_some());
    let file = Cache::new().open(&path).expect("readable");
    let by_scan = local(&file, "/CN=nobody").expect_err("broken").to_string();
    match local(&file, "/CN=nobody").expect_err("broken") {
        error @ MapError::Broken {
            line: 3001,
            column: 1,
            fault: Fault::OpenQuote,
            ..
        } => assert_eq!(error.to_string(), by_scan),
        other => panic!("{other}"),
    }
}

#[test]
fn line_ends_of_another_system_are_noticed_on_the_way() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = write(&dir, &format!("{}z one\r\n", text(3000)));
    for name in ["z", "absent"] {
        let file = Cache::new().open(&path).expect("readable");
        let _ = local(&file, name).expect("readable");
        // What is known is not read again; a lookup that ended early read too little to know.
        if name == "absent" {
            fs::remove_file(&path).expect("removed");
        }
        assert_eq!(file.first_carriage_return_line(), Some(3001), "{name}");
    }
}

#[test]
fn a_change_takes_effect_at_the_next_opening() {
    let dir = tempfile::tempdir().expect("a directory");
    let cache = Cache::new();
    let found = |path: &Path| {
        let file = cache.open(path).expect("readable");
        let lookup = local(&file, "z").expect("readable");
        lookup.found.map(|found| found.mapping.into_owned())
    };
    let path = write(&dir, &format!("{}z one\n", text(3000)));
    std::thread::sleep(std::time::Duration::from_millis(150));
    for _ in 0..3 {
        assert_eq!(found(&path), Some(b"one".to_vec()));
    }
    let path = write(&dir, &format!("{}z two\n", text(3000)));
    for _ in 0..3 {
        assert_eq!(found(&path), Some(b"two".to_vec()));
    }
}

#[test]
fn a_file_that_disappears_between_opening_and_looking_up_is_an_error() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = write(&dir, &text(3000));
    let file = Cache::new().open(&path).expect("readable");
    fs::remove_file(&path).expect("removed");
    for _ in 0..2 {
        let error = local(&file, "z").expect_err("gone");
        assert!(
            matches!(error, MapError::Unreadable(ref e) if e.is_missing()),
            "{error}"
        );
    }
}
