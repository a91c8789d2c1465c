//! A certificate chain with its private key, kept in memory that is wiped.

use std::ffi::{CStr, c_char};
use std::fmt;
use std::fs::OpenOptions;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use zeroize::Zeroizing;

use crate::Error;

/// PEM text of a proxy or certificate. It usually holds a private key, so it is never printed and is overwritten
/// with zeros when dropped. (LCMAPS and its modules make copies of their own while a run lasts.)
pub struct PemText(Zeroizing<Vec<u8>>);

impl PemText {
    /// Largest file that [`PemText::read`] accepts. A proxy with a long chain and attributes has some 50 KiB.
    pub const MAX_SIZE: u64 = 1024 * 1024;

    /// Reads a proxy or certificate file.
    ///
    /// # Errors
    /// [`Error::Read`] if it cannot be read; [`Error::NotPem`] if it is no regular file, larger than
    /// [`PemText::MAX_SIZE`], contains a NUL byte or holds no certificate.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let not_pem = |why| Error::NotPem {
            path: path.to_owned(),
            why,
        };
        let unreadable = |source| Error::Read {
            path: path.to_owned(),
            source,
        };
        // O_NONBLOCK: a FIFO must not hold the program up before it is recognised as no regular file.
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(path)
            .map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(not_pem("it is not a regular file"));
        }
        if metadata.len() > Self::MAX_SIZE {
            return Err(not_pem("it is larger than 1 MiB"));
        }
        // All room at once: a growing vector would leave unwiped copies behind.
        let size =
            usize::try_from(metadata.len()).map_err(|_| not_pem("it is larger than 1 MiB"))?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(size + 64));
        file.take(metadata.len() + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        if bytes.len() > size {
            return Err(not_pem("it grew while it was being read"));
        }
        Self::checked(bytes).map_err(not_pem)
    }

    /// Takes over PEM text that is in memory already. The vector given is wiped as well.
    ///
    /// # Errors
    /// A sentence that says what is wrong: a NUL byte, or no certificate.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, &'static str> {
        let given = Zeroizing::new(bytes);
        let mut copy = Zeroizing::new(Vec::with_capacity(given.len() + 1));
        copy.extend_from_slice(&given);
        Self::checked(copy)
    }

    fn checked(mut bytes: Zeroizing<Vec<u8>>) -> Result<Self, &'static str> {
        const BEGIN: &[u8] = b"-----BEGIN ";
        if bytes.contains(&0) {
            return Err("it contains a NUL byte");
        }
        if !bytes.windows(BEGIN.len()).any(|window| window == BEGIN) {
            return Err("it holds no certificate (no line beginning with -----BEGIN)");
        }
        bytes.push(0);
        Ok(Self(bytes))
    }

    /// The text. It usually holds a private key: do not keep copies.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        // Without the NUL that ends it for C.
        self.0.strip_suffix(b"\0").unwrap_or(&self.0)
    }

    /// The text with the NUL that ends it for C: for calls that read it only.
    #[must_use]
    pub fn as_c_str(&self) -> &CStr {
        // `checked` put the only NUL at the end.
        CStr::from_bytes_with_nul(&self.0).unwrap_or_default()
    }

    /// The text for C. The library reads it only, although its prototype lacks the `const`.
    pub(crate) fn as_ptr(&self) -> *mut c_char {
        self.0.as_ptr().cast::<c_char>().cast_mut()
    }
}

impl fmt::Debug for PemText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PemText({} bytes, not shown)",
            self.0.len().saturating_sub(1)
        )
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const KEY: &[u8] = b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";

    fn file(content: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(content)?;
        Ok(file)
    }

    fn why(path: &Path) -> String {
        PemText::read(path).map_or_else(|e| e.to_string(), |pem| format!("{pem:?}"))
    }

    #[test]
    fn the_private_key_is_not_in_the_debug_output() -> std::io::Result<()> {
        let pem = file(KEY)?;
        let shown = why(pem.path());
        assert_eq!(shown, format!("PemText({} bytes, not shown)", KEY.len()));
        Ok(())
    }

    #[test]
    fn a_file_that_is_no_pem_text_is_refused_with_the_reason() -> std::io::Result<()> {
        assert!(
            why(file(b"hello")?.path())
                .ends_with("no certificate (no line beginning with -----BEGIN)")
        );
        assert!(
            why(file(b"-----BEGIN CERTIFICATE-----\n\0")?.path())
                .ends_with("it contains a NUL byte")
        );
        assert!(why(Path::new("/dev/zero")).ends_with("it is not a regular file"));
        assert!(
            why(Path::new("/nonexistent/proxy")).starts_with("cannot read /nonexistent/proxy: ")
        );
        Ok(())
    }

    #[test]
    fn the_size_limit_is_exact() -> std::io::Result<()> {
        let mut content = KEY.to_vec();
        content.resize(PemText::MAX_SIZE as usize, b'\n');
        assert!(PemText::read(file(&content)?.path()).is_ok());
        content.push(b'\n');
        assert!(why(file(&content)?.path()).ends_with("it is larger than 1 MiB"));
        Ok(())
    }

    #[test]
    fn a_fifo_is_refused_and_does_not_block() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        let fifo = dir.path().join("fifo");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&fifo)
                .status()?
                .success()
        );
        assert!(why(&fifo).ends_with("it is not a regular file"));
        Ok(())
    }
}
