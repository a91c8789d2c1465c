//! Why an input yields no identity, and why certificates were left out.
#![forbid(unsafe_code)]

use std::fmt;

use crate::certificate::Irregularity;
use crate::name::NameProblem;
use crate::{MAX_CERTIFICATES, MAX_PEM_BYTES, MAX_SIGNATURE_CHECKS};

/// Why no identity can be had from an input.
///
/// Certificates are numbered from 1 in the order of the input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The PEM text is longer than [`MAX_PEM_BYTES`].
    #[error("the PEM text has {0} bytes; at most {MAX_PEM_BYTES} are read")]
    TextTooLong(usize),
    /// More than [`MAX_CERTIFICATES`] certificates.
    #[error("the input holds more than {MAX_CERTIFICATES} certificates")]
    TooManyCertificates,
    /// There is no certificate at all.
    #[error("the input holds no certificate")]
    NoCertificate,
    /// A line of the PEM text is not what it should be.
    #[error("line {line} of the PEM text: {problem}")]
    Pem {
        /// Line number, from 1.
        line: usize,
        /// What is wrong.
        problem: PemProblem,
    },
    /// A certificate is no certificate.
    #[error("certificate {number} cannot be decoded: {reason}")]
    Undecodable {
        /// Which one.
        number: usize,
        /// OpenSSL's words.
        reason: String,
    },
    /// A stack has a NULL entry.
    #[error("certificate {0} of the stack is NULL")]
    NullEntry(usize),
    /// The first certificate is a CA: nobody acts as a CA.
    #[error("the first certificate is a CA, not a user's: {subject}")]
    LeafIsAuthority {
        /// Its subject.
        subject: String,
    },
    /// A certificate of the chain is of no clear kind.
    #[error("{subject}: {irregularity}")]
    Irregular {
        /// Its subject.
        subject: String,
        /// Why.
        irregularity: Irregularity,
    },
    /// The issuer of a proxy is not in the input.
    #[error(
        "the issuer of the proxy {proxy} is not in the input: no certificate of {issuer}; \
         the whole chain up to the user's own certificate is needed"
    )]
    IssuerMissing {
        /// The proxy's subject.
        proxy: String,
        /// The name of its issuer.
        issuer: String,
    },
    /// Certificates of the issuer's name are in the input, but their keys did not sign.
    #[error("{subject} was not signed by {issuer}: {reason}")]
    NotSigned {
        /// The subject of the certificate.
        subject: String,
        /// The name of its alleged issuer.
        issuer: String,
        /// Why.
        reason: String,
    },
    /// A proxy was issued by a CA.
    #[error("the proxy {proxy} was issued by a CA, {issuer}; only users issue proxies")]
    ProxyOfAuthority {
        /// The proxy's subject.
        proxy: String,
        /// Its issuer.
        issuer: String,
    },
    /// A user or another proxy issued a certificate that is no proxy.
    #[error("{subject} is not a proxy, but was issued by {issuer}, which is not a CA")]
    IssuedByNonAuthority {
        /// Its subject.
        subject: String,
        /// Its issuer.
        issuer: String,
    },
    /// More than [`MAX_SIGNATURE_CHECKS`] signatures would have to be checked.
    #[error(
        "following the chain takes more than {MAX_SIGNATURE_CHECKS} signature checks; \
         too many certificates have the same subject"
    )]
    TooManySignatures,
    /// The end entity's name cannot be a DN.
    #[error("{subject}: {problem}")]
    UnusableName {
        /// The subject, as far as it can be shown.
        subject: String,
        /// Why.
        problem: NameProblem,
    },
    /// OpenSSL had no memory.
    #[error("out of memory")]
    OutOfMemory,
}

/// What is wrong with a line of PEM text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemProblem {
    /// The text ends inside a certificate.
    Unterminated,
    /// A certificate's block ends with another label.
    WrongEnd,
    /// Neither base64 nor white space.
    NotBase64,
    /// The base64 text has a wrong length or misplaced `=`.
    BadPadding,
    /// `TRUSTED CERTIFICATE`, OpenSSL's own format with trust settings.
    Trusted,
    /// A block begins on the line on which another one ends.
    JoinedLines,
    /// A BEGIN where other readers may see one.
    UnclearBegin,
    /// An empty line inside a certificate.
    EmptyLine,
}

impl fmt::Display for PemProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unterminated => "a block begins here and does not end",
            Self::WrongEnd => "a block must end with -----END and its own label",
            Self::NotBase64 => "not base64 text",
            Self::BadPadding => "the base64 text up to here is incomplete",
            Self::Trusted => {
                "TRUSTED CERTIFICATE is not read; convert it with 'openssl x509 -in OLD -out NEW'"
            }
            Self::UnclearBegin => {
                "-----BEGIN must stand at the start of a line of its own, with nothing before or behind \
                 the marker; remove other bytes (a byte order mark, for example)"
            }
            Self::EmptyLine => "a certificate must not have empty lines",
            Self::JoinedLines => {
                "a certificate begins on the line where another block ends; \
                 a line break is missing between two joined files"
            }
        })
    }
}

/// A certificate of the input that is not handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its position in the input, from 1.
    pub number: usize,
    /// Its subject.
    pub subject: String,
    /// Why it is left out.
    pub reason: LeftOutReason,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "certificate {} is left out, {}: {}",
            self.number, self.reason, self.subject
        )
    }
}

/// Why a certificate is not handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOutReason {
    /// The same certificate stands before it.
    Duplicate {
        /// Where, from 1.
        of: usize,
    },
    /// It has the name of an issuer of the chain, but its key did not make the signature.
    OtherKey,
    /// Another certificate for the same name and key is used, one that has not expired if possible.
    SameKey,
    /// It is not on the way from the first certificate to its CA.
    Unrelated,
    /// It is of no clear kind.
    Irregular(Irregularity),
}

impl fmt::Display for LeftOutReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { of } => write!(f, "it is the same as certificate {of}"),
            Self::OtherKey => {
                f.write_str("it has the name of an issuer of the chain, but another key")
            }
            Self::SameKey => f.write_str("another certificate for the same name and key is used"),
            Self::Unrelated => {
                f.write_str("it is no CA and did not issue any certificate of the chain")
            }
            Self::Irregular(irregularity) => irregularity.fmt(f),
        }
    }
}
