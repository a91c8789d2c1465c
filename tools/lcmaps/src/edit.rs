//! Replacing a file by a changed one in one step.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, fchown};
use std::path::Path;
use std::time::{Duration, Instant};

/// Why a file cannot be changed, in words.
type Problem = String;

/// How long another editor is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often to look whether the other editor is done.
const PAUSE: Duration = Duration::from_millis(20);

/// No file that is edited is larger.
const LARGEST: u64 = 1 << 30;

/// Changes a file: whoever reads it sees the old text or the new one, nothing between, also after a crash. Owner and mode stay.
/// `change` gives the new text, or `None` to leave the file alone.
///
/// Two editors of this kind never overlap: each holds a lock on the file while it works, and looks whether the file
/// that it has locked is still the one under the name. A change by any other editor meanwhile is noticed.
///
/// # Errors
/// The file cannot be read or replaced, another editor keeps it, or `change` refuses; the file is as it was.
pub fn edit(
    file: &Path,
    change: impl FnOnce(&[u8]) -> Result<Option<Vec<u8>>, Problem>,
) -> Result<(), Problem> {
    let cannot = |what: &'static str| {
        move |problem: io::Error| format!("cannot {what} {}: {problem}", file.display())
    };
    // A symbolic link stays one.
    let real = file.canonicalize().map_err(|problem| {
        if problem.kind() == io::ErrorKind::NotFound {
            format!(
                "{} does not exist; create it first, empty if need be",
                file.display()
            )
        } else {
            cannot("find")(problem)
        }
    })?;
    let (open, before) = lock(&real).map_err(cannot("lock"))?;
    let mut text = Vec::new();
    (&open)
        .take(LARGEST)
        .read_to_end(&mut text)
        .map_err(cannot("read"))?;
    let Some(changed) = change(&text)? else {
        return Ok(());
    };
    let folder = real.parent().unwrap_or(Path::new("/"));
    let mut new = tempfile::Builder::new()
        .prefix(".lcmaps-edit-")
        .tempfile_in(folder)
        .map_err(cannot("make a new file beside"))?;
    new.write_all(&changed).map_err(cannot("write a new"))?;
    let copy = new.as_file();
    let own = copy.metadata().map_err(cannot("look at the new"))?;
    if (own.uid(), own.gid()) != (before.uid(), before.gid()) {
        fchown(copy, Some(before.uid()), Some(before.gid()))
            .map_err(cannot("keep the owner of"))?;
    }
    copy.set_permissions(before.permissions())
        .map_err(cannot("keep the mode of"))?;
    copy.sync_all().map_err(cannot("write a new"))?;
    let now = real.metadata().map_err(cannot("look at"))?;
    if state(&now) != state(&before) {
        return Err(format!(
            "{} was changed by somebody else meanwhile; nothing was done, try again",
            file.display()
        ));
    }
    new.persist(&real)
        .map_err(|problem| cannot("replace")(problem.error))?;
    // Until here nobody else could begin.
    drop(open);
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(cannot("write the directory of"))
}

/// The file under the name, locked, and what it is.
fn lock(real: &Path) -> io::Result<(File, Metadata)> {
    let start = Instant::now();
    loop {
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(nix::fcntl::OFlag::O_NONBLOCK.bits())
            .open(real)?;
        let data = file.metadata()?;
        if !data.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        match file.try_lock() {
            Ok(()) => {
                // Whoever had the lock may have put another file in its place.
                let now = real.metadata()?;
                if (now.dev(), now.ino()) == (data.dev(), data.ino()) {
                    return Ok((file, now));
                }
            }
            Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(std::fs::TryLockError::Error(problem)) => return Err(problem),
        }
        if start.elapsed() > PATIENCE {
            return Err(io::Error::other("another editor is at it; try again later"));
        }
    }
}

/// What tells one state of a file from another.
fn state(data: &Metadata) -> (u64, u64, u64, i64, i64) {
    (
        data.dev(),
        data.ino(),
        data.len(),
        data.mtime(),
        data.mtime_nsec(),
    )
}
