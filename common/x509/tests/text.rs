//! DNs are byte for byte what OpenSSL's one-line format has always been.

mod support;

use lc_x509::{Chain, Error, NameProblem};
use openssl::asn1::Asn1Type;
use openssl::x509::X509Name;
use proptest::prelude::*;
use support::{Request, key, name, typed_name};

/// The DN of a certificate with this subject.
fn dn(subject: X509Name) -> Result<String, NameProblem> {
    let key = key();
    let mut request = Request::new("/CN=replaced", "/CN=issuer");
    request.subject = subject;
    match Chain::from_certificates([request.sign(&key, &key)]) {
        Ok(chain) => Ok(chain.dn().to_str().expect("ASCII").to_owned()),
        Err(Error::UnusableName { problem, .. }) => Err(problem),
        Err(other) => panic!("{other}"),
    }
}

fn common_name(value: &str) -> X509Name {
    typed_name(&[("CN", value, Asn1Type::UTF8STRING)])
}

/// `CN` with a string of any tag.
fn raw_common_name(tag: u8, value: &[u8]) -> X509Name {
    let wrap = |tag: u8, contents: &[u8]| {
        let length = u8::try_from(contents.len()).expect("short");
        [&[tag, length], contents].concat()
    };
    let attribute = [b"\x06\x03\x55\x04\x03".to_vec(), wrap(tag, value)].concat();
    X509Name::from_der(&wrap(0x30, &wrap(0x31, &wrap(0x30, &attribute)))).expect("name")
}

/// From this release on OpenSSL puts a backslash before `/` and `+`.
fn escapes_separators() -> bool {
    openssl::version::number() >= 0x3000_0000
}

#[test]
fn known_attributes_have_their_short_names() {
    let text = "/C=NL/DC=org/O=Grid/OU=Users/CN=Jo/emailAddress=jo@example.org/UID=jo";
    assert_eq!(dn(name(text)), Ok(text.to_owned()));
}

#[test]
fn an_unknown_attribute_has_its_number() {
    // SEQUENCE { SET { SEQUENCE { OID 1.2.3.4.5, UTF8String "x" } } }
    let der = b"\x30\x0d\x31\x0b\x30\x09\x06\x04\x2a\x03\x04\x05\x0c\x01x";
    assert_eq!(
        dn(X509Name::from_der(der).expect("name")),
        Ok("/1.2.3.4.5=x".to_owned())
    );
}

#[test]
fn what_is_not_printable_ascii_is_escaped_in_capitals() {
    let utf8 = |value| dn(common_name(value));
    assert_eq!(utf8("Jos\u{e9}"), Ok(r"/CN=Jos\xC3\xA9".to_owned()));
    assert_eq!(utf8("a\nb\tc\u{7f}"), Ok(r"/CN=a\x0Ab\x09c\x7F".to_owned()));
    assert_eq!(
        utf8(r"a\xC3"),
        Ok(r"/CN=a\xC3".to_owned()),
        "no escape of the escape"
    );
}

#[test]
fn separators_inside_a_value_are_written_as_this_openssl_does() {
    let expected = if escapes_separators() {
        r"/CN=host\/x\+y"
    } else {
        "/CN=host/x+y"
    };
    assert_eq!(dn(common_name("host/x+y")), Ok(expected.to_owned()));
}

#[test]
fn wide_strings_are_written_byte_by_byte() {
    assert_eq!(
        dn(raw_common_name(30, b"\0A\0l")),
        Ok(r"/CN=\x00A\x00l".to_owned())
    );
    assert_eq!(
        dn(raw_common_name(28, b"\0\0\0A")),
        Ok(r"/CN=\x00\x00\x00A".to_owned())
    );
}

#[test]
fn a_nul_character_in_a_name_refuses_it() {
    for value in [&b"Alice\0Mallory"[..], b"Alice\0", b"\0"] {
        for tag in [12, 19, 20, 22] {
            assert_eq!(dn(raw_common_name(tag, value)), Err(NameProblem::Nul));
        }
    }
    assert_eq!(
        dn(raw_common_name(30, b"\0A\0\0\0B")),
        Err(NameProblem::Nul)
    );
    assert_eq!(
        dn(raw_common_name(28, b"\0\0\0A\0\0\0\0")),
        Err(NameProblem::Nul)
    );
}

#[test]
fn an_empty_subject_is_nobody() {
    assert_eq!(dn(name("")), Err(NameProblem::Empty));
}

#[test]
fn long_subjects_are_whole_in_the_dn_and_cut_in_messages() {
    let long = "x".repeat(60);
    let subject: String = (0..50).map(|_| format!("/OU={long}")).collect();
    assert_eq!(dn(name(&subject)), Ok(subject.clone()));
    let key = key();
    let mut request = Request::new(&subject, "/CN=issuer");
    request.extensions.push(support::ca_mark());
    let error = Chain::from_certificates([request.sign(&key, &key)]).expect_err("a CA");
    assert!(error.to_string().len() < 400);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_value_is_escaped_by_one_rule(value in "[^\\x00]{1,60}") {
        let mut expected = "/CN=".to_owned();
        for &byte in value.as_bytes() {
            match byte {
                b'/' | b'+' if escapes_separators() => {
                    expected.push('\\');
                    expected.push(byte as char);
                }
                b' '..=b'~' => expected.push(byte as char),
                _ => expected.push_str(&format!("\\x{byte:02X}")),
            }
        }
        prop_assert_eq!(dn(common_name(&value)), Ok(expected));
    }
}
