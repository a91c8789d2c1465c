//! Adding an account to the mapping.

use std::ffi::CString;

use lc_os::{Account, account_by_name};
use lcmaps_plugin::{Failure, Level, Run, Shown};

use crate::hints::CR_LF_HINT;
use crate::{AccountGids, Request};

/// The account that a map file or a pool names.
///
/// # Errors
/// There is no such account, the name service cannot tell, or it is not the one that was asked for.
pub fn find_account(request: &Request, name: &[u8]) -> Result<Account, Failure> {
    let unknown = || {
        let hint = if name.ends_with(b"\r") {
            CR_LF_HINT
        } else {
            ""
        };
        let shown = Shown(name.strip_suffix(b"\r").unwrap_or(name));
        Failure::at(
            Level::Warning,
            format_args!("no user account found with the name \"{shown}\"{hint}"),
        )
    };
    let name = CString::new(name).map_err(|_| unknown())?;
    let account = match request.known_account(&name) {
        Some(account) => account.clone(),
        None => account_by_name(&name)?.ok_or_else(unknown)?,
    };
    request.admit(&account)?;
    Ok(account)
}

/// Adds the uid of an account and these of its gids to the mapping.
///
/// # Errors
/// The account is root's, its groups cannot be looked up, or the host does not take the ids.
pub fn adopt(run: &Run<'_>, account: &Account, gids: AccountGids) -> Result<(), Failure> {
    let name = Shown(account.name.to_bytes());
    if account.uid.is_root() {
        return Err(Failure::error(format_args!(
            "account {name} has uid 0, and nobody is mapped to root"
        )));
    }
    // Looked up before anything is added: a failure leaves no half of an account behind.
    let groups = if gids.groups {
        account.groups()?
    } else {
        Vec::new()
    };
    run.add_uid(account.uid)?;
    if gids.primary {
        run.add_primary_gid(account.primary_gid)?;
    }
    if gids.primary_as_secondary {
        run.add_secondary_gid(account.primary_gid)?;
    }
    for gid in groups {
        run.add_secondary_gid(gid)?;
    }
    run.log().debug(format_args!(
        "account {name}: uid {}, gid {}",
        account.uid, account.primary_gid
    ));
    Ok(())
}
