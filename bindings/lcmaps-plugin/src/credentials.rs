//! The mapping in the making: credential data that modules add and read.

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr;

use lcmaps_sys::cred_data as kind;
use lcmaps_sys::{lcmaps_vo_data_t, lcmaps_vo_mapping_t};
use libc::{c_int, gid_t, uid_t};

use crate::{Failure, Gid, Run, Uid, host};

/// A VO attribute in parts, for [`Run::add_vo`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VoData<'a> {
    /// The VO.
    pub vo: Option<&'a CStr>,
    /// The group.
    pub group: Option<&'a CStr>,
    /// The subgroup.
    pub subgroup: Option<&'a CStr>,
    /// The role.
    pub role: Option<&'a CStr>,
    /// The capability.
    pub capability: Option<&'a CStr>,
}

/// An FQAN and the group that it was mapped to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoMapping {
    /// The FQAN.
    pub fqan: CString,
    /// The name of the group.
    pub group: Option<CString>,
    /// The gid of the group, if it has one.
    pub gid: Option<Gid>,
}

/// # Registered data
///
/// What modules of the policy add is the mapping: the host gathers it, and starts anew with each
/// policy. Everything added is copied.
impl Run<'_> {
    /// Adds a uid of the mapping. Exactly one is what applications expect.
    ///
    /// # Errors
    /// The host does not take it (all of these).
    pub fn add_uid(&self, uid: Uid) -> Result<(), Failure> {
        self.add(kind::UID, "the uid", &uid.as_raw())
    }

    /// Adds a primary gid of the mapping.
    ///
    /// # Errors
    /// The host does not take it.
    pub fn add_primary_gid(&self, gid: Gid) -> Result<(), Failure> {
        self.add(kind::PRI_GID, "the primary gid", &gid.as_raw())
    }

    /// Adds a secondary gid of the mapping. The host keeps them sorted, each once.
    ///
    /// # Errors
    /// The host does not take it.
    pub fn add_secondary_gid(&self, gid: Gid) -> Result<(), Failure> {
        self.add(kind::SEC_GID, "the secondary gid", &gid.as_raw())
    }

    /// Sets the DN that the mapping was made for.
    ///
    /// # Errors
    /// The host does not take it.
    pub fn add_dn(&self, dn: &CStr) -> Result<(), Failure> {
        self.add(kind::DN, "the DN", &dn.as_ptr())
    }

    /// Sets the pool index: the encoded name of the lease behind the mapping.
    ///
    /// # Errors
    /// The host does not take it.
    pub fn set_pool_index(&self, index: &CStr) -> Result<(), Failure> {
        self.add(kind::POOL_INDEX, "the pool index", &index.as_ptr())
    }

    /// Adds a VO attribute in parts.
    ///
    /// # Errors
    /// The host does not take it.
    pub fn add_vo(&self, data: &VoData<'_>) -> Result<(), Failure> {
        let text =
            |part: Option<&CStr>| part.map_or(ptr::null_mut(), |part| part.as_ptr().cast_mut());
        let data = lcmaps_vo_data_t {
            vo: text(data.vo),
            group: text(data.group),
            subgroup: text(data.subgroup),
            role: text(data.role),
            capability: text(data.capability),
        };
        self.add(kind::LCMAPS_VO_CRED, "the VO attribute", &data)
    }

    /// Adds a VO attribute as text, an FQAN: later modules use these instead of the user's.
    ///
    /// # Errors
    /// The host does not take it.
    pub fn add_vo_string(&self, fqan: &CStr) -> Result<(), Failure> {
        self.add(kind::LCMAPS_VO_CRED_STRING, "the FQAN", &fqan.as_ptr())
    }

    /// Adds the statement that an FQAN was mapped to a group.
    ///
    /// # Errors
    /// The host does not take it.
    pub fn add_vo_mapping(&self, mapping: &VoMapping) -> Result<(), Failure> {
        let data = lcmaps_vo_mapping_t {
            vostring: mapping.fqan.as_ptr().cast_mut(),
            groupname: mapping
                .group
                .as_ref()
                .map_or(ptr::null_mut(), |name| name.as_ptr().cast_mut()),
            gid: mapping
                .gid
                .map_or(lcmaps_sys::vo_data::LCMAPS_NO_GID, Gid::as_raw),
        };
        self.add(kind::LCMAPS_VO_CRED_MAPPING, "the VO mapping", &data)
    }

    /// The DN that a module registered.
    #[must_use]
    pub fn registered_dn(&self) -> Option<CString> {
        self.registered_texts(kind::DN).into_iter().next()
    }

    /// The uids that modules registered.
    #[must_use]
    pub fn registered_uids(&self) -> Vec<Uid> {
        self.registered::<uid_t>(kind::UID)
            .into_iter()
            .map(Uid::from_raw)
            .collect()
    }

    /// The primary gids that modules registered.
    #[must_use]
    pub fn registered_primary_gids(&self) -> Vec<Gid> {
        self.registered::<gid_t>(kind::PRI_GID)
            .into_iter()
            .map(Gid::from_raw)
            .collect()
    }

    /// The secondary gids that modules registered.
    #[must_use]
    pub fn registered_secondary_gids(&self) -> Vec<Gid> {
        self.registered::<gid_t>(kind::SEC_GID)
            .into_iter()
            .map(Gid::from_raw)
            .collect()
    }

    /// The FQANs that modules registered.
    #[must_use]
    pub fn registered_vo_strings(&self) -> Vec<CString> {
        self.registered_texts(kind::LCMAPS_VO_CRED_STRING)
    }

    /// The FQANs that modules mapped to groups.
    #[must_use]
    pub fn registered_vo_mappings(&self) -> Vec<VoMapping> {
        let mappings = self.registered::<lcmaps_vo_mapping_t>(kind::LCMAPS_VO_CRED_MAPPING);
        let mapping = |data: lcmaps_vo_mapping_t| VoMapping {
            fqan: owned(data.vostring).unwrap_or_default(),
            group: owned(data.groupname),
            gid: (data.gid != lcmaps_sys::vo_data::LCMAPS_NO_GID).then(|| Gid::from_raw(data.gid)),
        };
        mappings.into_iter().map(mapping).collect()
    }

    /// The pool index that a module registered.
    #[must_use]
    pub fn registered_pool_index(&self) -> Option<CString> {
        self.registered_texts(kind::POOL_INDEX).into_iter().next()
    }

    fn add<T>(&self, kind: c_int, what: &str, value: &T) -> Result<(), Failure> {
        let data: *const T = value;
        // SAFETY: each caller above hands the type that its kind asks for; the host copies it.
        let taken = unsafe { host::add_credential_data(kind, data.cast_mut().cast::<c_void>()) };
        if taken {
            Ok(())
        } else {
            Err(Failure::error(format_args!("LCMAPS does not take {what}")))
        }
    }

    /// A copy of the registered data of one kind; the original moves at the next addition.
    fn registered<T: Copy>(&self, kind: c_int) -> Vec<T> {
        let (data, count) = host::credential_data(kind);
        if data.is_null() || count == 0 {
            return Vec::new();
        }
        // SAFETY: the host has an array of count elements of the kind's type there; each caller
        // names that type.
        unsafe { std::slice::from_raw_parts(data.cast::<T>(), count) }.to_vec()
    }

    fn registered_texts(&self, kind: c_int) -> Vec<CString> {
        self.registered::<*mut c_char>(kind)
            .into_iter()
            .filter_map(owned)
            .collect()
    }
}

/// A copy of a C string of the host, `None` for NULL.
fn owned(text: *mut c_char) -> Option<CString> {
    // SAFETY: NULL is excluded; the host's pointers are C strings.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_owned())
}
