//! Who asks to be mapped.

use std::ffi::CString;

use crate::{Gid, Uid};

/// What kind of evidence stands behind a credential. Further kinds (tokens) become further variants;
/// what the policy sees stays a name and attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// A name the caller vouches for.
    Name,
    /// A name and FQANs the caller vouches for.
    NameAndFqans,
    /// An X.509 chain given as PEM text.
    Pem,
    /// An X.509 chain given as parsed certificates.
    X509,
    /// A GSS credential.
    Gss,
}

/// A credential, owned, made once at the C door and the same for every module of a run.
///
/// Strings are C strings because modules written in C read them; they hold no NUL by construction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Where name and attributes come from.
    pub kind: CredentialKind,
    /// Distinguished name of the end entity.
    pub dn: CString,
    /// VOMS FQANs in order; empty when there are none.
    pub fqans: Vec<CString>,
    /// Which of several leases of one name is wanted; -1 and 0 mean the plain one.
    pub map_counter: i32,
    /// User name that the caller would like, to be granted by a module or refused.
    pub requested_username: Option<CString>,
    /// Account to be confirmed; set in verification mode only.
    pub requested_account: Option<RequestedAccount>,
}

impl Credential {
    /// A credential with nothing but a name.
    #[must_use]
    pub fn new(kind: CredentialKind, dn: CString) -> Credential {
        Credential {
            kind,
            dn,
            fqans: Vec::new(),
            map_counter: -1,
            requested_username: None,
            requested_account: None,
        }
    }
}

/// The account that verification mode is to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedAccount {
    /// User id.
    pub uid: Uid,
    /// Primary group ids.
    pub primary_gids: Vec<Gid>,
    /// Secondary group ids.
    pub secondary_gids: Vec<Gid>,
    /// Encoded lease name.
    pub pool_index: Option<CString>,
}
