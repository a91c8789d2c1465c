//! `lcmaps_globus.h`: mapping by GSS credentials of Globus.

use std::ffi::CString;

use lc_log::Level;
use lcmaps_certificates_client::Chain;
use lcmaps_core::{CredentialKind, Mode, Selection, verdict};
use lcmaps_sys::lcmaps_request_t;
use libc::{c_char, c_int, c_void};

use crate::certificates;
use crate::context::{self, Prepared};
use crate::guard::guard;
use crate::inputs;
use crate::logging::log;
use crate::outputs::{accept_username, give_text};
use crate::run_arguments::Borrowed;

/// Runs all policies for a GSS credential. What modules register can be read with `getCredentialData`.
///
/// # Returns
/// 0 if a policy succeeded, else 1.
///
/// # Safety
/// - `user_dn_tmp`: ignored; the name is that of the chain's end entity.
/// - `user_cred`: NULL (refused) or a `gss_cred_id_t` of Globus; borrowed.
/// - `request`: passed on to modules; borrowed.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_run(
    _user_dn_tmp: *mut c_char,
    user_cred: *mut c_void,
    request: lcmaps_request_t,
) -> c_int {
    const NAME: &str = "lcmaps_run";
    guard(NAME, 1, || {
        let done = context::default().run(
            NAME,
            Mode::Run,
            || Ok(Selection::default()),
            // SAFETY: the caller passes NULL or a credential.
            || unsafe { from_gss(user_cred, request) },
            |_| Ok(()),
        );
        c_int::from(done.is_none())
    })
}

/// Maps a GSS credential to a user name.
///
/// # Returns
/// 0 if a policy succeeded and the first user id found has an account; else 1.
///
/// # Safety
/// - `user_dn_tmp`, `user_cred`, `request`: as for `lcmaps_run`.
/// - `usernamep`: NULL (refused) or writable. Going in, `*usernamep` is NULL or the user name that is asked
///   for (borrowed); coming out, NULL or a name that the caller frees with `free()`.
/// - `policynames`: `npols` strings, or NULL with 0; borrowed.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_run_and_return_username(
    _user_dn_tmp: *mut c_char,
    user_cred: *mut c_void,
    request: lcmaps_request_t,
    usernamep: *mut *mut c_char,
    npols: c_int,
    policynames: *mut *mut c_char,
) -> c_int {
    const NAME: &str = "lcmaps_run_and_return_username";
    guard(NAME, 1, || {
        let mut requested: Option<CString> = None;
        if !usernamep.is_null() {
            // SAFETY: not NULL; the caller passes NULL or a NUL-terminated string behind it.
            requested = unsafe { inputs::optional(*usernamep) };
            // SAFETY: not NULL, and the caller says it can be written to.
            unsafe { *usernamep = std::ptr::null_mut() };
        }
        let name = context::default().run(
            NAME,
            Mode::Run,
            // SAFETY: the caller passes a list of that many names.
            || unsafe { inputs::selection(policynames, npols) },
            || {
                if usernamep.is_null() {
                    return Err("the caller left no place for the user name (NULL pointer)".into());
                }
                // SAFETY: the caller passes NULL or a credential.
                let mut prepared = unsafe { from_gss(user_cred, request) }?;
                prepared.credential.requested_username = requested;
                Ok(prepared)
            },
            accept_username,
        );
        // SAFETY: a name means that the pointer was checked.
        name.map_or(1, |name| unsafe { give_text(usernamep, &name) })
    })
}

/// Maps a GSS credential to a lease name.
///
/// # Returns
/// 0 if a policy succeeded and a lease was registered; else 1.
///
/// # Safety
/// - `user_dn_tmp`, `user_cred`, `request`: as for `lcmaps_run`.
/// - `poolindexp`: NULL (refused) or writable; on success a string that the caller frees with `free()`.
/// - `policynames`: `npols` strings, or NULL with 0; borrowed.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_run_and_return_poolindex(
    _user_dn_tmp: *mut c_char,
    user_cred: *mut c_void,
    request: lcmaps_request_t,
    poolindexp: *mut *mut c_char,
    npols: c_int,
    policynames: *mut *mut c_char,
) -> c_int {
    const NAME: &str = "lcmaps_run_and_return_poolindex";
    guard(NAME, 1, || {
        let index = context::default().run(
            NAME,
            Mode::Run,
            // SAFETY: the caller passes a list of that many names.
            || unsafe { inputs::selection(policynames, npols) },
            || {
                if poolindexp.is_null() {
                    return Err("the caller left no place for the pool index (NULL pointer)".into());
                }
                // SAFETY: the caller passes NULL or a credential.
                unsafe { from_gss(user_cred, request) }
            },
            |mapping| {
                mapping
                    .pool_index()
                    .cloned()
                    .ok_or_else(|| verdict::Refusal::NoPoolIndex.to_string())
            },
        );
        // SAFETY: a lease means that the pointer was checked.
        index.map_or(1, |index| unsafe {
            give_text(poolindexp, index.as_bytes())
        })
    })
}

/// # Safety
/// `credential` is NULL or a `gss_cred_id_t` of Globus.
unsafe fn from_gss(credential: *mut c_void, request: lcmaps_request_t) -> Result<Prepared, String> {
    if credential.is_null() {
        log(Level::Warning, "empty credential found !");
        return Err("user DN empty: there is no credential to take it from".to_owned());
    }
    // SAFETY: not NULL, and the caller vouches for the rest.
    let chain = unsafe { Chain::from_gss(credential) }?;
    let borrowed = Borrowed {
        request,
        gss_credential: credential,
        ..Borrowed::default()
    };
    Ok(certificates::prepared(CredentialKind::Gss, chain, borrowed))
}
