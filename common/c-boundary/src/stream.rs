//! Log targets: streams of callers, and files.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// A `FILE *` that the caller keeps open for as long as it is logged to.
#[derive(Debug)]
pub struct Stream(*mut libc::FILE);

// SAFETY: stdio locks a stream for every call; the pointer itself is plain data.
unsafe impl Send for Stream {}

impl Stream {
    /// A stream to log to.
    ///
    /// # Safety
    /// `stream` is an open stream and stays so as long as this value is written to.
    #[must_use]
    pub unsafe fn new(stream: *mut libc::FILE) -> Self {
        Self(stream)
    }

    /// Writes a line and flushes. A stream that takes nothing must not fail a decision, and there
    /// is nowhere left to report it.
    pub fn write(&self, line: &[u8]) {
        // SAFETY: the stream is open by the contract of `new`; `line` is readable for its length.
        unsafe { libc::fwrite(line.as_ptr().cast(), 1, line.len(), self.0) };
        // SAFETY: as above.
        unsafe { libc::fflush(self.0) };
    }
}

/// Opens a log file for appending.
///
/// # Errors
/// What the system says.
pub fn open_log_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .custom_flags(libc::O_NOCTTY)
        .open(path)
}
