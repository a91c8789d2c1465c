//! Which accounts a payload can run as.
#![forbid(unsafe_code)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use lc_os::Account;
use nix::unistd::{Gid, Uid};

use crate::configuration_file::READER;
use crate::failure::Failure;
use crate::root::{Ids, MOST_GROUPS};
use crate::settings::Settings;

/// An account that was found good.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its ids.
    pub ids: Ids,
    name: std::ffi::CString,
    home: PathBuf,
}

impl Target {
    /// Takes what LCMAPS said. Never root, no account of the system, none without an entry.
    ///
    /// # Errors
    /// The account is refused, or cannot be looked up.
    pub fn check(account: &lcmaps_client::Account, settings: &Settings) -> Result<Self, Failure> {
        let gid = account.primary_gids.first();
        let gid = gid
            .ok_or_else(|| Failure::refused("the mapping has no primary gid"))?
            .0;
        let uid = account.uid.0;
        let mut groups: Vec<u32> = account
            .primary_gids
            .iter()
            .chain(&account.secondary_gids)
            .map(|gid| gid.0)
            .collect();
        groups.sort_unstable();
        groups.dedup();
        id("uid", uid, settings.minimum_uid)?;
        id("primary gid", gid, settings.minimum_gid)?;
        for gid in &groups {
            // Accounts are in groups like audio and cdrom; what counts is that none is root's.
            id("gid", *gid, 1)?;
        }
        if groups.len() > MOST_GROUPS {
            return Err(Failure::refused(
                "the mapping has more groups than a process can have",
            ));
        }
        let entry = lc_os::account_by_uid(uid).map_err(Failure::internal)?;
        let entry = entry.ok_or_else(|| {
            Failure::refused(format_args!("uid {uid} of the mapping has no account"))
        })?;
        if entry.name.to_bytes() == READER.as_bytes() {
            return Err(Failure::refused(
                "the mapping is to the account of gLExec itself",
            ));
        }
        let ids = Ids {
            uid: Uid::from_raw(uid),
            gid: Gid::from_raw(gid),
            groups: groups.into_iter().map(Gid::from_raw).collect(),
        };
        Ok(Self::of(entry, ids))
    }

    /// The account that the payload has when nothing is switched: the caller's.
    #[must_use]
    pub fn of(entry: Account, ids: Ids) -> Self {
        Self {
            ids,
            name: entry.name,
            home: entry.home,
        }
    }

    /// The name of the account.
    #[must_use]
    pub fn name(&self) -> &OsStr {
        OsStr::from_bytes(self.name.to_bytes())
    }

    /// Its home, `/` when the entry has none.
    #[must_use]
    pub fn home(&self) -> &Path {
        match self.home.is_absolute() {
            true => &self.home,
            false => Path::new("/"),
        }
    }
}

fn id(what: &str, id: u32, least: u32) -> Result<(), Failure> {
    if id == 0 || id == u32::MAX {
        return Err(Failure::refused(format_args!(
            "the mapping has {what} {id}, which no payload gets"
        )));
    }
    if id < least {
        return Err(Failure::refused(format_args!(
            "the mapping has {what} {id}, and the least that a payload gets is {least}"
        )));
    }
    Ok(())
}
