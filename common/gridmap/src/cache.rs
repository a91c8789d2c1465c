//! Map files kept in memory for as long as they stay the same on disk.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::disk::{self, Identity};
use crate::error::OpenError;
use crate::file::MapFile;

/// How many files are kept. The paths come from the configuration, so there are
/// a handful; this only bounds a program that keeps changing its configuration.
const MAX_FILES: usize = 64;

/// Files of up to this size are read when they are opened, larger ones when a
/// name is looked up.
const READ_AT_OPEN: u64 = 128 << 10;

/// Map files by path.
///
/// [`open`](Self::open) costs one `stat` as long as the file on disk is the one
/// that was read: same device, inode, size, modification and change time. So a
/// changed file (a new ban, say) takes effect at once. Open a file once per
/// mapping and look up all names in what you get.
///
/// # Why the kept text is never stale
/// A change that leaves size and both times the same can only happen within
/// one tick of the clock that stamps files. Therefore a file is kept only if it
/// had been left alone for longer than that before its identity was taken;
/// otherwise the next call reads it again. The text is read after its identity
/// was taken, so it can be newer, never older. A change in the middle of
/// reading shows in a second `fstat`, and reading starts over.
#[derive(Default)]
pub struct Cache {
    files: Mutex<HashMap<PathBuf, Arc<Slot>>>,
}

/// One file. The lock is held while the file is read, so that threads that ask
/// for the same file read it once.
#[derive(Default)]
struct Slot(Mutex<Option<Known>>);

struct Known {
    identity: Identity,
    file: Arc<MapFile>,
}

impl Cache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The cache of this process.
    #[must_use]
    pub fn global() -> &'static Self {
        static GLOBAL: LazyLock<Cache> = LazyLock::new(Cache::new);
        &GLOBAL
    }

    /// The file as it is on disk now.
    ///
    /// # Errors
    /// The file does not exist ([`OpenError::is_missing`]), is no regular file,
    /// is larger than [`MAX_FILE_SIZE`](crate::MAX_FILE_SIZE), or cannot be
    /// read. That a large file cannot be read may show at the first lookup only.
    pub fn open(&self, path: &Path) -> Result<Arc<MapFile>, OpenError> {
        let slot = self.slot(path);
        let start = SystemTime::now();
        let meta = std::fs::metadata(path).map_err(|e| {
            *lock(&slot.0) = None;
            disk::io_error(path, "look at", e)
        })?;
        let mut identity = Identity::of(&meta);
        let mut known = lock(&slot.0);
        if let Some(known) = known.as_ref().filter(|known| known.identity == identity) {
            return Ok(Arc::clone(&known.file));
        }
        // Looked at before it is opened: opening a device can have effects.
        disk::check(path, &meta)?;
        let file = if identity.size <= READ_AT_OPEN {
            let text;
            (text, identity) = disk::read(path)?;
            MapFile::parse(path, text)
        } else {
            MapFile::on_disk(path)
        };
        let file = Arc::new(file);
        *known = identity.settled(start).then(|| Known {
            identity,
            file: Arc::clone(&file),
        });
        Ok(file)
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

/// A panic while the lock was held leaves at worst `None` or a complete entry.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
