//! Map files kept in memory for as long as they stay the same on disk.

use std::collections::HashMap;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::OpenError;
use crate::file::MapFile;

/// The largest file that is read, in bytes.
pub const MAX_FILE_SIZE: u64 = 1 << 30;

/// How many files are kept. The paths come from the configuration, so there are
/// a handful; this only bounds a program that keeps changing its configuration.
const MAX_FILES: usize = 64;

/// How often reading is tried again when the file changes meanwhile.
const ATTEMPTS: usize = 5;

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

/// Map files by path.
///
/// [`open`](Self::open) costs one `stat` as long as the file on disk is the one
/// that was read: same device, inode, size, modification and change time. So a
/// changed file (a new ban, say) takes effect at once. Open a file once per
/// mapping and look up all names in what you get: it does not change under you.
///
/// # Why the kept text is never stale
/// A change that leaves size and both times the same can only happen within
/// one tick of the clock that stamps files. Therefore a text counts as known
/// only if the file had been left alone for [longer than that](settled) before
/// it was read; otherwise the next call reads it again. A change in the middle
/// of reading shows in a second `fstat`, and reading starts over.
pub struct Cache {
    files: Mutex<HashMap<PathBuf, Arc<Slot>>>,
    clock: fn() -> SystemTime,
}

/// One file. The lock is held while the file is read, so that threads that ask
/// for the same file read it once.
#[derive(Default)]
struct Slot(Mutex<Option<Known>>);

#[derive(Clone)]
struct Known {
    identity: Identity,
    file: Arc<MapFile>,
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    fn of(meta: &Metadata) -> Self {
        Self {
            device: meta.dev(),
            inode: meta.ino(),
            size: meta.size(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        }
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self::new()
    }
}

impl Cache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self {
            files: Mutex::default(),
            clock: SystemTime::now,
        }
    }

    /// The cache of this process.
    #[must_use]
    pub fn global() -> &'static Self {
        static GLOBAL: LazyLock<Cache> = LazyLock::new(Cache::new);
        &GLOBAL
    }

    /// The text of the file as it is on disk now.
    ///
    /// # Errors
    /// The file does not exist ([`OpenError::is_missing`]), is no regular file,
    /// is larger than [`MAX_FILE_SIZE`], or cannot be read.
    pub fn open(&self, path: &Path) -> Result<Arc<MapFile>, OpenError> {
        let slot = self.slot(path);
        let now = std::fs::metadata(path).map_err(|e| {
            *lock(&slot.0) = None;
            io_error(path, "look at", e)
        })?;
        let mut known = lock(&slot.0);
        if let Some(file) = known_as(&known, Identity::of(&now)) {
            return Ok(file);
        }
        // Not even opened: opening a device can have effects.
        check(path, &now)?;
        for _ in 0..ATTEMPTS {
            let start = (self.clock)();
            let mut file = OpenOptions::new()
                .read(true)
                .custom_flags(OPEN_FLAGS)
                .open(path)
                .map_err(|e| io_error(path, "open", e))?;
            let before = stat(path, &file)?;
            // Another thread may have read it while this one waited for the lock.
            if let Some(file) = known_as(&known, before) {
                return Ok(file);
            }
            let bytes = read(path, &mut file, before.size)?;
            let after = stat(path, &file)?;
            if before == after && u64::try_from(bytes.len()).is_ok_and(|len| len == after.size) {
                let file = Arc::new(MapFile::parse(path, bytes));
                *known = settled(&after, start).then(|| Known {
                    identity: after,
                    file: Arc::clone(&file),
                });
                return Ok(file);
            }
        }
        Err(OpenError::Changing { path: path.into() })
    }

    fn slot(&self, path: &Path) -> Arc<Slot> {
        let mut files = lock(&self.files);
        if let Some(slot) = files.get(path) {
            return Arc::clone(slot);
        }
        if files.len() >= MAX_FILES {
            files.clear();
        }
        Arc::clone(files.entry(path.into()).or_default())
    }
}

fn known_as(known: &MutexGuard<'_, Option<Known>>, identity: Identity) -> Option<Arc<MapFile>> {
    let known = known.as_ref()?;
    (known.identity == identity).then(|| Arc::clone(&known.file))
}

fn stat(path: &Path, file: &File) -> Result<Identity, OpenError> {
    let meta = file.metadata().map_err(|e| io_error(path, "look at", e))?;
    check(path, &meta)?;
    Ok(Identity::of(&meta))
}

fn check(path: &Path, meta: &Metadata) -> Result<(), OpenError> {
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

/// Reads `size` bytes and, when the file has grown, some of the rest.
fn read(path: &Path, file: &mut File, size: u64) -> Result<Vec<u8>, OpenError> {
    let mut bytes = Vec::new();
    usize::try_from(size)
        .map_err(io::Error::other)
        .and_then(|size| bytes.try_reserve_exact(size).map_err(io::Error::other))
        .and_then(|()| file.take(size + 1).read_to_end(&mut bytes))
        .map_err(|e| io_error(path, "read", e))?;
    Ok(bytes)
}

/// Whether the file had been left alone for longer than one step of its time
/// stamps when reading started at `start`.
///
/// The kernel stamps files with the time of its last tick, at most 10 ms ago; a
/// file system that stores no fractions of a second steps by one second, or by
/// two. A stamp in the future says nothing.
fn settled(identity: &Identity, start: SystemTime) -> bool {
    [identity.modified, identity.changed]
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

fn io_error(path: &Path, operation: &'static str, source: io::Error) -> OpenError {
    match source.kind() {
        io::ErrorKind::NotFound => OpenError::Missing { path: path.into() },
        _ => OpenError::Io {
            path: path.into(),
            operation,
            source,
        },
    }
}

/// A panic while the lock was held leaves at worst `None` or a complete entry.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
