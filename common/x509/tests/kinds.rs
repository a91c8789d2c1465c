//! Each kind of certificate is told by its contents, and contradictions are noticed.

mod support;

use lc_x509::{Certificate, Irregularity, Kind, Language};
use openssl::asn1::Asn1Type;
use openssl::x509::X509;
use openssl::x509::extension::{ExtendedKeyUsage, KeyUsage};
use support::{
    ALICE, CA, Flavour, GT3_OID, INHERIT_ALL, LIMITED, RFC_OID, Request, authority, ca_mark, key,
    raw_extension, typed_name,
};

fn kind(certificate: &X509) -> Result<Kind, Irregularity> {
    Certificate::new(certificate.clone()).kind()
}

fn made(request: Request) -> Result<Kind, Irregularity> {
    let key = key();
    kind(&request.sign(&key, &key))
}

#[test]
fn proxies_are_told_by_flavour_and_limit() {
    let alice = authority(CA).issue_user(ALICE);
    for flavour in Flavour::ALL {
        let Ok(Kind::Proxy(proxy)) = kind(&alice.delegate(flavour).certificate) else {
            panic!("{flavour:?} is not taken for a proxy");
        };
        let (expected, limited) = match flavour {
            Flavour::Gt2 => (lc_x509::Flavour::Gt2, false),
            Flavour::Gt2Limited => (lc_x509::Flavour::Gt2, true),
            Flavour::Gt3 => (lc_x509::Flavour::Gt3, false),
            Flavour::Gt3Limited => (lc_x509::Flavour::Gt3, true),
            Flavour::Rfc => (lc_x509::Flavour::Rfc3820, false),
            Flavour::RfcLimited => (lc_x509::Flavour::Rfc3820, true),
        };
        assert_eq!((proxy.flavour, proxy.is_limited()), (expected, limited));
        assert_eq!(proxy.path_length, None);
    }
}

#[test]
fn a_globus_2_proxy_is_the_issuers_name_and_one_cn() {
    let named = |subject: &str, issuer: &str| {
        matches!(made(Request::new(subject, issuer)), Ok(Kind::Proxy(_)))
    };
    assert!(named("/O=G/CN=a/CN=proxy", "/O=G/CN=a"));
    assert!(named("/O=G/CN=a/CN=PROXY", "/O=G/CN=a"));
    assert!(named("/O=G/CN=a/CN=Limited Proxy", "/O=G/CN=a"));
    assert!(!named("/O=G/CN=a/CN=proxies", "/O=G/CN=a"));
    assert!(!named("/O=G/CN=a/OU=proxy", "/O=G/CN=a"));
    assert!(!named("/O=G/CN=a/CN=proxy", "/O=G/CN=b"));
    assert!(!named("/O=G/CN=a/CN=x/CN=proxy", "/O=G/CN=a"));
    assert!(!named("/CN=proxy", "/CN=proxy"));
}

#[test]
fn a_cn_that_shares_its_rdn_makes_no_proxy() {
    use openssl::x509::X509Name;
    // SET { OU=x, CN=proxy } below SET { OU=x }: one RDN of two attributes.
    let der = b"\x30\x1a\x31\x18\x30\x08\x06\x03\x55\x04\x0b\x0c\x01x\
                \x30\x0c\x06\x03\x55\x04\x03\x0c\x05proxy";
    let mut request = Request::new("/CN=replaced", "/OU=x");
    request.subject = X509Name::from_der(der).expect("name");
    assert_eq!(made(request), Ok(Kind::EndEntity));
}

#[test]
fn authorities_are_those_that_openssl_takes_for_cas_of_clients() {
    let name = || Request::new(CA, CA);
    assert_eq!(made(name().with(ca_mark())), Ok(Kind::Authority));
    let usage = || KeyUsage::new().key_cert_sign().build().expect("usage");
    assert_eq!(made(name().with(usage())), Ok(Kind::Authority), "old style");
    assert_eq!(made(name()), Ok(Kind::EndEntity));
    let servers = ExtendedKeyUsage::new()
        .server_auth()
        .build()
        .expect("usage");
    assert_eq!(
        made(name().with(ca_mark()).with(servers)),
        Ok(Kind::EndEntity),
        "a CA of servers only"
    );
}

#[test]
fn contradictions_are_irregular() {
    let name = || Request::new("/CN=a/CN=1", "/CN=a");
    let rfc = |critical, der: &[u8]| raw_extension(RFC_OID, critical, der);
    let gt3 = |der: &[u8]| raw_extension(GT3_OID, true, der);
    assert_eq!(
        made(name().with(rfc(true, INHERIT_ALL)).with(gt3(INHERIT_ALL))),
        Err(Irregularity::BothProxyExtensions)
    );
    assert_eq!(
        made(name().with(gt3(INHERIT_ALL)).with(gt3(LIMITED))),
        Err(Irregularity::RepeatedProxyExtension)
    );
    assert_eq!(
        made(name().with(rfc(false, INHERIT_ALL))),
        Err(Irregularity::ProxyExtensionNotCritical)
    );
    assert_eq!(
        made(name().with(gt3(b"\x30\x00"))),
        Err(Irregularity::UnreadableProxyExtension)
    );
    assert_eq!(
        made(name().with(gt3(INHERIT_ALL)).with(ca_mark())),
        Err(Irregularity::AuthorityAndProxy)
    );
    // OpenSSL itself knows the RFC's extension.
    for invalid in [
        name().with(rfc(true, INHERIT_ALL)).with(ca_mark()),
        name().with(rfc(true, b"\x30\x00")),
        name().with(rfc(true, INHERIT_ALL)).with(rfc(true, LIMITED)),
    ] {
        assert_eq!(made(invalid), Err(Irregularity::InvalidExtensions));
    }
}

#[test]
fn path_length_and_language_are_read_from_both_extensions() {
    let rfc = b"\x30\x0f\x02\x01\x05\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x15\x02";
    let gt3 = b"\x30\x11\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x15\x02\xa1\x03\x02\x01\x05";
    for (oid, der) in [
        (RFC_OID, &rfc[..]),
        (GT3_OID, &gt3[..]),
        (GT3_OID, &rfc[..]),
    ] {
        let made = made(Request::new("/CN=a/CN=1", "/CN=a").with(raw_extension(oid, true, der)));
        let Ok(Kind::Proxy(proxy)) = made else {
            panic!("{oid}: {made:?}");
        };
        assert_eq!(proxy.path_length, Some(5));
        assert_eq!(proxy.language, Language::Independent);
    }
}

#[test]
fn the_string_type_of_the_last_cn_does_not_matter_within_ascii() {
    for string in [
        Asn1Type::PRINTABLESTRING,
        Asn1Type::UTF8STRING,
        Asn1Type::T61STRING,
    ] {
        let mut request = Request::new("/CN=replaced", "/CN=a");
        request.subject = typed_name(&[("CN", "a", Asn1Type::UTF8STRING), ("CN", "proxy", string)]);
        assert!(matches!(made(request), Ok(Kind::Proxy(_))));
    }
}
