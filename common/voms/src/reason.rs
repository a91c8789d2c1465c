//! Why an attribute certificate is refused.
#![forbid(unsafe_code)]

use std::fmt;
use std::path::PathBuf;

use crate::{MAX_CERTIFICATES, MAX_EXTENSION_BYTES};

/// An attribute certificate that is refused, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its position in the extension, from 1; `None` when the whole extension is refused.
    pub number: Option<usize>,
    /// The VO that it names, if it could be read so far.
    pub vo: Option<String>,
    /// The subject of the certificate that carries it.
    pub carrier: String,
    /// Why.
    pub reason: Reason,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.number, &self.vo) {
            (Some(number), Some(vo)) => write!(f, "attribute certificate {number} (VO {vo})")?,
            (Some(number), None) => write!(f, "attribute certificate {number}")?,
            (None, _) => write!(f, "VOMS extension")?,
        }
        write!(f, " of {}: {}", self.carrier, self.reason)
    }
}

/// Nothing says who signs for a VO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSigner {
    /// The VO.
    pub vo: String,
    /// The LSC file that was looked for.
    pub lsc: PathBuf,
    /// The directory of VOMS servers.
    pub vomsdir: PathBuf,
    /// Why that directory is none.
    pub no_vomsdir: Option<String>,
    /// The issuer that the attribute certificate names.
    pub issuer: String,
    /// Subject and issuer of the certificate that it brings for its signer, if it brings one.
    pub signer: Option<(String, String)>,
}

impl fmt::Display for NoSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (vo, issuer) = (&self.vo, &self.issuer);
        let (lsc, vomsdir) = (self.lsc.display(), self.vomsdir.display());
        if let Some(problem) = &self.no_vomsdir {
            return write!(
                f,
                "nothing says who signs for VO {vo}: the VOMS directory {vomsdir} cannot be used: \
                 {problem}; X509_VOMS_DIR names the directory of LSC files"
            );
        }
        match &self.signer {
            Some((subject, authority)) => write!(
                f,
                "no {lsc} says who signs for VO {vo}, and {vomsdir} has no certificate of \
                 {issuer}; if the VO's own documentation names this server, create {lsc} with \
                 the two lines \"{subject}\" and \"{authority}\""
            ),
            // Without a certificate of its signer the LSC file is not looked at.
            None => write!(
                f,
                "it brings no certificate of its signer {issuer}, so that no LSC file can serve, \
                 and {vomsdir} has none; if the VO's own documentation names this server, put \
                 its certificate into {vomsdir}/{vo}"
            ),
        }
    }
}

/// Why an attribute certificate, or all of them, cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The certificate has the VOMS extension more than once.
    #[error("the certificate has more than one VOMS extension")]
    RepeatedExtension,
    /// The extension is longer than [`MAX_EXTENSION_BYTES`].
    #[error("the VOMS extension has {0} bytes; at most {MAX_EXTENSION_BYTES} are read")]
    ExtensionTooLong(usize),
    /// The extension is not a list of attribute certificates.
    #[error("the VOMS extension is not a list of attribute certificates")]
    NotAList,
    /// There are more than [`MAX_CERTIFICATES`].
    #[error("there are {0} attribute certificates; at most {MAX_CERTIFICATES} are read")]
    TooMany(usize),
    /// The time of verification cannot be told, or lies before 1970.
    #[error("the time of verification that was set is not usable: {0}")]
    UnusableTime(&'static str),
    /// It is not what RFC 5755 and VOMS make of an attribute certificate.
    #[error("it is malformed: {0}")]
    Malformed(&'static str),
    /// An extension that has to be understood is not.
    #[error("its extension {0} is critical and not known here")]
    UnknownCritical(String),
    /// An FQAN lies outside the VO.
    #[error("its FQAN \"{fqan}\" is not one of the VO {vo}: it does not begin with /{vo}")]
    ForeignFqan {
        /// The FQAN.
        fqan: String,
        /// The VO.
        vo: String,
    },
    /// It was given to somebody else.
    #[error(
        "it was given to the holder of certificate {serial} of {issuer}, but the user's \
         certificate is {real_serial} of {real_issuer}"
    )]
    OtherHolder {
        /// The issuer that it names.
        issuer: String,
        /// The serial number that it names.
        serial: String,
        /// The issuer of the end entity.
        real_issuer: String,
        /// The serial number of the end entity.
        real_serial: String,
    },
    /// Its issuer is not the signer.
    #[error("it names {issuer} as its issuer, but the signer is {signer}")]
    OtherIssuer {
        /// Whom it names.
        issuer: String,
        /// Who signed.
        signer: String,
    },
    /// Its validity begins later.
    #[error("it is valid from {from} on, and the time of verification is {time}")]
    NotYetValid {
        /// When it becomes valid.
        from: String,
        /// When it is looked at.
        time: String,
    },
    /// Its validity is over.
    #[error("it expired at {until}, and the time of verification is {time}; get a new proxy")]
    Expired {
        /// When it expired.
        until: String,
        /// When it is looked at.
        time: String,
    },
    /// It is meant for other hosts.
    #[error("it is meant for the hosts {targets} only, and this host is {hostnames}")]
    OtherHost {
        /// The hosts it is meant for.
        targets: String,
        /// The names of this host.
        hostnames: String,
    },
    /// Its key identifier is not that of the signer's key.
    #[error("its authority key identifier is not that of {signer}")]
    OtherKey {
        /// Whose key was expected.
        signer: String,
    },
    /// It is signed in a way that is not supported, or not safe.
    #[error("its signature algorithm {0} is not accepted")]
    Algorithm(String),
    /// Nothing says who signs for the VO.
    #[error("{0}")]
    NoSigner(Box<NoSigner>),
    /// A file is there but cannot be read.
    #[error("{path} cannot be read: {error}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: String,
    },
    /// The LSC file names somebody else.
    #[error(
        "{path} does not admit its signer: the certificates are {found}, the file admits {admitted}",
        path = path.display()
    )]
    NotAdmitted {
        /// The file.
        path: PathBuf,
        /// The signer's certificates.
        found: String,
        /// The chains of the file.
        admitted: String,
    },
    /// The signature is not that of the signer.
    #[error("it was changed after it was signed, or {signer} did not sign it")]
    BadSignature {
        /// The alleged signer.
        signer: String,
    },
    /// OpenSSL cannot check the signature.
    #[error("the signature of {signer} cannot be checked: {words}")]
    UncheckedSignature {
        /// The alleged signer.
        signer: String,
        /// OpenSSL's words.
        words: String,
    },
    /// The signer's certificate is not trusted.
    #[error("the certificate of its signer {signer} is not accepted: {words}")]
    Untrusted {
        /// The signer.
        signer: String,
        /// Why.
        words: String,
    },
}
