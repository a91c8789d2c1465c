//! Reading files that may change meanwhile, and telling their states apart.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use memchr::memrchr;

use crate::error::OpenError;

/// The largest file that is read, in bytes.
pub const MAX_FILE_SIZE: u64 = 1 << 30;

/// How often reading is tried again when the file changes meanwhile.
const ATTEMPTS: usize = 5;

/// How much a [`Stream`] reads at once: small enough to stay in the
/// processor's cache.
const PIECE: usize = 128 << 10;

/// `O_NONBLOCK | O_NOCTTY`: opening a FIFO or a terminal by mistake must
/// neither hang nor have effects. The values are those of the kernel's generic
/// ABI; where they differ the flags are left out.
const OPEN_FLAGS: i32 = if cfg!(all(
    target_os = "linux",
    not(any(
        target_arch = "mips",
        target_arch = "mips64",
        target_arch = "sparc",
        target_arch = "sparc64"
    ))
)) {
    0o4000 | 0o400
} else {
    0
};

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    device: u64,
    inode: u64,
    pub(crate) size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    pub(crate) fn of(meta: &Metadata) -> Self {
        Self {
            device: meta.dev(),
            inode: meta.ino(),
            size: meta.size(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        }
    }

    /// Whether the file had been left alone for longer than one step of its time
    /// stamps when reading started at `start`.
    ///
    /// The kernel stamps files with the time of its last tick, at most 10 ms ago; a
    /// file system that stores no fractions of a second steps by one second, or by
    /// two. A stamp in the future says nothing.
    pub(crate) fn settled(&self, start: SystemTime) -> bool {
        [self.modified, self.changed]
            .into_iter()
            .all(|(seconds, nanoseconds)| {
                let step = match nanoseconds {
                    0 => Duration::from_millis(2_100),
                    _ => Duration::from_millis(100),
                };
                let (Ok(seconds), Ok(nanoseconds)) =
                    (u64::try_from(seconds), u32::try_from(nanoseconds))
                else {
                    // Before 1970.
                    return true;
                };
                Duration::from_secs(seconds)
                    .checked_add(Duration::from_nanos(nanoseconds.into()))
                    .and_then(|stamp| UNIX_EPOCH.checked_add(stamp))
                    .and_then(|stamp| start.duration_since(stamp).ok())
                    .is_some_and(|age| age > step)
            })
    }
}

/// Refuses what is no regular file or too large.
pub(crate) fn check(path: &Path, meta: &Metadata) -> Result<(), OpenError> {
    if !meta.is_file() {
        return Err(OpenError::NotRegular { path: path.into() });
    }
    if meta.size() > MAX_FILE_SIZE {
        return Err(OpenError::TooLarge {
            path: path.into(),
            size: meta.size(),
            limit: MAX_FILE_SIZE,
        });
    }
    Ok(())
}

/// The whole text, and the identity of the file while it was read.
pub(crate) fn read(path: &Path) -> Result<(Vec<u8>, Identity), OpenError> {
    until_unchanged(path, || {
        let mut file = open(path)?;
        let before = stat(path, &file)?;
        let mut bytes = Vec::new();
        usize::try_from(before.size)
            .map_err(io::Error::other)
            .and_then(|size| bytes.try_reserve_exact(size).map_err(io::Error::other))
            .and_then(|()| file.by_ref().take(before.size + 1).read_to_end(&mut bytes))
            .map_err(|e| io_error(path, "read", e))?;
        #[cfg(test)]
        tests::reached_end();
        let complete = u64::try_from(bytes.len()).is_ok_and(|len| len == before.size);
        let unchanged = complete && before == stat(path, &file)?;
        Ok(unchanged.then_some((bytes, before)))
    })
}

/// Repeats `attempt` while it says that the file has changed meanwhile (`None`).
pub(crate) fn until_unchanged<T>(
    path: &Path,
    mut attempt: impl FnMut() -> Result<Option<T>, OpenError>,
) -> Result<T, OpenError> {
    for _ in 0..ATTEMPTS {
        if let Some(done) = attempt()? {
            return Ok(done);
        }
    }
    Err(OpenError::Changing { path: path.into() })
}

/// A file that is read through piece by piece.
pub(crate) struct Stream<'p> {
    path: &'p Path,
    file: File,
    before: Identity,
    buffer: Vec<u8>,
    /// `buffer[given..filled]` is what was read and not yet given out.
    given: usize,
    filled: usize,
    left: u64,
}

impl<'p> Stream<'p> {
    pub(crate) fn open(path: &'p Path) -> Result<Self, OpenError> {
        let file = open(path)?;
        let before = stat(path, &file)?;
        Ok(Self {
            path,
            file,
            before,
            buffer: vec![0; PIECE],
            given: 0,
            filled: 0,
            left: before.size,
        })
    }

    /// Some complete lines, or the rest of the file; `None` at its end.
    pub(crate) fn next_lines(&mut self) -> Result<Option<&[u8]>, OpenError> {
        self.buffer.copy_within(self.given..self.filled, 0);
        self.filled -= self.given;
        self.given = 0;
        let mut searched = 0;
        loop {
            let got = self.fill()?;
            let new = &self.buffer[searched..self.filled];
            match memrchr(b'\n', new) {
                Some(last) => self.given = searched + last + 1,
                None if got == 0 => self.given = self.filled,
                // A line longer than the buffer.
                None => {
                    searched = self.filled;
                    let size = self.buffer.len().max(self.filled * 2);
                    self.buffer.resize(size, 0);
                    continue;
                }
            }
            let lines = &self.buffer[..self.given];
            return Ok((!lines.is_empty()).then_some(lines));
        }
    }

    fn fill(&mut self) -> Result<usize, OpenError> {
        let space = self.buffer.len() - self.filled;
        let want = usize::try_from(self.left).map_or(space, |left| left.min(space));
        let target = &mut self.buffer[self.filled..self.filled + want];
        let got = loop {
            match self.file.read(target) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other.map_err(|e| io_error(self.path, "read", e))?,
            }
        };
        self.filled += got;
        self.left -= got as u64;
        Ok(got)
    }

    /// Whether the file is the same as before it was read.
    pub(crate) fn unchanged(&self) -> Result<bool, OpenError> {
        Ok(stat(self.path, &self.file)? == self.before)
    }
}

fn open(path: &Path) -> Result<File, OpenError> {
    OpenOptions::new()
        .read(true)
        .custom_flags(OPEN_FLAGS)
        .open(path)
        .map_err(|e| io_error(path, "open", e))
}

fn stat(path: &Path, file: &File) -> Result<Identity, OpenError> {
    let meta = file.metadata().map_err(|e| io_error(path, "look at", e))?;
    check(path, &meta)?;
    Ok(Identity::of(&meta))
}

pub(crate) fn io_error(path: &Path, operation: &'static str, source: io::Error) -> OpenError {
    match source.kind() {
        io::ErrorKind::NotFound => OpenError::Missing { path: path.into() },
        _ => OpenError::Io {
            path: path.into(),
            operation,
            source,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::fs;
    use std::rc::Rc;

    use super::*;

    type Hook = Box<dyn FnMut()>;

    thread_local! {
        static AT_END: RefCell<Option<Hook>> = const { RefCell::new(None) };
    }

    pub(super) fn reached_end() {
        AT_END.with_borrow_mut(|hook| hook.iter_mut().for_each(|hook| hook()));
    }

    /// Reads a file that `change` changes before the end of the first so many
    /// readings.
    fn read_while(changes: usize, text: &str) -> (Result<Vec<u8>, OpenError>, usize) {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("map");
        fs::write(&path, "before").expect("written");
        let readings = Rc::new(RefCell::new(0));
        let (counter, target, text) = (Rc::clone(&readings), path.clone(), text.to_owned());
        AT_END.set(Some(Box::new(move || {
            *counter.borrow_mut() += 1;
            if *counter.borrow() <= changes {
                // A tick later, so that the time differs.
                std::thread::sleep(Duration::from_millis(12));
                fs::write(&target, &text).expect("written");
            }
        })));
        let result = read(&path).map(|(bytes, _)| bytes);
        AT_END.set(None);
        let readings = *readings.borrow();
        (result, readings)
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_read_again() {
        for text in ["after!", "after, longer", ""] {
            let (bytes, readings) = read_while(2, text);
            assert_eq!(bytes.expect("read"), text.as_bytes());
            assert_eq!(readings, 3);
        }
    }

    #[test]
    fn a_file_that_never_stops_changing_is_an_error() {
        let (result, readings) = read_while(usize::MAX, "after!");
        assert!(
            matches!(result, Err(OpenError::Changing { .. })),
            "{result:?}"
        );
        assert_eq!(readings, ATTEMPTS);
    }

    #[test]
    fn a_stream_tells_that_its_file_has_changed() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("map");
        fs::write(&path, "a\nb").expect("written");
        let mut stream = Stream::open(&path).expect("opened");
        assert_eq!(stream.next_lines().expect("read"), Some(&b"a\n"[..]));
        assert!(stream.unchanged().expect("looked"));
        fs::write(&path, "a\nb, longer").expect("written");
        assert_eq!(stream.next_lines().expect("read"), Some(&b"b"[..]));
        assert_eq!(stream.next_lines().expect("read"), None);
        assert!(!stream.unchanged().expect("looked"));
    }

    #[test]
    fn a_file_is_settled_when_its_times_are_older_than_their_step() {
        let start = UNIX_EPOCH + Duration::new(1_000_000, 500_000_000);
        let settled = |modified, changed| {
            let identity = Identity {
                device: 1,
                inode: 1,
                size: 1,
                modified,
                changed,
            };
            identity.settled(start)
        };
        let (old, fresh) = ((999_000, 1), (1_000_000, 450_000_000));
        assert!(settled(old, old));
        assert!(settled((1_000_000, 390_000_000), old), "110 ms");
        assert!(!settled(fresh, old) && !settled(old, fresh), "50 ms");
        assert!(!settled(old, (1_000_001, 1)), "in the future");
        assert!(settled((-5, 0), old), "before 1970");
        // Whole seconds: two of them may be one step.
        assert!(!settled(old, (999_999, 0)));
        assert!(settled(old, (999_998, 0)));
    }
}
