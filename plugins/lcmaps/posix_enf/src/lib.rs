//! LCMAPS module `lcmaps_posix_enf`: makes the calling process the account that the policy found.
#![deny(unsafe_code)]

mod options;

use std::fmt::Write as _;

use lc_os::{Gid, Identity, account_by_uid};
use lcmaps_plugin::{Failure, Init, Level, Module, Run, Shown};
use nix::unistd::{geteuid, getgroups, getresgid, getresuid};

use crate::options::Options;

/// The module with its configuration.
struct PosixEnf {
    options: Options,
}

impl PosixEnf {
    /// Who the mapping says that the process should be.
    fn identity(&self, run: &Run<'_>) -> Result<Identity, Failure> {
        let uids = run.registered_uids();
        let primary_gids = run.registered_primary_gids();
        let groups = run.registered_secondary_gids();
        within("uids", uids.len(), self.options.uids)?;
        within(
            "primary gids",
            primary_gids.len(),
            self.options.primary_gids,
        )?;
        within("secondary gids", groups.len(), self.options.secondary_gids)?;
        let gid = primary_gids.first().copied();
        let gid = gid.ok_or_else(|| missing("primary gid"))?;
        let uid = uids.first().copied().ok_or_else(|| missing("uid"))?;
        not_root("uid", uid.as_raw())?;
        not_root("primary gid", gid.as_raw())?;
        for group in &groups {
            not_root("secondary gid", group.as_raw())?;
        }
        Ok(Identity { uid, gid, groups })
    }
}

/// Policies without a limit take what the modules found, which is ordinarily one uid and one primary gid.
fn within(what: &str, count: usize, most: Option<usize>) -> Result<(), Failure> {
    match most {
        Some(most) if count > most => Err(Failure::at(
            Level::Error,
            format_args!("the mapping has {count} {what}, and the configuration allows {most}"),
        )),
        _ => Ok(()),
    }
}

fn missing(what: &str) -> Failure {
    Failure::error(format_args!(
        "the mapping has no {what}: a module in front of this one must find the account"
    ))
}

fn not_root(what: &str, id: u32) -> Result<(), Failure> {
    if id == 0 {
        return Err(Failure::error(format_args!(
            "the mapping has {what} 0, and no process is switched to root"
        )));
    }
    Ok(())
}

/// Who this process is, in the form that operators know.
fn describe() -> Result<String, Failure> {
    let (uids, gids) = (getresuid()?, getresgid()?);
    let name = match account_by_uid(uids.real.as_raw()) {
        Ok(Some(account)) => Shown(account.name.to_bytes()).to_string(),
        // Only a name for a line of the log.
        Ok(None) | Err(_) => "NULL".to_owned(),
    };
    let mut text = format!(
        "uid={}({name}),euid={},gid={},egid={}",
        uids.real, uids.effective, gids.real, gids.effective
    );
    for group in getgroups()?.into_iter().map(Gid::as_raw) {
        write!(text, ",sgid={group}")?;
    }
    Ok(text)
}

impl Module for PosixEnf {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        Ok(Self {
            options: Options::read(init)?,
        })
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        let identity = self.identity(run)?;
        if !geteuid().is_root() {
            return Err(Failure::error(format_args!(
                "only root can change who it is, and this process has uid {} and effective uid {}",
                nix::unistd::getuid(),
                geteuid()
            )));
        }
        if !nix::unistd::getuid().is_root() {
            run.log()
                .info(format_args!("pre-id-switch: {}", describe()?));
        }
        identity.take(self.options.uid, self.options.gid)?;
        run.log()
            .info(format_args!("post-id-switch: {}", describe()?));
        Ok(())
    }

    /// A question, after which the caller is who it was.
    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.identity(run).map(drop)
    }
}

lcmaps_plugin::export_module!(PosixEnf, "lcmaps_posix_enf");
