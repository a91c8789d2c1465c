//! Proxies: which kind, which rights, how many more below.
#![forbid(unsafe_code)]

use std::fmt;

use crate::certificate::Irregularity;
use crate::der::{CONTEXT_1, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE, unsigned};
use crate::libcrypto::{self, Extension};
use openssl::nid::Nid;
use openssl::x509::X509Ref;

/// proxyCertInfo of RFC 3820, 1.3.6.1.5.5.7.1.14.
const PROXY_CERT_INFO: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x0e];
/// proxyCertInfo of the draft that Globus 3 used, 1.3.6.1.4.1.3536.1.222.
pub(crate) const DRAFT_PROXY_CERT_INFO: &[u8] =
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x9b, 0x50, 0x01, 0x81, 0x5e];
/// id-ppl-anyLanguage, 1.3.6.1.5.5.7.21.0.
const ANY_LANGUAGE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x15, 0x00];
/// id-ppl-inheritAll, 1.3.6.1.5.5.7.21.1.
const INHERIT_ALL: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x15, 0x01];
/// id-ppl-independent, 1.3.6.1.5.5.7.21.2.
const INDEPENDENT: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x15, 0x02];
/// The limited proxy of Globus, 1.3.6.1.4.1.3536.1.1.1.9.
const LIMITED: &[u8] = &[
    0x2b, 0x06, 0x01, 0x04, 0x01, 0x9b, 0x50, 0x01, 0x01, 0x01, 0x09,
];

/// How a proxy is marked as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// Globus 2: by its name, the issuer's and `CN=proxy` or `CN=limited proxy`.
    Gt2,
    /// Globus 3: by the extension of the draft of RFC 3820.
    Gt3,
    /// By the extension of RFC 3820.
    Rfc3820,
}

impl fmt::Display for Flavour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gt2 => "GT2",
            Self::Gt3 => "GT3",
            Self::Rfc3820 => "RFC 3820",
        })
    }
}

/// What a proxy may do with the identity of its end entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Everything.
    InheritAll,
    /// Nothing of it; it stands for itself.
    Independent,
    /// Everything but starting jobs.
    Limited,
    /// What the policy text says, in any language.
    Any,
    /// What the policy text says, in a language that is not known here.
    Other,
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InheritAll => "impersonation",
            Self::Independent => "independent",
            Self::Limited => "limited",
            Self::Any => "any language",
            Self::Other => "restricted",
        })
    }
}

/// What makes a certificate a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proxy {
    /// How it is marked.
    pub flavour: Flavour,
    /// What it may do.
    pub language: Language,
    /// How many proxies may follow below; without a limit when `None`.
    pub path_length: Option<u32>,
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} proxy", self.flavour, self.language)
    }
}

impl Proxy {
    /// Whether this is a limited proxy.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.language == Language::Limited
    }
}

/// The proxy that this certificate is; `None` when it is none.
pub(crate) fn read(certificate: &X509Ref) -> Result<Option<Proxy>, Irregularity> {
    let extensions = libcrypto::extensions(certificate);
    let rfc = single(&extensions, PROXY_CERT_INFO)?;
    let draft = single(&extensions, DRAFT_PROXY_CERT_INFO)?;
    match (rfc, draft) {
        (Some(_), Some(_)) => Err(Irregularity::BothProxyExtensions),
        (Some(extension), None) if !extension.critical => {
            Err(Irregularity::ProxyExtensionNotCritical)
        }
        (Some(extension), None) => read_rfc(extension.value)
            .map(Some)
            .ok_or(Irregularity::UnreadableProxyExtension),
        (None, Some(extension)) => read_draft(extension.value)
            .map(Some)
            .ok_or(Irregularity::UnreadableProxyExtension),
        (None, None) => Ok(read_name(certificate)),
    }
}

fn single<'a, 'b>(
    extensions: &'b [Extension<'a>],
    oid: &[u8],
) -> Result<Option<&'b Extension<'a>>, Irregularity> {
    let mut found = extensions.iter().filter(|extension| extension.oid == oid);
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(Irregularity::RepeatedProxyExtension),
        (first, None) => Ok(first),
    }
}

/// `SEQUENCE { pathLength INTEGER OPTIONAL, policy }`
fn read_rfc(der: &[u8]) -> Option<Proxy> {
    let mut info = enter_all(der)?;
    let path_length = match info.take(INTEGER) {
        Some(contents) => Some(unsigned(contents)?),
        None => None,
    };
    let language = read_policy(&mut info)?;
    info.is_empty().then_some(Proxy {
        flavour: Flavour::Rfc3820,
        language,
        path_length,
    })
}

/// `SEQUENCE { policy, pathLength [1] EXPLICIT INTEGER OPTIONAL }`; some tools wrote the order of
/// the RFC under the identifier of the draft, which is read as well.
fn read_draft(der: &[u8]) -> Option<Proxy> {
    let mut info = enter_all(der)?;
    let Some(language) = read_policy(&mut info) else {
        return read_rfc(der).map(|proxy| Proxy {
            flavour: Flavour::Gt3,
            ..proxy
        });
    };
    let path_length = match info.enter(CONTEXT_1) {
        Some(mut tagged) => {
            let length = unsigned(tagged.take(INTEGER)?)?;
            if !tagged.is_empty() {
                return None;
            }
            Some(length)
        }
        None => None,
    };
    info.is_empty().then_some(Proxy {
        flavour: Flavour::Gt3,
        language,
        path_length,
    })
}

fn enter_all(der: &[u8]) -> Option<Reader<'_>> {
    let mut reader = Reader::new(der);
    let inside = reader.enter(SEQUENCE)?;
    reader.is_empty().then_some(inside)
}

/// `SEQUENCE { language OBJECT IDENTIFIER, text OCTET STRING OPTIONAL }`
fn read_policy(info: &mut Reader<'_>) -> Option<Language> {
    let mut policy = info.enter(SEQUENCE)?;
    let language = match policy.take(OBJECT_IDENTIFIER)? {
        ANY_LANGUAGE => Language::Any,
        INHERIT_ALL => Language::InheritAll,
        INDEPENDENT => Language::Independent,
        LIMITED => Language::Limited,
        _ => Language::Other,
    };
    let _text = policy.take(OCTET_STRING);
    policy.is_empty().then_some(language)
}

/// A Globus 2 proxy: the issuer's name and one `CN` of a fixed text.
fn read_name(certificate: &X509Ref) -> Option<Proxy> {
    let subject = certificate.subject_name();
    let attributes = libcrypto::attributes(subject);
    let last = attributes.last()?;
    if last.nid != Nid::COMMONNAME.as_raw() {
        return None;
    }
    let language = if last.value.eq_ignore_ascii_case(b"proxy") {
        Language::InheritAll
    } else if last.value.eq_ignore_ascii_case(b"limited proxy") {
        Language::Limited
    } else {
        return None;
    };
    libcrypto::extends_by_one(subject, certificate.issuer_name()).then_some(Proxy {
        flavour: Flavour::Gt2,
        language,
        path_length: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sequence(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let contents = parts.concat();
        let mut text = vec![tag, u8::try_from(contents.len()).expect("short")];
        text.extend(contents);
        text
    }

    fn policy(oid: &[u8]) -> Vec<u8> {
        sequence(SEQUENCE, &[&sequence(OBJECT_IDENTIFIER, &[oid])])
    }

    #[test]
    fn the_rfc_order_has_the_path_length_first() {
        let text = sequence(SEQUENCE, &[&[2, 1, 3], &policy(LIMITED)]);
        assert_eq!(
            read_rfc(&text),
            Some(Proxy {
                flavour: Flavour::Rfc3820,
                language: Language::Limited,
                path_length: Some(3)
            })
        );
    }

    #[test]
    fn the_draft_is_read_in_both_orders() {
        let own = sequence(SEQUENCE, &[&policy(INHERIT_ALL), &[0xa1, 3, 2, 1, 4]]);
        let of_rfc = sequence(SEQUENCE, &[&[2, 1, 4], &policy(INHERIT_ALL)]);
        let expected = Some(Proxy {
            flavour: Flavour::Gt3,
            language: Language::InheritAll,
            path_length: Some(4),
        });
        assert_eq!(read_draft(&own), expected);
        assert_eq!(read_draft(&of_rfc), expected);
    }

    #[test]
    fn every_language_is_told_apart() {
        let expected = [
            (ANY_LANGUAGE, Language::Any),
            (INHERIT_ALL, Language::InheritAll),
            (INDEPENDENT, Language::Independent),
            (LIMITED, Language::Limited),
            (&[0x2a, 0x03][..], Language::Other),
        ];
        for (oid, language) in expected {
            let text = sequence(SEQUENCE, &[&policy(oid)]);
            assert_eq!(read_rfc(&text).map(|proxy| proxy.language), Some(language));
        }
    }

    #[test]
    fn left_over_bytes_and_negative_lengths_are_refused() {
        let good = sequence(SEQUENCE, &[&policy(INHERIT_ALL)]);
        let mut longer = good.clone();
        longer.push(0);
        assert_eq!(read_rfc(&longer), None);
        let inside = sequence(SEQUENCE, &[&policy(INHERIT_ALL), &[5, 0]]);
        assert_eq!(read_rfc(&inside), None);
        assert_eq!(read_draft(&inside), None);
        let negative = sequence(SEQUENCE, &[&[2, 1, 0xff], &policy(INHERIT_ALL)]);
        assert_eq!(read_rfc(&negative), None);
        assert_eq!(read_rfc(&[]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(text: Vec<u8>) {
            let _ = read_rfc(&text);
            let _ = read_draft(&text);
        }

        #[test]
        fn a_damaged_extension_never_panics(
            at in 0_usize..64, value: u8, cut in 0_usize..64
        ) {
            let mut text = sequence(SEQUENCE, &[&[2, 1, 3], &policy(LIMITED)]);
            let length = text.len();
            text[at % length] = value;
            text.truncate(length - cut % length);
            let _ = read_rfc(&text);
            let _ = read_draft(&text);
        }
    }
}
