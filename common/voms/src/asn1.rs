//! The shapes of RFC 5755, with the deviations of VOMS, as `rasn` decodes them.
//!
//! Only the shapes are told here; what may stand in them is decided in `content`. Where VOMS keeps
//! to the RFC, those of `rasn_pkix` are used.
#![forbid(unsafe_code)]

use rasn::prelude::*;
use rasn::types::OctetString;
use rasn_pkix::{AlgorithmIdentifier, Extensions, GeneralName, GeneralNames};

/// What the VOMS extension of a certificate holds: a list in a list.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct Bundle {
    /// Each certificate as it is encoded, so that a damaged one can be told from the others.
    pub(crate) certificates: SequenceOf<Any>,
}

/// One attribute certificate.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct AttributeCertificate {
    /// The encoding of an [`Info`], which is what the signature covers.
    pub(crate) info: Any,
    /// An [`AlgorithmIdentifier`](rasn_pkix::AlgorithmIdentifier).
    pub(crate) algorithm: Any,
    pub(crate) signature: BitString,
}

/// The signed part.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct Info {
    pub(crate) version: Integer,
    pub(crate) holder: Holder,
    pub(crate) issuer: Issuer,
    /// The same as outside.
    pub(crate) algorithm: Any,
    pub(crate) serial: Number,
    pub(crate) validity: Validity,
    pub(crate) attributes: SequenceOf<Attribute>,
    _issuer_unique_id: Option<BitString>,
    pub(crate) extensions: Option<Extensions>,
}

/// Whose attributes they are.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct Holder {
    #[rasn(tag(0))]
    pub(crate) base_certificate: Option<IssuerSerial>,
    #[rasn(tag(1))]
    pub(crate) entity_name: Option<GeneralNames>,
    #[rasn(tag(2))]
    pub(crate) object_digest: Option<DigestInfo>,
}

/// A certificate, by its issuer and number.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct IssuerSerial {
    pub(crate) issuer: GeneralNames,
    pub(crate) serial: Number,
    pub(crate) issuer_uid: Option<BitString>,
}

/// A holder by the digest of something; never accepted, so only its shape is read.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct DigestInfo {
    _kind: Any,
    _other_type: Option<ObjectIdentifier>,
    _algorithm: AlgorithmIdentifier,
    _digest: BitString,
}

/// Who gave the attributes.
#[derive(Debug, AsnType, Decode)]
#[rasn(choice)]
pub(crate) enum Issuer {
    V1(GeneralNames),
    #[rasn(tag(0))]
    V2(V2Form),
}

/// The form of the issuer that RFC 5755 wants.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct V2Form {
    pub(crate) issuer_name: Option<GeneralNames>,
    #[rasn(tag(0))]
    pub(crate) base_certificate: Option<IssuerSerial>,
    #[rasn(tag(1))]
    pub(crate) object_digest: Option<DigestInfo>,
}

/// The contents octets of an INTEGER of any length.
#[derive(Debug, Clone, AsnType, Decode)]
#[rasn(delegate, tag(universal, 2))]
pub(crate) struct Number(pub(crate) OctetString);

/// The text of a GeneralizedTime, which is handed on as it is.
#[derive(Debug, Clone, AsnType, Decode)]
#[rasn(delegate, tag(universal, 24))]
pub(crate) struct TimeText(pub(crate) OctetString);

/// From when to when.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct Validity {
    pub(crate) not_before: TimeText,
    pub(crate) not_after: TimeText,
}

/// An attribute of any type.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct Attribute {
    pub(crate) kind: ObjectIdentifier,
    pub(crate) values: SetOf<Any>,
}

/// The signer's certificates: a list in a list.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct CertificateList {
    pub(crate) certificates: SequenceOf<Any>,
}

/// The generic attributes: a list in a list.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct TagContainers {
    pub(crate) containers: SequenceOf<TagContainer>,
}

/// Generic attributes of one authority.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct TagContainer {
    pub(crate) policy_authority: GeneralNames,
    pub(crate) tags: SequenceOf<Tagging>,
}

/// One generic attribute.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct Tagging {
    pub(crate) name: OctetString,
    pub(crate) value: OctetString,
    pub(crate) qualifier: OctetString,
}

/// Targets: a list in a list, of elements in the form of the RFC or that of VOMS.
#[derive(Debug, AsnType, Decode)]
#[rasn(delegate)]
pub(crate) struct Targeting(pub(crate) SequenceOf<SequenceOf<Any>>);

/// A target as VOMS encodes it.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct VomsTarget {
    #[rasn(tag(explicit(0)))]
    pub(crate) name: Option<GeneralName>,
    #[rasn(tag(explicit(1)))]
    _group: Option<GeneralName>,
    #[rasn(tag(explicit(2)))]
    _certificate: Option<Any>,
}

/// By which key the signer says to have signed.
#[derive(Debug, AsnType, Decode)]
pub(crate) struct AuthorityKey {
    #[rasn(tag(0))]
    pub(crate) identifier: Option<OctetString>,
    #[rasn(tag(1))]
    pub(crate) issuer: Option<GeneralNames>,
    #[rasn(tag(2))]
    pub(crate) serial: Option<Number>,
}

/// Decodes DER that has to fill the whole slice; `None` when it does not.
pub(crate) fn decode<T: Decode>(der: &[u8]) -> Option<T> {
    match rasn::der::decode_with_remainder(der) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}
