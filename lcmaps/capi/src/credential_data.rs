//! The credential data store behind `addCredentialData` and `getCredentialData`.
//!
//! Data live once, in a [`Mapping`]. What C callers read are views: pointers into it, or arrays of C
//! structures built beside it. A view stays valid until the next change of its kind.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

use lcmaps_core::{Gid, Mapping, Uid, VoCredential, VoMapping};
use lcmaps_sys::cred_data as kind;
use lcmaps_sys::{lcmaps_vo_data_t, lcmaps_vo_mapping_t};

/// Credential data of a run with their C views.
#[derive(Debug)]
pub struct CredentialData {
    mapping: Mapping,
    dn: *mut c_char,
    pool_index: *mut c_char,
    vo_credentials: Vec<lcmaps_vo_data_t>,
    vo_strings: Vec<*mut c_char>,
    vo_mappings: Vec<lcmaps_vo_mapping_t>,
}

// SAFETY: every pointer leads into `mapping`, which moves along; strings stay where they are.
unsafe impl Send for CredentialData {}

/// `addCredentialData` got a type that does not exist.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownType;

impl CredentialData {
    /// No data.
    #[must_use]
    pub fn new() -> CredentialData {
        CredentialData {
            mapping: Mapping::default(),
            dn: ptr::null_mut(),
            pool_index: ptr::null_mut(),
            vo_credentials: Vec::new(),
            vo_strings: Vec::new(),
            vo_mappings: Vec::new(),
        }
    }

    /// The data.
    #[must_use]
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Adds a copy of what `data` points to. NULL, or a NULL string, adds nothing.
    ///
    /// # Errors
    /// [`UnknownType`].
    ///
    /// # Safety
    /// `data` is NULL or points to what the type says (`lcmaps_cred_data.h`).
    pub unsafe fn add(&mut self, datatype: c_int, data: *const c_void) -> Result<(), UnknownType> {
        let known = [
            kind::DN,
            kind::UID,
            kind::PRI_GID,
            kind::SEC_GID,
            kind::LCMAPS_VO_CRED,
            kind::LCMAPS_VO_CRED_STRING,
            kind::LCMAPS_VO_CRED_MAPPING,
            kind::POOL_INDEX,
        ];
        if data.is_null() {
            return if known.contains(&datatype) {
                Ok(())
            } else {
                Err(UnknownType)
            };
        }
        match datatype {
            kind::DN => {
                // SAFETY: the caller passes a `char **` for this type.
                if let Some(dn) = unsafe { string_behind(data) } {
                    self.mapping.set_dn(dn);
                    self.dn = view(self.mapping.dn());
                }
            }
            kind::POOL_INDEX => {
                // SAFETY: the caller passes a `char **` for this type.
                if let Some(index) = unsafe { string_behind(data) } {
                    self.mapping.set_pool_index(index);
                    self.pool_index = view(self.mapping.pool_index());
                }
            }
            kind::LCMAPS_VO_CRED_STRING => {
                // SAFETY: the caller passes a `char **` for this type.
                if let Some(text) = unsafe { string_behind(data) } {
                    self.vo_strings.push(text.as_ptr().cast_mut());
                    self.mapping.add_vo_string(text);
                }
            }
            // SAFETY: the caller passes a `uid_t *` for this type.
            kind::UID => self
                .mapping
                .add_uid(Uid(unsafe { data.cast::<u32>().read() })),
            // SAFETY: the caller passes a `gid_t *` for this type.
            kind::PRI_GID => self
                .mapping
                .add_primary_gid(Gid(unsafe { data.cast::<u32>().read() })),
            // SAFETY: the caller passes a `gid_t *` for this type.
            kind::SEC_GID => self
                .mapping
                .add_secondary_gid(Gid(unsafe { data.cast::<u32>().read() })),
            kind::LCMAPS_VO_CRED => {
                // SAFETY: the caller passes a `lcmaps_vo_data_t *` for this type.
                self.add_vo_credential(unsafe { &*data.cast::<lcmaps_vo_data_t>() });
            }
            kind::LCMAPS_VO_CRED_MAPPING => {
                // SAFETY: the caller passes a `lcmaps_vo_mapping_t *` for this type.
                self.add_vo_mapping(unsafe { &*data.cast::<lcmaps_vo_mapping_t>() });
            }
            _ => return Err(UnknownType),
        }
        Ok(())
    }

    fn add_vo_credential(&mut self, data: &lcmaps_vo_data_t) {
        // SAFETY: the members are NULL or strings (the promise of `add`).
        let copy = |text: *mut c_char| unsafe { string(text) };
        let credential = VoCredential {
            vo: copy(data.vo),
            group: copy(data.group),
            subgroup: copy(data.subgroup),
            role: copy(data.role),
            capability: copy(data.capability),
        };
        self.vo_credentials.push(lcmaps_vo_data_t {
            vo: view(credential.vo.as_ref()),
            group: view(credential.group.as_ref()),
            subgroup: view(credential.subgroup.as_ref()),
            role: view(credential.role.as_ref()),
            capability: view(credential.capability.as_ref()),
        });
        self.mapping.add_vo_credential(credential);
    }

    fn add_vo_mapping(&mut self, data: &lcmaps_vo_mapping_t) {
        // SAFETY: the members are NULL or strings (the promise of `add`).
        let copy = |text: *mut c_char| unsafe { string(text) };
        let mapping = VoMapping {
            attribute: copy(data.vostring),
            group: copy(data.groupname),
            gid: Gid(data.gid),
        };
        self.vo_mappings.push(lcmaps_vo_mapping_t {
            vostring: view(mapping.attribute.as_ref()),
            groupname: view(mapping.group.as_ref()),
            gid: mapping.gid.0,
        });
        self.mapping.add_vo_mapping(mapping);
    }

    /// A view of the data of a type with the number of elements; `None` for an unknown type.
    ///
    /// For DN and lease the view is the address of the (possibly NULL) string pointer, which stays
    /// valid as long as `self` stays where it is; for the rest the first element or NULL.
    #[must_use]
    pub fn view(&self, datatype: c_int) -> Option<(*mut c_void, usize)> {
        fn array<T>(list: &[T]) -> (*mut c_void, usize) {
            let first = if list.is_empty() {
                ptr::null()
            } else {
                list.as_ptr()
            };
            (first.cast_mut().cast(), list.len())
        }
        let single = |text: &*mut c_char| {
            (
                ptr::from_ref(text).cast_mut().cast(),
                usize::from(!text.is_null()),
            )
        };
        Some(match datatype {
            kind::DN => single(&self.dn),
            kind::POOL_INDEX => single(&self.pool_index),
            kind::UID => array(self.mapping.uids()),
            kind::PRI_GID => array(self.mapping.primary_gids()),
            kind::SEC_GID => array(self.mapping.secondary_gids()),
            kind::LCMAPS_VO_CRED => array(&self.vo_credentials),
            kind::LCMAPS_VO_CRED_STRING => array(&self.vo_strings),
            kind::LCMAPS_VO_CRED_MAPPING => array(&self.vo_mappings),
            _ => return None,
        })
    }
}

fn view(text: Option<&CString>) -> *mut c_char {
    text.map_or(ptr::null_mut(), |text| text.as_ptr().cast_mut())
}

/// # Safety
/// `text` is NULL or a NUL-terminated string.
unsafe fn string(text: *const c_char) -> Option<CString> {
    // SAFETY: not NULL, and the caller vouches for the rest.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_owned())
}

/// # Safety
/// `data` points to a `char *` that is NULL or a NUL-terminated string.
unsafe fn string_behind(data: *const c_void) -> Option<CString> {
    // SAFETY: the caller vouches for both steps.
    unsafe { string(data.cast::<*const c_char>().read()) }
}
