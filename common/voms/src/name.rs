//! Distinguished names of attribute certificates, compared and shown.
#![forbid(unsafe_code)]

use std::fmt::Write as _;

use openssl::x509::X509NameRef;
use rasn::types::ObjectIdentifier;
use rasn_pkix::{GeneralName, Name as PkixName};

use crate::{asn1, dotted, libcrypto};

/// Longest name in a message; a hostile certificate must not fill the log.
const SHOWN: usize = 256;

/// A name in the form in which OpenSSL compares names: strings of every type as Unicode, in
/// lower case as far as ASCII goes, with single blanks between words.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    rdns: Vec<Vec<Attribute>>,
    shown: String,
}

/// One attribute of a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Attribute {
    kind: Vec<u32>,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(String),
    /// The encoding of something that is not compared as text.
    Other(Vec<u8>),
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.rdns == other.rdns
    }
}

impl Eq for Name {}

impl Name {
    /// A name of a certificate.
    pub(crate) fn of_certificate(name: &X509NameRef) -> Option<Self> {
        Self::from_der(&libcrypto::name_der(name)?)
    }

    /// The name that this DER text is.
    fn from_der(der: &[u8]) -> Option<Self> {
        asn1::decode::<PkixName>(der).and_then(|name| Self::new(&name))
    }

    /// The one directory name of a list that has nothing else in it.
    pub(crate) fn single(names: &[GeneralName]) -> Option<Self> {
        match names {
            [GeneralName::DirectoryName(name)] => Self::new(name),
            _ => None,
        }
    }

    fn new(name: &PkixName) -> Option<Self> {
        let PkixName::RdnSequence(sequence) = name;
        let mut rdns = Vec::new();
        let mut shown = String::new();
        for rdn in sequence {
            let mut attributes = Vec::new();
            for attribute in rdn.to_vec() {
                let encoded = attribute.value.as_bytes();
                let (tag, contents) = string(encoded)?;
                show(&mut shown, &attribute.r#type, contents);
                attributes.push(Attribute {
                    kind: attribute.r#type.to_vec(),
                    value: match text(tag, contents) {
                        Some(text) => Value::Text(folded(&text)),
                        None => Value::Other(encoded.to_vec()),
                    },
                });
            }
            attributes.sort();
            rdns.push(attributes);
        }
        Some(Self { rdns, shown })
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// The name for messages: one line of printable ASCII, cut when it is very long.
    pub(crate) fn shown(&self) -> String {
        match self.shown.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}...", &self.shown[..end]),
            None => self.shown.clone(),
        }
    }

    /// The whole name as OpenSSL 3 writes it on one line.
    pub(crate) fn line(&self) -> &str {
        &self.shown
    }
}

/// Tag and contents of an encoded string; `None` when it is not one primitive element.
fn string(encoded: &[u8]) -> Option<(u8, &[u8])> {
    let (&tag, rest) = encoded.split_first()?;
    if tag & 0x3f == 0x1f || tag & 0x20 != 0 {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    let header = match first {
        0..=0x7f => 0,
        0x81..=0x84 => usize::from(first & 0x7f),
        _ => return None,
    };
    Some((tag, rest.get(header..)?))
}

/// The characters of a string of one of the types that are compared as text.
fn text(tag: u8, contents: &[u8]) -> Option<String> {
    match tag {
        // UTF8String
        12 => String::from_utf8(contents.to_vec()).ok(),
        // PrintableString, T61String (taken for Latin 1 by everybody), IA5String, VisibleString
        19 | 20 | 22 | 26 => Some(contents.iter().copied().map(char::from).collect()),
        // BMPString
        30 => characters::<2>(contents),
        // UniversalString
        28 => characters::<4>(contents),
        _ => None,
    }
}

fn characters<const WIDTH: usize>(contents: &[u8]) -> Option<String> {
    if !contents.len().is_multiple_of(WIDTH) {
        return None;
    }
    contents
        .chunks(WIDTH)
        .map(|bytes| {
            let number = (bytes.iter()).fold(0_u32, |number, &byte| number << 8 | u32::from(byte));
            char::from_u32(number)
        })
        .collect()
}

fn folded(text: &str) -> String {
    let words: Vec<_> = text
        .split([' ', '\t', '\n', '\x0b', '\x0c', '\r'])
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").to_ascii_lowercase()
}

fn show(line: &mut String, kind: &ObjectIdentifier, contents: &[u8]) {
    line.push('/');
    match short_name(kind) {
        Some(name) => line.push_str(name),
        None => line.push_str(&dotted(kind)),
    }
    line.push('=');
    for &byte in contents {
        match byte {
            b'/' | b'+' => line.extend(['\\', char::from(byte)]),
            b' '..=b'~' => line.push(char::from(byte)),
            _ => {
                // Writing to a String does not fail.
                let _ = write!(line, "\\x{byte:02X}");
            }
        }
    }
}

fn short_name(kind: &ObjectIdentifier) -> Option<&'static str> {
    Some(match &kind[..] {
        [2, 5, 4, 3] => "CN",
        [2, 5, 4, 4] => "SN",
        [2, 5, 4, 5] => "serialNumber",
        [2, 5, 4, 6] => "C",
        [2, 5, 4, 7] => "L",
        [2, 5, 4, 8] => "ST",
        [2, 5, 4, 9] => "street",
        [2, 5, 4, 10] => "O",
        [2, 5, 4, 11] => "OU",
        [2, 5, 4, 12] => "title",
        [2, 5, 4, 42] => "GN",
        [0, 9, 2342, 19200300, 100, 1, 1] => "UID",
        [0, 9, 2342, 19200300, 100, 1, 25] => "DC",
        [1, 2, 840, 113549, 1, 9, 1] => "emailAddress",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::asn1::Asn1Type;
    use openssl::x509::X509NameBuilder;
    use proptest::prelude::*;

    fn name(values: &[(&str, &str, Asn1Type)]) -> Name {
        let mut builder = X509NameBuilder::new().expect("name");
        for (kind, value, string) in values {
            builder
                .append_entry_by_text_with_type(kind, value, *string)
                .expect("attribute");
        }
        Name::of_certificate(&builder.build()).expect("name")
    }

    #[test]
    fn the_type_of_a_string_case_and_blanks_do_not_count() {
        let one = name(&[
            ("C", "NL", Asn1Type::PRINTABLESTRING),
            ("CN", "TestGrid CA", Asn1Type::UTF8STRING),
        ]);
        let other = name(&[
            ("C", "nl", Asn1Type::UTF8STRING),
            ("CN", " testgrid   ca", Asn1Type::PRINTABLESTRING),
        ]);
        assert_eq!(one, other);
        assert_eq!(one.line(), "/C=NL/CN=TestGrid CA");
    }

    #[test]
    fn order_types_and_values_count() {
        let utf8 = Asn1Type::UTF8STRING;
        let one = name(&[("O", "a", utf8), ("CN", "b", utf8)]);
        assert_ne!(one, name(&[("CN", "b", utf8), ("O", "a", utf8)]));
        assert_ne!(one, name(&[("O", "a", utf8), ("OU", "b", utf8)]));
        assert_ne!(one, name(&[("O", "a", utf8), ("CN", "c", utf8)]));
        assert_ne!(one, name(&[("O", "a", utf8)]));
        assert!(name(&[]).is_empty());
    }

    #[test]
    fn wide_strings_are_the_same_text() {
        assert_eq!(text(30, b"\0a\0b").as_deref(), Some("ab"));
        assert_eq!(text(28, b"\0\0\0a").as_deref(), Some("a"));
        assert_eq!(text(30, b"\0a\0"), None);
        assert_eq!(text(12, b"\xff"), None);
        assert_eq!(text(20, b"\xe9").as_deref(), Some("\u{e9}"));
    }

    #[test]
    fn a_name_is_shown_as_openssl_shows_it() {
        let odd = name(&[
            ("DC", "example", Asn1Type::IA5STRING),
            ("CN", "host/a+b \u{e9}", Asn1Type::UTF8STRING),
            ("emailAddress", "a@b", Asn1Type::IA5STRING),
        ]);
        assert_eq!(
            odd.line(),
            "/DC=example/CN=host\\/a\\+b \\xC3\\xA9/emailAddress=a@b"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_name_or_not(der: Vec<u8>) {
            let _ = Name::from_der(&der);
        }
    }
}
