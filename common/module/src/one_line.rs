//! Text that stays one line.

use std::ffi::CString;
use std::fmt::{self, Display, Write as _};

/// Collects text with every ASCII control character written as `\xNN`, so that a line stays one
/// line and holds no NUL.
///
/// ```
/// # use lc_module::OneLine;
/// assert_eq!(OneLine::of("DN /CN=a\nroot logged in").as_c_str().to_bytes(), b"DN /CN=a\\x0aroot logged in");
/// ```
#[derive(Debug, Default)]
pub struct OneLine(Vec<u8>);

impl OneLine {
    /// The text of a message as a C string, without a newline at its end.
    #[must_use]
    pub fn of(message: impl Display) -> CString {
        let mut line = Self(Vec::with_capacity(128));
        // Writing to a Vec cannot fail; a Display that gives up leaves the part it wrote.
        let _ = write!(line, "{message}");
        CString::new(line.0).unwrap_or_default()
    }
}

impl fmt::Write for OneLine {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(u8::is_ascii_control) {
            self.0.extend_from_slice(&rest[..at]);
            self.0
                .extend_from_slice(format!("\\x{:02x}", rest[at]).as_bytes());
            rest = &rest[at + 1..];
        }
        self.0.extend_from_slice(rest);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_newline_from_a_user_does_not_start_a_line() {
        let line = OneLine::of("a\nlcmaps[1] LOG_NOTICE: b\0c\x1b[0m");
        assert_eq!(
            line.to_bytes(),
            b"a\\x0alcmaps[1] LOG_NOTICE: b\\x00c\\x1b[0m"
        );
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_line(text in any::<String>()) {
            let line = OneLine::of(&text);
            prop_assert!(!line.to_bytes().iter().any(u8::is_ascii_control));
            prop_assert!(line.to_bytes().len() >= text.len());
        }
    }
}
