//! Files that are read once and kept while they stay the same.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// How old the times of a file must be until two versions of it cannot have the same ones.
/// Kernels stamp files with a clock that moves in steps of up to 10 ms, network servers use their own.
const SETTLED: Duration = Duration::from_secs(2);

/// What tells one state of a file from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Whether a later change shows in the identity, if the file was looked at then.
    fn settled(&self, then: SystemTime) -> bool {
        let latest = self.modified.0.max(self.changed.0);
        let limit = crate::dates::unix(then).saturating_sub(SETTLED.as_secs().cast_signed());
        latest < limit
    }
}

struct Kept<T> {
    identity: Identity,
    content: Arc<T>,
}

/// Files of one kind.
pub(crate) struct Files<T> {
    largest: u64,
    parse: fn(&[u8]) -> Result<T, String>,
    kept: Mutex<HashMap<PathBuf, Kept<T>>>,
}

impl<T> Files<T> {
    /// Files of at most `largest` bytes.
    pub(crate) fn new(largest: u64, parse: fn(&[u8]) -> Result<T, String>) -> Self {
        Self {
            largest,
            parse,
            kept: Mutex::new(HashMap::new()),
        }
    }

    /// What the file holds now; `None` when there is no such file, `Err` says why it is of no use.
    pub(crate) fn get(&self, path: &Path) -> Result<Option<Arc<T>>, String> {
        let metadata = match std::fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if is_absent(&error) => {
                self.lock().remove(path);
                return match std::fs::symlink_metadata(path) {
                    Err(_) => Ok(None),
                    // Somebody put it there, so it is not absent: its target is missing.
                    Ok(_) => Err("it is a link to a file that is not there".to_owned()),
                };
            }
            Err(error) => return Err(error.to_string()),
        };
        let identity = Identity::of(&metadata);
        if let Some(kept) = self.lock().get(path)
            && kept.identity == identity
        {
            return Ok(Some(Arc::clone(&kept.content)));
        }
        let now = SystemTime::now();
        let (identity, bytes) = match self.read(path) {
            Ok(read) => read,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        let content = Arc::new((self.parse)(&bytes)?);
        if identity.settled(now) {
            let content = Arc::clone(&content);
            (self.lock()).insert(path.to_owned(), Kept { identity, content });
        }
        Ok(Some(content))
    }

    fn read(&self, path: &Path) -> io::Result<(Identity, Vec<u8>)> {
        // Nobody shall make a service wait for the writer of a FIFO.
        let file: File = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        let mut bytes = Vec::new();
        file.take(self.largest + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > self.largest {
            return Err(io::Error::other(format!(
                "it has more than {} bytes",
                self.largest
            )));
        }
        Ok((Identity::of(&metadata), bytes))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Kept<T>>> {
        // The map is whole between any two calls on it.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn parse(bytes: &[u8]) -> Result<Vec<u8>, String> {
        if bytes == b"bad" {
            return Err("it is bad".to_owned());
        }
        Ok(bytes.to_vec())
    }

    #[test]
    fn a_file_is_read_again_exactly_when_it_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("f");
        let files = Files::new(10, parse);
        let get = || {
            files
                .get(&path)
                .map(|found| found.map(|bytes| bytes.to_vec()))
        };
        assert_eq!(get(), Ok(None), "nothing there yet");
        for text in ["one", "two", "six"] {
            fs::write(&path, text).expect("a file");
            assert_eq!(get(), Ok(Some(text.into())), "a new file is not trusted");
        }
        fs::write(&path, "bad").expect("a file");
        assert_eq!(get(), Err("it is bad".to_owned()));
        fs::write(&path, "far too long").expect("a file");
        assert_eq!(get(), Err("it has more than 10 bytes".to_owned()));
        fs::remove_file(&path).expect("a file");
        assert_eq!(get(), Ok(None), "a removed file is not remembered");
        fs::create_dir(&path).expect("a folder");
        assert_eq!(get(), Err("it is no regular file".to_owned()));
        fs::remove_dir(&path).expect("a folder");
        std::os::unix::fs::symlink("nowhere", &path).expect("a link");
        let dangling = get().expect_err("something is there");
        assert_eq!(dangling, "it is a link to a file that is not there");
    }

    #[test]
    fn a_settled_file_is_parsed_once() {
        let files = Files::new(1 << 30, |bytes| Ok::<_, String>(bytes.len()));
        // A file that nobody touched for a while.
        let path = Path::new("/bin/sh");
        let first = files.get(path).expect("readable").expect("there");
        let again = files.get(path).expect("readable").expect("there");
        assert!(Arc::ptr_eq(&first, &again));
    }

    #[test]
    fn fresh_files_are_not_settled() {
        let identity = |seconds| Identity {
            device: 1,
            inode: 1,
            size: 1,
            modified: (0, 0),
            changed: (seconds, 0),
        };
        let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        assert!(identity(997).settled(then));
        assert!(!identity(999).settled(then));
        assert!(!identity(2000).settled(then), "from the future");
    }
}
