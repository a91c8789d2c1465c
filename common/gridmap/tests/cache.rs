//! Files on disk: when they are read again, and what is refused.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use lc_gridmap::{Accept, Cache, MAX_FILE_SIZE, MapFile, OpenError, Wildcards};

fn mapping(file: &MapFile, name: &[u8]) -> Option<Vec<u8>> {
    let lookup = file
        .lookup(name, Wildcards::Off, Accept::Local)
        .expect("readable");
    lookup.found.map(|found| found.mapping.into_owned())
}

fn open(cache: &Cache, path: &Path) -> Arc<MapFile> {
    cache.open(path).expect("the file can be read")
}

/// Longer than a file must be left alone to be kept.
fn let_it_settle() {
    sleep(Duration::from_millis(150));
}

#[test]
fn a_file_that_stays_the_same_is_read_once() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("map");
    fs::write(&path, "a ann\n").expect("written");
    let_it_settle();
    let cache = Cache::new();
    let first = open(&cache, &path);
    assert_eq!(mapping(&first, b"a"), Some(b"ann".to_vec()));
    assert!(Arc::ptr_eq(&first, &open(&cache, &path)));
}

#[test]
fn a_file_that_was_written_just_now_is_not_kept() {
    // On a busy machine it may have been written long ago when it is opened.
    let read_again = (0..10).any(|_| {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("map");
        let cache = Cache::new();
        fs::write(&path, "a ann\n").expect("written");
        !Arc::ptr_eq(&open(&cache, &path), &open(&cache, &path))
    });
    assert!(read_again);
}

#[test]
fn a_change_takes_effect_at_once_and_never_under_a_reader() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("map");
    let cache = Cache::new();
    fs::write(&path, "a one\n").expect("written");
    let_it_settle();
    let before = open(&cache, &path);
    fs::write(&path, "a two\n").expect("written");
    assert_eq!(mapping(&open(&cache, &path), b"a"), Some(b"two".to_vec()));
    assert_eq!(mapping(&before, b"a"), Some(b"one".to_vec()));
}

#[test]
fn rapid_changes_of_the_same_size_are_all_seen() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("map");
    let cache = Cache::new();
    for round in 0..2000u32 {
        fs::write(&path, format!("a {round:08}\n")).expect("written");
        let expected = format!("{round:08}").into_bytes();
        assert_eq!(mapping(&open(&cache, &path), b"a"), Some(expected));
    }
}

#[test]
fn setting_the_time_back_does_not_hide_a_change() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("map");
    let cache = Cache::new();
    let write = |text: &str| {
        fs::write(&path, text).expect("written");
        let file = File::options().write(true).open(&path).expect("opened");
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        file.set_modified(long_ago).expect("time set");
    };
    write("a one\n");
    let_it_settle();
    assert_eq!(mapping(&open(&cache, &path), b"a"), Some(b"one".to_vec()));
    write("a two\n");
    assert_eq!(mapping(&open(&cache, &path), b"a"), Some(b"two".to_vec()));
}

#[test]
fn a_replaced_file_and_a_switched_link_are_seen() {
    let dir = tempfile::tempdir().expect("a directory");
    let [one, two, map] = ["one", "two", "map"].map(|name| dir.path().join(name));
    fs::write(&one, "a one\n").expect("written");
    fs::write(&two, "a two\n").expect("written");
    symlink(&one, &map).expect("linked");
    let_it_settle();
    let cache = Cache::new();
    assert_eq!(mapping(&open(&cache, &map), b"a"), Some(b"one".to_vec()));
    fs::remove_file(&map).expect("removed");
    symlink(&two, &map).expect("linked");
    assert_eq!(mapping(&open(&cache, &map), b"a"), Some(b"two".to_vec()));
    fs::rename(&one, &two).expect("renamed");
    assert_eq!(mapping(&open(&cache, &map), b"a"), Some(b"one".to_vec()));
}

#[test]
fn a_missing_file_is_told_apart_also_after_it_was_there() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("map");
    let cache = Cache::new();
    let error = cache.open(&path).expect_err("missing");
    assert!(error.is_missing());
    assert!(error.to_string().contains("map does not exist"), "{error}");
    fs::write(&path, "a one\n").expect("written");
    let_it_settle();
    open(&cache, &path);
    fs::remove_file(&path).expect("removed");
    assert!(cache.open(&path).expect_err("missing").is_missing());
}

#[test]
fn a_file_that_may_not_be_reached_is_not_called_missing() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("file");
    fs::write(&file, "").expect("written");
    let error = Cache::new()
        .open(&file.join("map"))
        .expect_err("no directory");
    assert!(!error.is_missing());
    assert!(matches!(error, OpenError::Io { .. }), "{error}");
}

#[test]
fn directories_devices_and_fifos_are_refused_without_waiting() {
    let dir = tempfile::tempdir().expect("a directory");
    let fifo = dir.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.expect("mkfifo runs").success());
    for path in [
        dir.path(),
        Path::new("/dev/null"),
        Path::new("/dev/zero"),
        &fifo,
    ] {
        let error = Cache::new().open(path).expect_err("no regular file");
        assert!(matches!(error, OpenError::NotRegular { .. }), "{error}");
    }
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("map");
    let file = File::create(&path).expect("created");
    file.set_len(MAX_FILE_SIZE + 1).expect("grown");
    let error = Cache::new().open(&path).expect_err("too large");
    assert!(matches!(error, OpenError::TooLarge { .. }), "{error}");
}

#[test]
fn threads_always_get_a_complete_text() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("map");
    let text = |n: usize| format!("{}last {n}\n", format!("user{n} x\n").repeat(n));
    fs::write(&path, text(1)).expect("written");
    let cache = Cache::new();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let file = open(&cache, &path);
                    assert!(mapping(&file, b"last").is_some(), "{file:?}");
                }
            });
        }
        for n in 1..100 {
            let new = dir.path().join("new");
            fs::write(&new, text(n)).expect("written");
            fs::rename(&new, &path).expect("renamed");
            sleep(Duration::from_millis(2));
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(mapping(&open(&cache, &path), b"last"), Some(b"99".to_vec()));
}
