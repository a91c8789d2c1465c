//! The frame of the interfaces that return an account.

use lcmaps_core::{Mode, Selection};
use libc::c_int;

use crate::context::{self, Prepared};
use crate::guard::guard;
use crate::outputs::{AccountOut, Ownership, accept_account};

/// Runs a credential through the policies and writes the account it is mapped to.
///
/// `selection` and `prepare` read what the caller of `function` passed, once there is a session.
///
/// # Returns
/// 0, or 1 after a refusal, which is logged; nothing is written then.
///
/// # Safety
/// The pointers of `out` that are not NULL can be written to.
pub unsafe fn run_account(
    function: &'static str,
    out: AccountOut,
    ownership: Ownership,
    selection: impl FnOnce() -> Result<Selection, String>,
    prepare: impl FnOnce() -> Result<Prepared, String>,
) -> c_int {
    guard(function, 1, || {
        let checked = || out.check().and_then(|()| prepare());
        let uid = context::default().run(function, Mode::Run, selection, checked, accept_account);
        // SAFETY: a user id means that the pointers were checked.
        uid.map_or(1, |uid| unsafe { out.write(uid, ownership) })
    })
}
