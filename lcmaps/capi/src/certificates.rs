//! What callers of the functions that take certificates pass in, and the credential made of it.

use std::ffi::{CStr, c_char, c_int};
use std::{ptr, slice};

use lcmaps_certificates_client::{Chain, Voms};
use lcmaps_core::{Credential, CredentialKind, Gid};
use libc::gid_t;

use crate::context::Prepared;
use crate::run_arguments::Borrowed;
use crate::vo_attributes;

/// A string that is only looked at. `None` for NULL.
///
/// # Safety
/// `text` is NULL or a NUL-terminated string that stays unchanged for `'a`.
#[must_use]
pub unsafe fn borrowed<'a>(text: *const c_char) -> Option<&'a CStr> {
    // SAFETY: not NULL, and the caller vouches for the rest.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}

/// A counted list of group ids.
///
/// # Errors
/// For a count without a list.
///
/// # Safety
/// `list` is NULL or points to `count` ids.
pub unsafe fn gids(list: *const gid_t, count: c_int, what: &str) -> Result<Vec<Gid>, String> {
    let count = usize::try_from(count).unwrap_or(0);
    if count == 0 {
        return Ok(Vec::new());
    }
    if list.is_null() {
        return Err(format!("{count} {what} announced, but the list is NULL"));
    }
    // SAFETY: the caller vouches for the number of elements.
    Ok(unsafe { slice::from_raw_parts(list, count) }
        .iter()
        .map(|&gid| Gid(gid))
        .collect())
}

/// A credential that comes from certificates: the name is the end entity's, the FQANs are those of
/// its VOMS attributes.
#[must_use]
pub fn prepared(kind: CredentialKind, chain: Chain, borrowed: Borrowed) -> Prepared {
    let voms = vo_attributes::of(&chain);
    let credential = Credential {
        fqans: voms.as_ref().map_or_else(Vec::new, |voms| {
            voms.fqans().into_iter().map(CStr::to_owned).collect()
        }),
        ..Credential::new(kind, chain.dn().to_owned())
    };
    let borrowed = Borrowed {
        certificate: chain.leaf(),
        chain: chain.stack(),
        voms_data: voms.as_ref().map_or(ptr::null_mut(), Voms::data),
        ..borrowed
    };
    Prepared {
        credential,
        borrowed,
        warnings: chain.warnings().to_vec(),
        _kept: Some(Box::new((chain, voms))),
    }
}
