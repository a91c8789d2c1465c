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

/// Opens a log file for appending. Nobody waits for the reader of a FIFO: without one it is an error,
/// and what a slow one leaves no room for is lost.
///
/// # Errors
/// What the system says.
pub fn open_log_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .custom_flags(libc::O_NOCTTY | libc::O_NONBLOCK)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CString;
    use std::io::Write as _;
    use std::os::unix::ffi::OsStrExt as _;

    #[test]
    fn a_log_file_grows_and_a_fifo_that_nobody_reads_is_an_error_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("log");
        for line in ["one\n", "two\n"] {
            let mut log = open_log_file(&file).expect("a log file");
            log.write_all(line.as_bytes()).expect("written");
        }
        assert_eq!(std::fs::read(&file).expect("readable"), b"one\ntwo\n");
        let fifo = folder.path().join("fifo");
        let name = CString::new(fifo.as_os_str().as_bytes()).expect("a name");
        // SAFETY: a string.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        let refused = open_log_file(&fifo).expect_err("nobody reads");
        assert_eq!(refused.raw_os_error(), Some(libc::ENXIO));
    }
}
