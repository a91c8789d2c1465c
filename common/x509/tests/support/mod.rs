//! A small PKI in memory: parties with keys, certificates of every kind, wrong ones too.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::sync::atomic::{AtomicU32, Ordering};

use openssl::asn1::{Asn1Integer, Asn1Object, Asn1OctetString, Asn1Time, Asn1Type};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, KeyUsage};
use openssl::x509::{X509, X509Extension, X509Name, X509NameBuilder};

pub const RFC_OID: &str = "1.3.6.1.5.5.7.1.14";
pub const GT3_OID: &str = "1.3.6.1.4.1.3536.1.222";
/// proxyCertInfo with inheritAll and no path length; the same bytes in the RFC and the draft.
pub const INHERIT_ALL: &[u8] = b"\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x15\x01";
pub const LIMITED: &[u8] = b"\x30\x0f\x30\x0d\x06\x0b\x2b\x06\x01\x04\x01\x9b\x50\x01\x01\x01\x09";

pub const CA: &str = "/C=NL/O=TestGrid/CN=TestGrid CA";
pub const ALICE: &str = "/C=NL/O=TestGrid/OU=Users/CN=Alice Tester";
pub const BOB: &str = "/C=NL/O=TestGrid/OU=Users/CN=Bob Tester";

/// A certificate and its key.
#[derive(Clone)]
pub struct Party {
    pub certificate: X509,
    pub key: PKey<Private>,
}

pub fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("curve");
    PKey::from_ec_key(EcKey::generate(&group).expect("key")).expect("key")
}

/// A name from text such as `/C=NL/CN=Alice`.
pub fn name(text: &str) -> X509Name {
    let mut name = X509NameBuilder::new().expect("name");
    for attribute in text.split('/').skip(1) {
        let (kind, value) = attribute.split_once('=').expect("type=value");
        name.append_entry_by_text(kind, value).expect("attribute");
    }
    name.build()
}

/// What is particular about a certificate.
pub struct Request {
    pub subject: X509Name,
    pub issuer: X509Name,
    pub extensions: Vec<X509Extension>,
    /// First and last day from now.
    pub days: (i64, i64),
    pub digest: MessageDigest,
}

impl Request {
    pub fn new(subject: &str, issuer: &str) -> Self {
        Self {
            subject: name(subject),
            issuer: name(issuer),
            extensions: Vec::new(),
            days: (-1, 10),
            digest: MessageDigest::sha256(),
        }
    }

    pub fn with(mut self, extension: X509Extension) -> Self {
        self.extensions.push(extension);
        self
    }

    /// The certificate for `key`, signed by `signer`.
    pub fn sign(self, key: &PKey<Private>, signer: &PKey<Private>) -> X509 {
        static SERIAL: AtomicU32 = AtomicU32::new(1);
        let serial = BigNum::from_u32(SERIAL.fetch_add(1, Ordering::Relaxed)).expect("serial");
        let day = |day: i64| {
            let now = std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .expect("clock")
                .as_secs();
            let now = i64::try_from(now).expect("clock");
            Asn1Time::from_unix(now + day * 86_400).expect("time")
        };
        let mut builder = X509::builder().expect("builder");
        builder.set_version(2).expect("version");
        builder
            .set_serial_number(&Asn1Integer::from_bn(&serial).expect("serial"))
            .expect("serial");
        builder.set_subject_name(&self.subject).expect("subject");
        builder.set_issuer_name(&self.issuer).expect("issuer");
        builder.set_not_before(&day(self.days.0)).expect("time");
        builder.set_not_after(&day(self.days.1)).expect("time");
        builder.set_pubkey(key).expect("key");
        for extension in self.extensions {
            builder.append_extension(extension).expect("extension");
        }
        builder.sign(signer, self.digest).expect("signature");
        builder.build()
    }
}

pub fn raw_extension(oid: &str, critical: bool, der: &[u8]) -> X509Extension {
    X509Extension::new_from_der(
        &Asn1Object::from_str(oid).expect("oid"),
        critical,
        &Asn1OctetString::new_from_bytes(der).expect("contents"),
    )
    .expect("extension")
}

pub fn ca_mark() -> X509Extension {
    BasicConstraints::new().critical().ca().build().expect("CA")
}

fn user_marks() -> [X509Extension; 2] {
    [
        BasicConstraints::new().critical().build().expect("no CA"),
        KeyUsage::new()
            .critical()
            .digital_signature()
            .build()
            .expect("usage"),
    ]
}

pub fn authority(subject: &str) -> Party {
    let key = key();
    let certificate = Request::new(subject, subject)
        .with(ca_mark())
        .sign(&key, &key);
    Party { certificate, key }
}

impl Party {
    pub fn subject(&self) -> String {
        lc_x509::Certificate::new(self.certificate.clone()).shown_subject()
    }

    /// A CA below this party.
    pub fn issue_authority(&self, subject: &str) -> Party {
        self.issue(Request::new(subject, &self.subject()).with(ca_mark()))
    }

    /// A user's certificate signed by this party, whoever that is.
    pub fn issue_user(&self, subject: &str) -> Party {
        let mut request = Request::new(subject, &self.subject());
        request.extensions.extend(user_marks());
        self.issue(request)
    }

    pub fn issue(&self, request: Request) -> Party {
        let key = key();
        let certificate = request.sign(&key, &self.key);
        Party { certificate, key }
    }

    /// A proxy of this party.
    pub fn delegate(&self, flavour: Flavour) -> Party {
        let (cn, extension) = flavour.marks();
        let subject = format!("{}/CN={cn}", self.subject());
        let mut request = Request::new(&subject, &self.subject());
        request.extensions.extend(extension);
        self.issue(request)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    Gt2,
    Gt2Limited,
    Gt3,
    Gt3Limited,
    Rfc,
    RfcLimited,
}

impl Flavour {
    pub const ALL: [Self; 6] = [
        Self::Gt2,
        Self::Gt2Limited,
        Self::Gt3,
        Self::Gt3Limited,
        Self::Rfc,
        Self::RfcLimited,
    ];

    pub fn marks(self) -> (&'static str, Option<X509Extension>) {
        match self {
            Self::Gt2 => ("proxy", None),
            Self::Gt2Limited => ("limited proxy", None),
            Self::Gt3 => ("17", Some(raw_extension(GT3_OID, true, INHERIT_ALL))),
            Self::Gt3Limited => ("18", Some(raw_extension(GT3_OID, true, LIMITED))),
            Self::Rfc => ("19", Some(raw_extension(RFC_OID, true, INHERIT_ALL))),
            Self::RfcLimited => ("20", Some(raw_extension(RFC_OID, true, LIMITED))),
        }
    }
}

/// One string type for an attribute of a name.
pub fn typed_name(values: &[(&str, &str, Asn1Type)]) -> X509Name {
    let mut name = X509NameBuilder::new().expect("name");
    for (kind, value, string) in values {
        name.append_entry_by_text_with_type(kind, value, *string)
            .expect("attribute");
    }
    name.build()
}

pub fn pem(certificates: &[&X509]) -> Vec<u8> {
    certificates
        .iter()
        .flat_map(|certificate| certificate.to_pem().expect("PEM"))
        .collect()
}

/// All orders of a list.
pub fn permutations<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for at in 0..items.len() {
        let mut rest = items.to_vec();
        let first = rest.remove(at);
        for mut tail in permutations(&rest) {
            tail.insert(0, first.clone());
            all.push(tail);
        }
    }
    all
}
