//! Why a policy cannot be used.

use thiserror::Error;

use crate::read::MAX_LENGTH;

/// A policy cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{line}:{column}: {fault}")]
pub struct PolicyError {
    /// Line number, the first line is 1.
    pub line: u32,
    /// Column in characters, the first one is 1.
    pub column: u32,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text is longer than [`MAX_LENGTH`].
    #[error("the policy is longer than {MAX_LENGTH} bytes; shorten it")]
    TooLong,
    /// The text is not UTF-8.
    #[error("this byte is not UTF-8; save the file in that encoding")]
    NotUtf8,
    /// The text is no XML, or has a document type, or is too large.
    #[error("the file is no usable XML: {0}")]
    NotXml(String),
    /// The outermost element is another one.
    #[error("the outermost element is <{0}>; it has to be <gacl>")]
    WrongRoot(String),
    /// Something else than `<entry>` in the policy.
    #[error("<{0}> means nothing here; a policy holds <entry> elements only")]
    NoEntry(String),
    /// An element that is no known credential.
    #[error(
        "<{0}> is no credential that is known here: person, voms, auth-user, any-user, dn-list, dns, cred"
    )]
    UnknownCredential(String),
    /// The credential of old policies, where it is not admitted.
    #[error("<voms-cred> is of the GACL of 2007 and earlier; write <voms><fqan>...</fqan></voms>")]
    LegacyCredential,
    /// A permission to deny that there is none of: nothing would be denied.
    #[error(
        "<{0}> is no permission, so nothing would be denied; there are <read/>, <exec/>, <list/>, <write/>, <admin/>, in small letters and empty"
    )]
    UnknownDenial(String),
    /// Text where only elements may stand.
    #[error("text means nothing here; write elements")]
    Text,
}
