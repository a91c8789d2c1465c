//! What is shown of a proxy file; the member names are those of the JSON form.

use std::process::ExitCode;

use lc_x509::{KeyMatch, ShownTime, Validity};
use lcmaps_tools::judge::key_in_words;
use lcmaps_tools::moment::Moment;
use serde::Serialize;

use crate::cli::ProxyOptions;

/// Everything that is shown.
#[derive(Debug, Clone, Serialize)]
pub struct View {
    /// Whether a service would let its sender in.
    pub result: Outcome,
    /// Why not, in a sentence.
    pub reason: Option<String>,
    /// The file.
    pub file: String,
    /// The time for which it was looked at.
    pub time: String,
    /// Whose name the chain yields.
    pub dn: Option<String>,
    /// The FQANs that count.
    pub fqans: Vec<String>,
    /// Whether the chain leads to a trusted CA; nothing when there is no chain.
    pub chain_trusted: Option<bool>,
    /// The private key.
    pub private_key: Option<Key>,
    /// The certificates, the leaf first.
    pub certificates: Vec<CertificateView>,
    /// Certificates of the file that are not part of the chain.
    pub left_out: Vec<String>,
    /// The VOMS attribute certificates, in order.
    pub attributes: Vec<Attribute>,
    /// What an administrator should know although the chain is trusted.
    pub warnings: Vec<String>,
    /// The directory of trusted CAs.
    pub certdir: String,
    /// The directory that says who speaks for which VO.
    pub vomsdir: String,
}

impl View {
    /// Nothing known yet.
    pub fn new(options: &ProxyOptions, time: Moment) -> Self {
        Self {
            result: Outcome::Unusable,
            reason: None,
            file: options.file.display().to_string(),
            time: ShownTime(time.unix()).to_string(),
            dn: None,
            fqans: Vec::new(),
            chain_trusted: None,
            private_key: None,
            certificates: Vec::new(),
            left_out: Vec::new(),
            attributes: Vec::new(),
            warnings: Vec::new(),
            certdir: options.trust.certdir().display().to_string(),
            vomsdir: options.vomsdir().display().to_string(),
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A service would let the sender in.
    Good,
    /// It would not.
    Refused,
    /// The question could not be asked.
    Unusable,
}

impl Outcome {
    /// The command's exit status.
    pub fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Good => 0,
            Self::Refused => 1,
            Self::Unusable => 2,
        })
    }
}

/// The private key; never its contents.
#[derive(Debug, Clone, Serialize)]
pub struct Key {
    /// `belongs`, `foreign`, `absent`, `encrypted` or `damaged`.
    pub state: &'static str,
    /// The same in words.
    #[serde(skip)]
    pub words: &'static str,
}

impl From<KeyMatch> for Key {
    fn from(key: KeyMatch) -> Self {
        Self {
            state: match key {
                KeyMatch::Belongs => "belongs",
                KeyMatch::Foreign => "foreign",
                KeyMatch::Absent => "absent",
                KeyMatch::Encrypted => "encrypted",
                KeyMatch::Damaged => "damaged",
            },
            words: key_in_words(key),
        }
    }
}

/// One certificate.
#[derive(Debug, Clone, Serialize)]
pub struct CertificateView {
    /// `ca`, `end entity`, `proxy` or `irregular`.
    pub kind: &'static str,
    /// The kind in words.
    pub description: String,
    /// The level of a proxy; 0 is the first one below the end entity.
    pub level: Option<usize>,
    /// `RFC 3820`, `GT3` or `GT2`.
    pub flavour: Option<String>,
    /// `impersonation`, `independent`, `limited`, `any language` or `restricted`.
    pub rights: Option<String>,
    /// How many proxies may follow below.
    pub path_length: Option<u32>,
    /// `file` or `trust directory`.
    pub from: &'static str,
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// Serial number, in hexadecimal digits.
    pub serial: Option<String>,
    /// When it is valid.
    pub validity: Option<Dates>,
    /// Signature algorithm.
    pub signature_algorithm: String,
    /// Kind of the public key.
    pub key_type: Option<String>,
    /// Its length.
    pub key_bits: Option<u32>,
}

/// When something is valid.
#[derive(Debug, Clone, Serialize)]
pub struct Dates {
    /// The first second.
    pub not_before: String,
    /// The last second.
    pub not_after: String,
    /// Seconds from the time of the look to the last one; negative when it is over.
    pub seconds_left: i64,
    /// The whole length.
    #[serde(skip)]
    pub validity: Validity,
}

impl Dates {
    /// Dates as they are shown.
    pub fn new(validity: Validity, time: Moment) -> Self {
        Self {
            not_before: ShownTime(validity.not_before).to_string(),
            not_after: ShownTime(validity.not_after).to_string(),
            seconds_left: validity.not_after.saturating_sub(time.unix()),
            validity,
        }
    }
}

/// One VOMS attribute certificate.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Attribute {
    /// Its VO; nothing when it cannot be read.
    pub vo: Option<String>,
    /// Whether it passed all checks. The members below are unproven when not.
    pub accepted: bool,
    /// Why it was not accepted.
    pub reason: Option<String>,
    /// Whom it was given to.
    pub holder: Option<String>,
    /// Who signed it.
    pub issuer: Option<String>,
    /// The CA of that server.
    pub issuer_authority: Option<String>,
    /// Host and port of the server.
    pub uri: Option<String>,
    /// Its FQANs, in order.
    pub fqans: Vec<String>,
    /// Its generic attributes, in order.
    pub generic: Vec<Generic>,
    /// When it is valid.
    pub validity: Option<Dates>,
}

impl Attribute {
    /// How long it is valid, in seconds.
    pub fn lifetime(&self) -> Option<u64> {
        let dates = self.validity.as_ref()?;
        Some(dates.validity.lifetime().as_secs())
    }
}

/// A generic attribute.
#[derive(Debug, Clone, Serialize)]
pub struct Generic {
    /// Who gives it.
    pub grantor: String,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Its qualifier.
    pub qualifier: String,
}
