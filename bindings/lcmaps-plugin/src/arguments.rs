//! Run arguments: what a module can ask the framework for.

use std::ffi::CStr;

use crate::Version;

/// Something the framework knows about the user or the request and hands to a module that asks.
///
/// Which of them have a value depends on the function that the application called; what has none
/// reads as `None` or empty. `docs/module-writers.md` has the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Argument {
    /// The DN of the user: [`Run::user_dn`](crate::Run::user_dn).
    UserDn,
    /// The request, an RSL text: [`Run::job_request`](crate::Run::job_request).
    JobRequest,
    /// The FQANs of the user: [`Run::fqans`](crate::Run::fqans).
    Fqans,
    /// Which of several accounts is wanted: [`Run::map_counter`](crate::Run::map_counter).
    MapCounter,
    /// The uid to verify: [`Run::requested_uid`](crate::Run::requested_uid).
    RequestedUid,
    /// The primary gids to verify: [`Run::requested_primary_gids`](crate::Run::requested_primary_gids).
    RequestedPrimaryGids,
    /// The secondary gids to verify: [`Run::requested_secondary_gids`](crate::Run::requested_secondary_gids).
    RequestedSecondaryGids,
    /// The pool index to verify: [`Run::requested_pool_index`](crate::Run::requested_pool_index).
    RequestedPoolIndex,
    /// The account that the user asks for: [`Run::requested_username`](crate::Run::requested_username).
    /// Not asked of a host that does not know it ([`Version::WITH_REQUESTED_USERNAME`]).
    RequestedUsername,
    /// The attribute certificates of the user: [`Run::voms`](crate::Run::voms).
    VomsData,
    /// The credential as PEM text: [`Run::pem`](crate::Run::pem).
    Pem,
    /// The leaf certificate: [`Run::leaf_certificate`](crate::Run::leaf_certificate).
    LeafCertificate,
    /// The certificate chain: [`Run::certificate_chain`](crate::Run::certificate_chain).
    CertificateChain,
    /// The GSS credential: [`Run::gss_credential`](crate::Run::gss_credential).
    GssCredential,
    /// The GSS context: [`Run::gss_context`](crate::Run::gss_context).
    GssContext,
}

/// A run argument as C knows it: name and type, both compared letter by letter.
pub(crate) type Entry = (&'static CStr, &'static CStr);

pub(crate) const USER_DN: Entry = (c"user_dn", c"char *");
pub(crate) const JOB_REQUEST: Entry = (c"job_request", c"char *");
pub(crate) const FQAN_LIST: Entry = (c"fqan_list", c"char **");
pub(crate) const NFQAN: Entry = (c"nfqan", c"int");
pub(crate) const MAPCOUNTER: Entry = (c"mapcounter", c"int");
pub(crate) const REQUESTED_UID: Entry = (c"requested_uid", c"uid_t");
pub(crate) const REQUESTED_PGID_LIST: Entry = (c"requested_pgid_list", c"gid_t *");
pub(crate) const REQUESTED_NPGID: Entry = (c"requested_npgid", c"int");
pub(crate) const REQUESTED_SGID_LIST: Entry = (c"requested_sgid_list", c"gid_t *");
pub(crate) const REQUESTED_NSGID: Entry = (c"requested_nsgid", c"int");
pub(crate) const REQUESTED_POOLINDEX: Entry = (c"requested_poolindex", c"char *");
pub(crate) const REQUESTED_USERNAME: Entry = (c"requested_username", c"char *");
pub(crate) const VOMS_DATA_LIST: Entry = (c"voms_data_list", c"lcmaps_vomsdata_t *");
pub(crate) const PEM_STRING: Entry = (c"pem_string", c"char *");
pub(crate) const PX509_CRED: Entry = (c"px509_cred", c"X509 *");
pub(crate) const PX509_CHAIN: Entry = (c"px509_chain", c"STACK_OF(X509) *");
pub(crate) const USER_CRED: Entry = (c"user_cred", c"gss_cred_id_t");
pub(crate) const GSS_CONTEXT: Entry = (c"gss_context", c"gss_ctx_id_t");

impl Argument {
    /// The C arguments behind this one.
    pub(crate) fn entries(self) -> &'static [Entry] {
        match self {
            Self::UserDn => &[USER_DN],
            Self::JobRequest => &[JOB_REQUEST],
            Self::Fqans => &[FQAN_LIST, NFQAN],
            Self::MapCounter => &[MAPCOUNTER],
            Self::RequestedUid => &[REQUESTED_UID],
            Self::RequestedPrimaryGids => &[REQUESTED_PGID_LIST, REQUESTED_NPGID],
            Self::RequestedSecondaryGids => &[REQUESTED_SGID_LIST, REQUESTED_NSGID],
            Self::RequestedPoolIndex => &[REQUESTED_POOLINDEX],
            Self::RequestedUsername => &[REQUESTED_USERNAME],
            Self::VomsData => &[VOMS_DATA_LIST],
            Self::Pem => &[PEM_STRING],
            Self::LeafCertificate => &[PX509_CRED],
            Self::CertificateChain => &[PX509_CHAIN],
            Self::GssCredential => &[USER_CRED],
            Self::GssContext => &[GSS_CONTEXT],
        }
    }

    /// Whether a host of this version knows the argument. A host fails every run of a policy whose
    /// module asks for something that it does not know.
    pub(crate) fn known_to(self, host: Option<Version>) -> bool {
        match self {
            Self::RequestedUsername => host >= Some(Version::WITH_REQUESTED_USERNAME),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_requested_username_is_asked_of_hosts_that_know_it() {
        let at = |patch| {
            Some(Version {
                major: 1,
                minor: 5,
                patch,
            })
        };
        assert!(!Argument::RequestedUsername.known_to(None));
        assert!(!Argument::RequestedUsername.known_to(at(7)));
        assert!(Argument::RequestedUsername.known_to(at(8)));
        assert!(Argument::RequestedUsername.known_to(Some(Version {
            major: 1,
            minor: 6,
            patch: 0
        })));
        assert!(Argument::UserDn.known_to(None));
    }
}
