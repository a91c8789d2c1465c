//! Reading configuration files that may be anything.

use std::fs::OpenOptions;
use std::io::{Error, ErrorKind, Read as _, Result};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Largest file that is read, in bytes.
pub const LARGEST: u64 = 64 << 20;

/// Reads a configuration file whole.
///
/// # Errors
/// What the system says, or that the file is not a regular file or far too large to be
/// configuration. A directory is [`ErrorKind::IsADirectory`].
pub fn read(path: &Path) -> Result<Vec<u8>> {
    // Non-blocking: a FIFO in the place of the file must not hang the service.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(Error::new(
            ErrorKind::IsADirectory,
            "a directory, not a file",
        ));
    }
    if !kind.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "not a regular file"));
    }
    let mut text = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(Error::new(ErrorKind::InvalidData, "larger than 64 MiB"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::ffi::CString;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn a_regular_file_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        fs::write(&path, "text").unwrap();
        assert_eq!(read(&path).unwrap(), b"text");
    }

    #[test]
    fn what_is_no_regular_file_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            read(folder.path()).unwrap_err().kind(),
            ErrorKind::IsADirectory
        );
        assert_eq!(
            read(Path::new("/dev/null")).unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
        let fifo = folder.path().join("fifo");
        let name = CString::new(fifo.as_os_str().as_bytes()).unwrap();
        // SAFETY: a path without NUL.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        assert_eq!(read(&fifo).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}
