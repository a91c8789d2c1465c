//! The conditions a result must meet before it leaves the library.

use std::fmt;

use crate::{Gid, Mapping, RequestedAccount, Uid};

/// Why a mapping that the policy granted is refused all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No module registered a user id.
    NoUid,
    /// Modules registered more than one user id.
    SeveralUids(Vec<Uid>),
    /// No module registered a primary group id.
    NoPrimaryGid,
    /// A module registered the id that stands for "none": set*id would change nothing with it.
    NoId,
    /// No module registered a lease.
    NoPoolIndex,
    /// The user id found is not the one to be confirmed.
    OtherUid {
        /// To be confirmed.
        requested: Uid,
        /// Found.
        found: Uid,
    },
    /// The primary group id found is not the one to be confirmed.
    OtherPrimaryGid {
        /// To be confirmed, if any was given.
        requested: Option<Gid>,
        /// Found.
        found: Gid,
    },
    /// `LCMAPS_VERIFY_TYPE` holds an unknown word.
    UnknownVerification(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NoUid => write!(f, "LCMAPS could not find any uid"),
            Refusal::SeveralUids(uids) => {
                write!(
                    f,
                    "LCMAPS found {} uids where exactly one is needed:",
                    uids.len()
                )?;
                uids.iter().try_for_each(|uid| write!(f, " {uid}"))
            }
            Refusal::NoPrimaryGid => write!(f, "LCMAPS could not find any primary gid"),
            Refusal::NoId => write!(f, "LCMAPS found the id -1, which stands for \"none\""),
            Refusal::NoPoolIndex => write!(f, "LCMAPS could not find a poolindex"),
            Refusal::OtherUid { requested, found } => {
                write!(
                    f,
                    "Verification failed: requested uid {requested}, found uid {found}"
                )
            }
            Refusal::OtherPrimaryGid {
                requested: Some(gid),
                found,
            } => {
                write!(
                    f,
                    "Verification failed: requested primary gid {gid}, found primary gid {found}"
                )
            }
            Refusal::OtherPrimaryGid {
                requested: None,
                found,
            } => {
                write!(
                    f,
                    "Verification failed: no primary gid requested, found primary gid {found}"
                )
            }
            Refusal::UnknownVerification(word) => write!(
                f,
                "Unknown verification type \"{word}\" in LCMAPS_VERIFY_TYPE: use uid or uid_pgid"
            ),
        }
    }
}

impl std::error::Error for Refusal {}

/// The account of a run that has to name one: exactly one user id, at least one primary group id.
///
/// # Errors
/// [`Refusal::NoUid`], [`Refusal::SeveralUids`], [`Refusal::NoPrimaryGid`].
pub fn account(mapping: &Mapping) -> Result<(Uid, Gid), Refusal> {
    let uid = match mapping.uids() {
        [] => return Err(Refusal::NoUid),
        [uid] => *uid,
        several => return Err(Refusal::SeveralUids(several.to_vec())),
    };
    let gid = mapping
        .primary_gids()
        .first()
        .ok_or(Refusal::NoPrimaryGid)?;
    if uid.0 == u32::MAX || mapping.primary_gids().iter().any(|gid| gid.0 == u32::MAX) {
        return Err(Refusal::NoId);
    }
    Ok((uid, *gid))
}

/// The user id whose name a user-name interface returns: the first one.
///
/// # Errors
/// [`Refusal::NoUid`].
pub fn first_uid(mapping: &Mapping) -> Result<Uid, Refusal> {
    mapping.uids().first().copied().ok_or(Refusal::NoUid)
}

/// What verification mode compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// The user id.
    Uid,
    /// The user id and the first primary group id.
    UidAndPrimaryGid,
}

impl Verification {
    /// Reads `LCMAPS_VERIFY_TYPE`; unset means the user id.
    ///
    /// # Errors
    /// Every other word, the empty one included, as in the original.
    pub fn from_environment(value: Option<&[u8]>) -> Result<Verification, Refusal> {
        match value {
            None | Some(b"uid") => Ok(Verification::Uid),
            Some(b"uid_pgid") => Ok(Verification::UidAndPrimaryGid),
            Some(word) => Err(Refusal::UnknownVerification(
                String::from_utf8_lossy(word).into_owned(),
            )),
        }
    }

    /// Compares what was found with what is to be confirmed.
    ///
    /// # Errors
    /// The first difference, or what [`account`] refuses.
    pub fn confirm(self, mapping: &Mapping, requested: &RequestedAccount) -> Result<(), Refusal> {
        let (uid, gid) = account(mapping)?;
        if uid != requested.uid {
            return Err(Refusal::OtherUid {
                requested: requested.uid,
                found: uid,
            });
        }
        if self == Verification::UidAndPrimaryGid {
            let wanted = requested.primary_gids.first().copied();
            if wanted != Some(gid) {
                return Err(Refusal::OtherPrimaryGid {
                    requested: wanted,
                    found: gid,
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(uids: &[u32], gids: &[u32]) -> Mapping {
        let mut mapping = Mapping::default();
        uids.iter().for_each(|&uid| mapping.add_uid(Uid(uid)));
        gids.iter()
            .for_each(|&gid| mapping.add_primary_gid(Gid(gid)));
        mapping
    }

    fn requested(uid: u32, gids: &[u32]) -> RequestedAccount {
        RequestedAccount {
            uid: Uid(uid),
            primary_gids: gids.iter().map(|&gid| Gid(gid)).collect(),
            secondary_gids: Vec::new(),
            pool_index: None,
        }
    }

    #[test]
    fn an_account_needs_exactly_one_uid_and_a_primary_gid() {
        assert_eq!(account(&mapping(&[1], &[2, 3])), Ok((Uid(1), Gid(2))));
        assert_eq!(account(&mapping(&[], &[2])), Err(Refusal::NoUid));
        assert_eq!(account(&mapping(&[1], &[])), Err(Refusal::NoPrimaryGid));
        assert_eq!(account(&mapping(&[u32::MAX], &[2])), Err(Refusal::NoId));
        assert_eq!(account(&mapping(&[1], &[2, u32::MAX])), Err(Refusal::NoId));
        assert_eq!(
            account(&mapping(&[1, 1], &[2])),
            Err(Refusal::SeveralUids(vec![Uid(1), Uid(1)]))
        );
    }

    #[test]
    fn verification_compares_what_its_type_says() {
        let found = mapping(&[1], &[2]);
        let uid = Verification::Uid;
        assert_eq!(uid.confirm(&found, &requested(1, &[9])), Ok(()));
        assert!(uid.confirm(&found, &requested(2, &[2])).is_err());
        let both = Verification::UidAndPrimaryGid;
        assert_eq!(both.confirm(&found, &requested(1, &[2, 9])), Ok(()));
        assert!(both.confirm(&found, &requested(1, &[9, 2])).is_err());
        assert!(both.confirm(&found, &requested(1, &[])).is_err());
    }

    #[test]
    fn unknown_verification_types_are_refused() {
        for word in [&b"all"[..], b"", b"UID", b"uid "] {
            assert!(
                Verification::from_environment(Some(word)).is_err(),
                "{word:?}"
            );
        }
        assert_eq!(Verification::from_environment(None), Ok(Verification::Uid));
    }
}
