//! What a verification says.
#![forbid(unsafe_code)]

use std::fmt;
use std::path::PathBuf;

use crate::certificate::Certificate;
use crate::dates::ShownTime;
use crate::proxy::Flavour;

/// A chain that was verified, up to the root that is trusted.
#[derive(Debug)]
#[must_use]
pub struct Verified {
    pub(crate) path: Vec<Certificate>,
    pub(crate) end_entity: usize,
    pub(crate) warnings: Vec<Warning>,
}

impl Verified {
    /// The leaf, the proxies above it, the end entity, its CAs, the trusted root at the end.
    #[must_use]
    pub fn path(&self) -> &[Certificate] {
        &self.path
    }

    /// The certificate that the leaf speaks for.
    #[must_use]
    pub fn end_entity(&self) -> &Certificate {
        &self.path[self.end_entity]
    }

    /// The proxies, that of level 0 first.
    pub fn proxies(&self) -> impl Iterator<Item = &Certificate> {
        self.path[..self.end_entity].iter().rev()
    }

    /// The CAs, that of the end entity first; the trusted root is the last one.
    #[must_use]
    pub fn authorities(&self) -> &[Certificate] {
        &self.path[self.end_entity + 1..]
    }

    /// What is no reason to refuse the chain.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// Something about an accepted chain that an administrator may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// There is no CRL of a CA.
    NoCrl {
        /// The CA.
        issuer: String,
        /// Where it would be.
        file: PathBuf,
    },
    /// A signature uses a digest that is no longer safe.
    OldDigest {
        /// The certificate.
        subject: String,
        /// The algorithm.
        algorithm: String,
    },
    /// An RSA key is short.
    ShortKey {
        /// The certificate.
        subject: String,
        /// Its length.
        bits: u32,
        /// What it should have at least.
        least: u32,
    },
    /// A proxy has a policy in a language that nobody here reads.
    Restricted {
        /// Its level.
        level: usize,
        /// Its subject.
        subject: String,
    },
    /// A GT2 proxy has another serial number than its issuer.
    OtherSerial {
        /// Its level.
        level: usize,
        /// Its subject.
        subject: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCrl { issuer, file } => write!(
                f,
                "no CRL of {issuer}: there is no {}, and it cannot be told what is revoked",
                file.display()
            ),
            Self::OldDigest { subject, algorithm } => {
                write!(
                    f,
                    "signed with {algorithm}, which is no longer safe: {subject}"
                )
            }
            Self::ShortKey {
                subject,
                bits,
                least,
            } => write!(
                f,
                "the RSA key has {bits} bits, fewer than {least}: {subject}"
            ),
            Self::Restricted { level, subject } => write!(
                f,
                "proxy level {level} is restricted by a policy that is not looked at: {subject}"
            ),
            Self::OtherSerial { level, subject } => write!(
                f,
                "proxy level {level} has another serial number than its issuer: {subject}"
            ),
        }
    }
}

/// Why a chain is not to be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// No trusted CA issued the certificate.
    #[error("the CA of {subject} is not trusted: no {issuer} in {folder}{hint}", folder = folder.display())]
    UnknownAuthority {
        /// The last certificate of the chain that could be built.
        subject: String,
        /// The name of its issuer.
        issuer: String,
        /// The trust folder.
        folder: PathBuf,
        /// What is there instead, and what to do.
        hint: String,
    },
    /// A certificate is not valid yet.
    #[error("not valid before {}, and the time of verification is {}: {subject}", ShownTime(*from), ShownTime(*time))]
    NotYetValid {
        /// Its subject.
        subject: String,
        /// From when, in seconds since 1970.
        from: i64,
        /// When it is looked at.
        time: i64,
    },
    /// A certificate has expired.
    #[error("expired at {}, and the time of verification is {}: {subject}", ShownTime(*since), ShownTime(*time))]
    Expired {
        /// Its subject.
        subject: String,
        /// Its last second since 1970.
        since: i64,
        /// When it is looked at.
        time: i64,
    },
    /// The dates of a certificate are malformed.
    #[error("its dates cannot be read: {subject}")]
    UnreadableDates {
        /// Its subject.
        subject: String,
    },
    /// A certificate is revoked.
    #[error("revoked by {issuer}: {subject}")]
    Revoked {
        /// Its subject.
        subject: String,
        /// Its CA.
        issuer: String,
    },
    /// The CRL of a CA is out of date.
    #[error("the CRL of {issuer} in {folder} {problem}; does fetch-crl run?", folder = folder.display())]
    StaleCrl {
        /// The CA.
        issuer: String,
        /// The trust folder.
        folder: PathBuf,
        /// What is wrong with its dates.
        problem: &'static str,
    },
    /// There is no CRL of a CA, and there must be one.
    #[error("no CRL of {issuer}: there is no {file}, and one is required", file = file.display())]
    NoCrl {
        /// The CA.
        issuer: String,
        /// Where it would be.
        file: PathBuf,
    },
    /// A CRL is there, but it is of no use.
    #[error("the CRL of {issuer} is of no use: {reason}")]
    UnusableCrl {
        /// The CA.
        issuer: String,
        /// Which file, and why.
        reason: String,
    },
    /// OpenSSL refuses the path from the end entity to the root for another reason.
    #[error("{reason}: {subject}")]
    Path {
        /// The certificate.
        subject: String,
        /// OpenSSL's words.
        reason: String,
    },
    /// Something that is no CA stands where only a CA may.
    #[error("{subject} stands where only a CA may, but is none")]
    WrongPlace {
        /// Its subject.
        subject: String,
    },
    /// A certificate is signed in a way that is known to be unsafe, or not known at all.
    #[error("signed with {algorithm}, which is not accepted: {subject}")]
    Signature {
        /// Its subject.
        subject: String,
        /// The algorithm.
        algorithm: String,
    },
    /// A critical extension means nothing here.
    #[error("the critical extension {oid} is not known: {subject}")]
    UnknownExtension {
        /// Its subject.
        subject: String,
        /// The object identifier.
        oid: String,
    },
    /// Name constraints of a CA exclude a proxy.
    #[error("the name constraints of {authority} exclude {subject}")]
    NameConstraints {
        /// The proxy.
        subject: String,
        /// The CA.
        authority: String,
    },
    /// Proxies of two kinds in one chain.
    #[error("proxy level {level} is of kind {flavour} below one of kind {above}: {subject}")]
    MixedProxies {
        /// Its level.
        level: usize,
        /// Its subject.
        subject: String,
        /// Its kind.
        flavour: Flavour,
        /// The kind of those above.
        above: Flavour,
    },
    /// A limited proxy made one that is not limited.
    #[error("proxy level {level} is not limited, but the one above it is: {subject}")]
    FullBelowLimited {
        /// Its level.
        level: usize,
        /// Its subject.
        subject: String,
    },
    /// There are more proxies than one above allows.
    #[error(
        "proxy level {level} is one too many: the path length above it allows none below {issuer}"
    )]
    PathTooLong {
        /// Its level.
        level: usize,
        /// Its subject.
        subject: String,
        /// Its issuer.
        issuer: String,
    },
    /// The name of a proxy is not that of its issuer and one CN.
    #[error(
        "proxy level {level} is named {subject}, which is not one CN more than its issuer {issuer}"
    )]
    NameNotExtended {
        /// Its level.
        level: usize,
        /// Its subject.
        subject: String,
        /// Its issuer.
        issuer: String,
    },
    /// A proxy was signed, but not as it should.
    #[error("proxy level {level}, {subject}, was not issued by {issuer}: {reason}")]
    NotIssued {
        /// Its level.
        level: usize,
        /// Its subject.
        subject: String,
        /// Its issuer.
        issuer: String,
        /// Why.
        reason: String,
    },
    /// A CA signed a name that it may not sign.
    #[error("{issuer} may not sign {subject}, says {file}{detail}", file = file.display())]
    OutsideNamespace {
        /// The CA.
        issuer: String,
        /// The certificate.
        subject: String,
        /// The file that says so.
        file: PathBuf,
        /// More about it, or nothing.
        detail: &'static str,
    },
    /// No file says which names a CA may sign, and one is required.
    #[error(
        "neither a signing_policy nor a namespaces file of {issuer} in {folder}, and one is required",
        folder = folder.display()
    )]
    NoNamespace {
        /// The CA.
        issuer: String,
        /// The trust folder.
        folder: PathBuf,
    },
    /// The file that says which names a CA may sign is of no use.
    #[error("{file}: {reason}", file = file.display())]
    UnusableNamespace {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// OpenSSL had no memory.
    #[error("out of memory")]
    OutOfMemory,
}
