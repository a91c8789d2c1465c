//! The note in a lease: the name of its account.
//!
//! All links to a file share its content. So the entry of a pool account, empty
//! in the traditional layout, can hold the account's own name, and whoever has
//! the lease knows the account without searching the directory. Other software
//! ignores the content.
//!
//! A note is a hint and nothing more. The entry that it names counts only if it
//! proves to be the same file as the lease. Content that is no note of ours is
//! left alone.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;

use nix::fcntl::OFlag;

use super::directory::{Directory, Stat};
use crate::name::NAME_MAX;
use crate::pool::is_account;

/// A name and a line end.
const NOTE_MAX: usize = NAME_MAX + 1;

/// The account that the note names.
pub(crate) fn read(file: &File) -> Option<Vec<u8>> {
    let mut note = content(file)?;
    (note.pop() == Some(b'\n') && is_account(&note)).then_some(note)
}

/// Writes the note of a new lease, whose entry was opened for appending.
pub(crate) fn write_new(mut file: &File, stat: &Stat, account: &[u8]) {
    if stat.size == 0 {
        // Without the note the next run searches the directory, nothing worse.
        let _ = file.write_all(&line(account));
    }
}

/// Writes the note of a lease that was found by a search, when the file is
/// empty or holds an outdated note.
pub(crate) fn refresh(dir: &Directory<'_>, lease: &[u8], found: &Stat, account: &[u8]) {
    let Ok(file) = dir.open_file(lease, OFlag::O_RDWR) else {
        return;
    };
    // Two writers would mix their notes.
    if file.try_lock().is_err() {
        return;
    }
    let is_lease = dir
        .stat_file(lease, &file)
        .is_ok_and(|now| now.same_file(found) && now.is_regular() && now.links == 2);
    if !is_lease {
        return;
    }
    let Some(old) = content(&file) else {
        return;
    };
    let note = line(account);
    let ours = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'\n');
    if old != note && old.iter().all(ours) && file.set_len(0).is_ok() {
        let _ = file.write_all_at(&note, 0);
    }
}

/// The content, unless it is longer than a note can be.
fn content(mut file: &File) -> Option<Vec<u8>> {
    let mut content = [0; NOTE_MAX + 1];
    let mut length = 0;
    while let Some(space) = content.get_mut(length..).filter(|space| !space.is_empty()) {
        match file.read(space) {
            Ok(0) => return Some(content[..length].to_vec()),
            Ok(got) => length += got,
            Err(_) => return None,
        }
    }
    None
}

fn line(account: &[u8]) -> Vec<u8> {
    [account, b"\n"].concat()
}
