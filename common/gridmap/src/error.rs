//! What can go wrong with a map file, in the words of the person who has to
//! repair it.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A lookup failed as a whole.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MapError {
    /// A line that cannot be understood was reached before a match was found.
    ///
    /// What the line was meant to say is unknown, and going on could hand out an
    /// account that it gives to somebody else, or miss a ban.
    #[error("{}:{line}:{column}: {fault}", file.display())]
    Broken {
        /// The file as it was named when it was opened.
        file: PathBuf,
        /// Line number, the first line is 1.
        line: u32,
        /// Column in bytes, the first byte is 1.
        column: u32,
        /// What is wrong there.
        fault: Fault,
    },
    /// The file could not be read any more.
    #[error(transparent)]
    Unreadable(#[from] OpenError),
}

/// What makes a line unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// A name begins with `"`, and no unprotected `"` follows in the line.
    #[error(
        "the quoted name is not closed; put a \" at its end (a \" inside the name is written \\\")"
    )]
    OpenQuote,
    /// The line ends in a backslash that protects nothing.
    #[error(
        "the line ends in a backslash, and lines cannot be continued; remove it, or write the whole entry in one line"
    )]
    TrailingBackslash,
    /// The line holds a NUL byte, so the file is not a text file.
    #[error("the line holds a NUL byte; save the file as plain text")]
    Nul,
}

/// A map file could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is no such file.
    #[error("{} does not exist; create it, or correct the path in the configuration", path.display())]
    Missing {
        /// The file that was asked for.
        path: PathBuf,
    },
    /// The path names a directory, FIFO, socket or device.
    #[error("{} is no regular file; a map file must be one (or a symbolic link to one)", path.display())]
    NotRegular {
        /// The file that was asked for.
        path: PathBuf,
    },
    /// The file is larger than [`MAX_FILE_SIZE`](crate::MAX_FILE_SIZE).
    #[error("{} has {size} bytes, more than the {limit} allowed for a map file; shorten it", path.display())]
    TooLarge {
        /// The file that was asked for.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file changed at every attempt to read it.
    #[error("{} was modified again and again while it was read; replace it by renaming a complete file over it", path.display())]
    Changing {
        /// The file that was asked for.
        path: PathBuf,
    },
    /// Any other failure of the operating system.
    #[error("cannot {operation} {}: {source}; check its permissions and those of its directories", path.display())]
    Io {
        /// The file that was asked for.
        path: PathBuf,
        /// What was attempted.
        operation: &'static str,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}

impl OpenError {
    /// Whether the file does not exist, as opposed to not being readable.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }
}
