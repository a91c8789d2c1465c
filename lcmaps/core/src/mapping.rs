//! What modules registered during a run.

use std::ffi::CString;

use crate::{Gid, Uid};

/// Ids, names and lease of a run. Empty at the start of every policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    dn: Option<CString>,
    uids: Vec<Uid>,
    primary_gids: Vec<Gid>,
    secondary_gids: Vec<Gid>,
    vo_credentials: Vec<VoCredential>,
    vo_strings: Vec<CString>,
    vo_mappings: Vec<VoMapping>,
    pool_index: Option<CString>,
}

/// A VO attribute in parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VoCredential {
    /// VO.
    pub vo: Option<CString>,
    /// Group.
    pub group: Option<CString>,
    /// Subgroup.
    pub subgroup: Option<CString>,
    /// Role.
    pub role: Option<CString>,
    /// Capability.
    pub capability: Option<CString>,
}

/// A VO attribute and the group that it was mapped to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoMapping {
    /// The attribute, usually an FQAN.
    pub attribute: Option<CString>,
    /// Name of the group.
    pub group: Option<CString>,
    /// Id of the group; `Gid(u32::MAX)` when there is none.
    pub gid: Gid,
}

impl Mapping {
    /// Registers the name; a later one replaces it.
    pub fn set_dn(&mut self, dn: CString) {
        self.dn = Some(dn);
    }

    /// Appends a user id; duplicates are kept.
    pub fn add_uid(&mut self, uid: Uid) {
        self.uids.push(uid);
    }

    /// Appends a primary group id; duplicates are kept.
    pub fn add_primary_gid(&mut self, gid: Gid) {
        self.primary_gids.push(gid);
    }

    /// Adds a secondary group id; the list is a sorted set.
    pub fn add_secondary_gid(&mut self, gid: Gid) {
        if let Err(place) = self.secondary_gids.binary_search(&gid) {
            self.secondary_gids.insert(place, gid);
        }
    }

    /// Appends a VO attribute.
    pub fn add_vo_credential(&mut self, credential: VoCredential) {
        self.vo_credentials.push(credential);
    }

    /// Appends a VO attribute as text.
    pub fn add_vo_string(&mut self, text: CString) {
        self.vo_strings.push(text);
    }

    /// Appends a VO mapping.
    pub fn add_vo_mapping(&mut self, mapping: VoMapping) {
        self.vo_mappings.push(mapping);
    }

    /// Registers the encoded lease name; a later one replaces it.
    pub fn set_pool_index(&mut self, index: CString) {
        self.pool_index = Some(index);
    }

    /// The registered name.
    #[must_use]
    pub fn dn(&self) -> Option<&CString> {
        self.dn.as_ref()
    }

    /// User ids in the order of registration.
    #[must_use]
    pub fn uids(&self) -> &[Uid] {
        &self.uids
    }

    /// Primary group ids in the order of registration.
    #[must_use]
    pub fn primary_gids(&self) -> &[Gid] {
        &self.primary_gids
    }

    /// Secondary group ids, ascending, each once.
    #[must_use]
    pub fn secondary_gids(&self) -> &[Gid] {
        &self.secondary_gids
    }

    /// VO attributes in the order of registration.
    #[must_use]
    pub fn vo_credentials(&self) -> &[VoCredential] {
        &self.vo_credentials
    }

    /// VO attribute texts in the order of registration.
    #[must_use]
    pub fn vo_strings(&self) -> &[CString] {
        &self.vo_strings
    }

    /// VO mappings in the order of registration.
    #[must_use]
    pub fn vo_mappings(&self) -> &[VoMapping] {
        &self.vo_mappings
    }

    /// The encoded lease name.
    #[must_use]
    pub fn pool_index(&self) -> Option<&CString> {
        self.pool_index.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secondary_gids_are_a_sorted_set_and_primary_gids_keep_order_and_duplicates() {
        let mut mapping = Mapping::default();
        for gid in [30, 10, 20, 10] {
            mapping.add_secondary_gid(Gid(gid));
            mapping.add_primary_gid(Gid(gid));
        }
        assert_eq!(mapping.secondary_gids(), [Gid(10), Gid(20), Gid(30)]);
        assert_eq!(mapping.primary_gids(), [Gid(30), Gid(10), Gid(20), Gid(10)]);
    }
}
