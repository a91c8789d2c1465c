//! What comes out.
#![forbid(unsafe_code)]

use crate::reason::Refused;

/// The attributes of one accepted attribute certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    /// The DN of the end entity.
    pub holder: String,
    /// The DN of its CA.
    pub holder_authority: String,
    /// The DN of the server that signed; as the attribute certificate says when signatures are
    /// not checked.
    pub issuer: String,
    /// The DN of the server's CA; `None` when signatures are not checked.
    pub issuer_authority: Option<String>,
    /// The VO.
    pub vo: String,
    /// Host and port of the server.
    pub uri: String,
    /// The beginning of its validity, `YYYYMMDDHHMMSSZ`.
    pub not_before: String,
    /// The end of its validity, likewise.
    pub not_after: String,
    /// The FQANs, in order and exactly as in the attribute certificate. They begin with the VO
    /// and hold no control characters.
    pub fqans: Vec<Vec<u8>>,
    /// The generic attributes, in order.
    pub generic: Vec<Generic>,
}

/// A generic attribute. None of its parts holds a NUL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generic {
    /// Who gives it, `VO://HOST:PORT`.
    pub grantor: Vec<u8>,
    /// Its name.
    pub name: Vec<u8>,
    /// Its value.
    pub value: Vec<u8>,
    /// Its qualifier, the VO or a group as a rule.
    pub qualifier: Vec<u8>,
}

/// What became of the attribute certificates of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// What each accepted one says, in order.
    pub accepted: Vec<Attributes>,
    /// The others.
    pub refused: Vec<Refused>,
    /// What the user told `voms-proxy-init` about VOs, unsigned.
    pub work_vo: Option<Vec<u8>>,
    /// What the user told `voms-proxy-init` to include, unsigned.
    pub extra_data: Option<Vec<u8>>,
}

impl Outcome {
    /// The attributes that count: all of them, or none when one attribute certificate was refused.
    /// VOMS has it that way, and policies rely on it: who has several VOs in a proxy is not
    /// mapped by the second one because the first one expired.
    #[must_use]
    pub fn granted(&self) -> &[Attributes] {
        if self.refused.is_empty() {
            &self.accepted
        } else {
            &[]
        }
    }

    /// The FQANs that count, in order.
    pub fn fqans(&self) -> impl Iterator<Item = &[u8]> {
        self.granted()
            .iter()
            .flat_map(|attributes| attributes.fqans.iter().map(Vec::as_slice))
    }
}
