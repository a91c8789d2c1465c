//! Bytes from outside, made fit for a log line.

use std::fmt;

/// Shows bytes as text: UTF-8 as it is, other bytes as `\xNN`. Control characters are left to the
/// logger of the SDK, which keeps them out of the log.
///
/// ```
/// # use lc_module::Shown;
/// assert_eq!(Shown(b"/CN=Zo\xc3\xa9").to_string(), "/CN=Zoé");
/// assert_eq!(Shown(b"/CN=\xff").to_string(), "/CN=\\xff");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a>(pub &'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
