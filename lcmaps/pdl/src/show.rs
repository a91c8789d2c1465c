//! Bytes of a policy file inside messages: one line, printable, and not endless.

use std::fmt;

/// Longer texts are cut in messages, so that many messages about one long text do not add up.
const LONGEST: usize = 300;

/// Shows bytes as printable ASCII; every other byte becomes one `?`.
pub(crate) struct Show<'a>(pub &'a [u8]);

impl fmt::Display for Show<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Show(bytes) = *self;
        let (shown, rest) = bytes.split_at(bytes.len().min(LONGEST));
        for byte in shown {
            fmt::Write::write_char(f, printable(*byte))?;
        }
        if !rest.is_empty() {
            write!(f, "... ({} bytes)", bytes.len())?;
        }
        Ok(())
    }
}

/// The byte itself if it can be printed, else `?`.
pub(crate) fn printable(byte: u8) -> char {
    if byte == b' ' || byte.is_ascii_graphic() {
        char::from(byte)
    } else {
        '?'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_printed_becomes_one_question_mark_per_byte() {
        assert_eq!(Show(b"a b\r\n\0\xc3\xa4\x7f").to_string(), "a b??????");
    }

    #[test]
    fn long_texts_are_cut_and_their_length_is_told() {
        let shown = Show(&[b'x'; 301]).to_string();
        assert!(shown.ends_with("x... (301 bytes)"), "{shown}");
        assert_eq!(Show(&[b'x'; 300]).to_string(), "x".repeat(300));
    }
}
