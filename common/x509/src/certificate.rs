//! One certificate and what kind it is.
#![forbid(unsafe_code)]

use std::ffi::CString;
use std::fmt;

use openssl::x509::{X509, X509Ref};

use crate::dates::Validity;
use crate::error::Error;
use crate::name::NameProblem;
use crate::proxy::Proxy;
use crate::{libcrypto, name, pem, proxy};

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It signs other people's certificates: OpenSSL takes it for a CA of TLS clients.
    Authority,
    /// A person, robot, host or service.
    EndEntity,
    /// It speaks for the end entity above it.
    Proxy(Proxy),
}

/// Why a certificate cannot be told to be of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Irregularity {
    /// OpenSSL cannot read its extensions, or they contradict each other.
    InvalidExtensions,
    /// It has the proxyCertInfo of RFC 3820 and that of the draft.
    BothProxyExtensions,
    /// proxyCertInfo stands in it twice.
    RepeatedProxyExtension,
    /// proxyCertInfo is not marked critical.
    ProxyExtensionNotCritical,
    /// proxyCertInfo is not well formed.
    UnreadableProxyExtension,
    /// It is marked as a CA and as a proxy.
    AuthorityAndProxy,
}

impl fmt::Display for Irregularity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidExtensions => "its extensions are invalid",
            Self::BothProxyExtensions => "it is an RFC 3820 proxy and a GT3 proxy at once",
            Self::RepeatedProxyExtension => "it has more than one proxyCertInfo extension",
            Self::ProxyExtensionNotCritical => "its proxyCertInfo extension is not critical",
            Self::UnreadableProxyExtension => "its proxyCertInfo extension cannot be read",
            Self::AuthorityAndProxy => "it is a CA and a proxy at once",
        })
    }
}

/// A certificate with its kind, told once.
#[derive(Clone)]
pub struct Certificate {
    x509: X509,
    kind: Result<Kind, Irregularity>,
}

impl Certificate {
    /// Takes a certificate and tells its kind.
    #[must_use]
    pub fn new(x509: X509) -> Self {
        let kind = classify(&x509);
        Self { x509, kind }
    }

    /// Decodes one DER certificate that fills the whole slice.
    ///
    /// # Errors
    /// It is none; OpenSSL's words.
    pub fn from_der(der: &[u8]) -> Result<Self, String> {
        libcrypto::decode(der).map(Self::new)
    }

    /// Reads all certificates of a PEM text, which may hold none.
    ///
    /// # Errors
    /// The text or a certificate in it is damaged, or there is too much of it.
    pub fn all_from_pem(text: &[u8]) -> Result<Vec<Self>, Error> {
        Ok(pem::certificates(text)?
            .into_iter()
            .map(Self::new)
            .collect())
    }

    /// What it is for, by its own contents. Nothing about its issuer is checked.
    ///
    /// # Errors
    /// Its marks contradict each other, or cannot be read.
    pub fn kind(&self) -> Result<Kind, Irregularity> {
        self.kind
    }

    /// The OpenSSL object.
    #[must_use]
    pub fn x509(&self) -> &X509Ref {
        &self.x509
    }

    /// The subject as `X509_NAME_oneline` writes it, whole: what files of DNs are compared with.
    ///
    /// # Errors
    /// The name cannot be anybody's identity.
    pub fn subject(&self) -> Result<CString, NameProblem> {
        name::identity(self.x509.subject_name())
    }

    /// The issuer's name, like [`subject`](Self::subject).
    ///
    /// # Errors
    /// The name cannot be anybody's identity.
    pub fn issuer(&self) -> Result<CString, NameProblem> {
        name::identity(self.x509.issuer_name())
    }

    /// What is inside its extensions of one type, given by the contents octets of its object
    /// identifier, in order.
    pub fn extensions<'a>(&'a self, oid: &[u8]) -> impl Iterator<Item = &'a [u8]> {
        libcrypto::extensions(&self.x509)
            .into_iter()
            .filter(move |extension| extension.oid == oid)
            .map(|extension| extension.value)
    }

    /// From when to when it is valid, if its dates can be read.
    #[must_use]
    pub fn validity(&self) -> Option<Validity> {
        Some(Validity {
            not_before: libcrypto::seconds(self.x509.not_before())?,
            not_after: libcrypto::seconds(self.x509.not_after())?,
        })
    }

    /// The subject as text for messages: one line of printable ASCII, cut when it is very long.
    #[must_use]
    pub fn shown_subject(&self) -> String {
        name::shown(self.x509.subject_name())
    }

    /// The issuer's name as text for messages.
    #[must_use]
    pub fn shown_issuer(&self) -> String {
        name::shown(self.x509.issuer_name())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.shown_subject())
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

fn classify(x509: &X509Ref) -> Result<Kind, Irregularity> {
    let authority = libcrypto::is_authority(x509).ok_or(Irregularity::InvalidExtensions)?;
    match (authority, proxy::read(x509)?) {
        (true, Some(proxy)) if proxy.flavour != proxy::Flavour::Gt2 => {
            Err(Irregularity::AuthorityAndProxy)
        }
        (true, _) => Ok(Kind::Authority),
        (false, Some(proxy)) => Ok(Kind::Proxy(proxy)),
        (false, None) => Ok(Kind::EndEntity),
    }
}
