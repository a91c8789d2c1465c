//! Names as text, byte for byte what `X509_NAME_oneline` of OpenSSL writes.
//!
//! Map files, ban lists and leases of every site hold that text, so OpenSSL itself writes it here,
//! with the faults of its release: from version 3 on `/` and `+` inside a value stand behind a
//! backslash, before that they do not; a backslash never does. Bytes outside printable ASCII come
//! out as `\xNN`, so the text is always printable ASCII and nothing can cut it short.
#![forbid(unsafe_code)]

use std::ffi::CString;
use std::fmt;

use openssl::x509::X509NameRef;

use crate::libcrypto::{self, Attribute};

/// ASN.1 tag of a BMPString: two bytes a character.
const BMP_STRING: i32 = 30;
/// ASN.1 tag of a UniversalString: four bytes a character.
const UNIVERSAL_STRING: i32 = 28;

/// Longest name in a message; a hostile certificate must not fill the log.
const SHOWN: usize = 256;

/// Why a name cannot be somebody's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameProblem {
    /// There is nothing in it.
    Empty,
    /// A value holds a NUL character; programs disagree on where such a text ends.
    Nul,
    /// OpenSSL does not write names of this length.
    TooLong,
}

impl fmt::Display for NameProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "its subject is empty",
            Self::Nul => "its subject holds a NUL character",
            Self::TooLong => "its subject is too long",
        })
    }
}

/// The text of a name that is to be somebody's DN.
pub(crate) fn identity(name: &X509NameRef) -> Result<CString, NameProblem> {
    let attributes = libcrypto::attributes(name);
    if attributes.is_empty() {
        return Err(NameProblem::Empty);
    }
    if attributes.iter().any(holds_nul) {
        return Err(NameProblem::Nul);
    }
    libcrypto::oneline(name).ok_or(NameProblem::TooLong)
}

/// The text of a name for a message, cut when it is very long.
pub(crate) fn shown(name: &X509NameRef) -> String {
    let Some(text) = libcrypto::oneline(name) else {
        return "(name too long)".to_owned();
    };
    let text = text.to_string_lossy();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.into_owned(),
    }
}

fn holds_nul(attribute: &Attribute<'_>) -> bool {
    let width = match attribute.string_type {
        BMP_STRING => 2,
        UNIVERSAL_STRING => 4,
        _ => 1,
    };
    attribute
        .value
        .chunks(width)
        .any(|character| character.iter().all(|&byte| byte == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nul(string_type: i32, value: &[u8]) -> bool {
        holds_nul(&Attribute {
            nid: 13,
            string_type,
            value,
        })
    }

    #[test]
    fn a_nul_is_a_character_of_the_width_of_its_string_type() {
        assert!(nul(12, b"a\0b"));
        assert!(!nul(12, b"ab"));
        assert!(!nul(12, b""));
        assert!(!nul(BMP_STRING, b"\0a\0b"));
        assert!(nul(BMP_STRING, b"\0a\0\0\0b"));
        assert!(!nul(BMP_STRING, b"a\0b\0"), "U+6100 U+6200");
        assert!(nul(BMP_STRING, b"\0a\0"), "half a character");
        assert!(!nul(UNIVERSAL_STRING, b"\0\0\0a"));
        assert!(nul(UNIVERSAL_STRING, b"\0\0\0a\0\0\0\0"));
    }
}
