//! Small configuration files, read whole.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Largest file that is read, in bytes. Lists of names have limits of their own.
pub const MAX_FILE_SIZE: u64 = 1 << 20;

/// A file cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// It is not there, or may not be read.
    #[error("cannot read {}: {source}; correct its name or its permissions", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// It is a directory, a device or the like.
    #[error("{} is no regular file", path.display())]
    NotRegular {
        /// The file.
        path: PathBuf,
    },
    /// It is larger than [`MAX_FILE_SIZE`].
    #[error("{} has more than {MAX_FILE_SIZE} bytes; shorten it", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
}

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    let io = |source| FileError::Io {
        path: path.to_owned(),
        source,
    };
    // Looked at before it is opened: opening a FIFO waits.
    if !fs::metadata(path).map_err(io)?.is_file() {
        return Err(FileError::NotRegular {
            path: path.to_owned(),
        });
    }
    let mut text = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(MAX_FILE_SIZE + 1)
        .read_to_end(&mut text)
        .map_err(io)?;
    if text.len() as u64 > MAX_FILE_SIZE {
        return Err(FileError::TooLarge {
            path: path.to_owned(),
        });
    }
    Ok(text)
}
