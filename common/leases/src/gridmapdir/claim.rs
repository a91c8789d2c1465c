//! Linking an account to a lease, and removing a lease that stands for nothing.

use std::fs::{File, TryLockError};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::errno::Errno;
use nix::fcntl::OFlag;

use super::directory::{Directory, Stat};
use super::existing::Old;
use super::note;
#[cfg(test)]
use super::tests::{Point, reached};
use crate::error::{LeaseError, Problem};
use crate::name::LeaseName;
use crate::store::{Suitability, Suitable};

/// Leases that are being removed are called so. The original skips names with a
/// leading dot or a tilde when it looks for accounts.
pub(crate) const REMOVED: &[u8] = b".lcmaps-removed-";
pub(crate) const DISPLACED: &[u8] = b".lcmaps-displaced-";

/// A removed lease that is still there after this time was left by a process
/// that was killed.
const ABANDONED: Duration = Duration::from_secs(10);

/// How often to look whether a rival backs off, and how long to wait each time.
const RIVAL_LOOKS: usize = 4;
const RIVAL_WAIT: Duration = Duration::from_micros(100);

/// What became of an attempt to lease an account.
pub(crate) enum Claim {
    /// The account is leased.
    Leased,
    /// It is not free.
    Taken,
    /// Somebody else is about to lease it, or may back off from it.
    Contended,
    /// The lease exists now, or did for a moment; look at everything again.
    Changed,
    /// It cannot be leased, and that should be repaired.
    Unusable(LeaseError),
}

/// The attempt to lease accounts under a name.
pub(crate) struct Claimant<'a> {
    pub(crate) dir: &'a Directory<'a>,
    pub(crate) name: &'a LeaseName,
    /// What stands under the name and has to go before an account is linked.
    pub(crate) old: Option<Old>,
    pub(crate) respect_locks: bool,
    /// Whether an account can be given out.
    pub(crate) suitable: Option<Suitable<'a>>,
}

impl Claimant<'_> {
    /// Tries to lease one account.
    pub(crate) fn claim(&mut self, account: &[u8]) -> Result<Claim, LeaseError> {
        let (dir, lease) = (self.dir, self.name.as_bytes());
        let Some(listed) = dir.stat(account)? else {
            return Ok(Claim::Taken);
        };
        if !listed.is_regular() || listed.links != 1 {
            let undecided = listed.is_regular() && listed.is_unsettled();
            return Ok(if undecided {
                Claim::Contended
            } else {
                Claim::Taken
            });
        }
        match self.suitable.map(|suitable| suitable.0(account)) {
            None | Some(Suitability::Yes) => {}
            Some(Suitability::No(reason)) => {
                let path = dir.entry(account);
                return Ok(Claim::Unusable(LeaseError::Unsuitable { path, reason }));
            }
            Some(Suitability::Undecided(reason)) => {
                let path = dir.entry(account);
                return Err(LeaseError::Undecided { path, reason });
            }
        }
        // As in the original, an account that may not be written is not leased.
        let entry = match dir.open_file(account, OFlag::O_WRONLY | OFlag::O_APPEND) {
            Ok(entry) => entry,
            Err(Errno::ENOENT | Errno::ELOOP) => return Ok(Claim::Taken),
            Err(errno @ (Errno::EACCES | Errno::EPERM)) => {
                return Ok(Claim::Unusable(dir.error("open", account, errno)));
            }
            Err(errno) => return Err(dir.error("open", account, errno)),
        };
        if self.is_locked(&entry) {
            return Ok(Claim::Contended);
        }
        let free = dir.stat_file(account, &entry)?;
        if !free.same_file(&listed) || free.links != 1 {
            return Ok(Claim::Taken);
        }
        if let Some(old) = self.old.take()
            && !self.remove(&old)?
        {
            return Ok(Claim::Changed);
        }
        #[cfg(test)]
        reached(Point::BeforeLink);
        match dir.link(account, lease) {
            Ok(()) => {}
            Err(Errno::EEXIST) => return Ok(Claim::Changed),
            Err(Errno::ENOENT | Errno::EMLINK) => return Ok(Claim::Taken),
            Err(errno) => return Err(dir.error("link an account to the lease", lease, errno)),
        }
        #[cfg(test)]
        reached(Point::AfterLink);
        let claim = self.settle(&free)?;
        if matches!(claim, Claim::Leased) {
            note::write_new(&entry, &free, account);
        }
        Ok(claim)
    }

    /// Whether something else stands under the lease name than when it was
    /// inspected: another process of the same user was faster, and it may have
    /// the very account that seems to be taken.
    pub(crate) fn has_lease_changed(&self) -> Result<bool, LeaseError> {
        let now = self.dir.stat(self.name.as_bytes())?;
        Ok(match (now, &self.old) {
            (None, old) => old.is_some(),
            (Some(_), None) => true,
            (Some(now), Some(old)) => !now.same_file(&old.stat) || now.links != old.stat.links,
        })
    }

    /// After linking: is the account ours alone?
    fn settle(&self, account: &Stat) -> Result<Claim, LeaseError> {
        let (dir, lease) = (self.dir, self.name.as_bytes());
        for _ in 0..RIVAL_LOOKS {
            let Some(now) = dir.stat(lease)?.filter(|now| now.same_file(account)) else {
                return Ok(Claim::Changed);
            };
            match now.links {
                0 | 1 => return Ok(Claim::Changed),
                2 => {
                    #[cfg(test)]
                    reached(Point::BeforeTouch);
                    // Whoever links the account from now on will back off.
                    let sure = dir.touch(lease)? && dir.is_file(lease, account)?;
                    return Ok(if sure { Claim::Leased } else { Claim::Changed });
                }
                _ => std::thread::sleep(RIVAL_WAIT),
            }
        }
        #[cfg(test)]
        reached(Point::BeforeBackingOff);
        dir.unlink(lease)?;
        Ok(Claim::Contended)
    }

    /// Removes the old file under the lease name, and nothing else; `false` when
    /// something else is there now.
    fn remove(&self, old: &Old) -> Result<bool, LeaseError> {
        let (dir, lease) = (self.dir, self.name.as_bytes());
        if let Some(file) = &old.file {
            // It was locked for sharing while it was looked at.
            let _ = file.unlock();
            if self.is_locked(file) {
                return Ok(false);
            }
        }
        let now = dir.stat(lease)?;
        if !now.is_some_and(|now| now.same_file(&old.stat) && now.links == old.stat.links) {
            return Ok(false);
        }
        #[cfg(test)]
        reached(Point::BeforeRemoving);
        let aside = hidden(REMOVED);
        if !dir.rename(lease, &aside)? {
            return Ok(false);
        }
        #[cfg(test)]
        reached(Point::MovedAside);
        match dir.stat(&aside)? {
            Some(moved) if moved.same_file(&old.stat) => {
                dir.unlink(&aside)?;
                Ok(true)
            }
            None => Ok(false),
            // Somebody without our lock has replaced the lease just now.
            Some(_) => match dir.link(&aside, lease) {
                Ok(()) => {
                    dir.unlink(&aside)?;
                    Ok(false)
                }
                Err(Errno::EEXIST) => {
                    let displaced = hidden(DISPLACED);
                    dir.rename(&aside, &displaced)?;
                    let name = self.name.clone();
                    Err(dir.damaged(&displaced, Problem::Displaced { name }))
                }
                Err(errno) => Err(dir.error("put back", lease, errno)),
            },
        }
    }

    /// The same, as long as locks are respected.
    fn is_locked(&self, file: &File) -> bool {
        self.respect_locks && is_locked(file)
    }
}

/// Locks the file; whether somebody else has it locked. A file system without locks counts as not
/// locked.
pub(crate) fn is_locked(file: &File) -> bool {
    matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Removes what a killed process had moved aside; whether there was something.
pub(crate) fn reclaim(dir: &Directory<'_>, aside: &[u8]) -> Result<bool, LeaseError> {
    let Ok(file) = dir.open_file(aside, OFlag::O_RDONLY) else {
        return Ok(false);
    };
    if file.try_lock().is_err() {
        return Ok(false);
    }
    let stat = dir.stat_file(aside, &file)?;
    // Moving it aside was a change.
    #[cfg(test)]
    let stat = super::tests::aged(stat);
    if !stat.is_regular() || !stat.unchanged_for(ABANDONED) {
        return Ok(false);
    }
    dir.unlink(aside)?;
    Ok(true)
}

/// A name that no other process or thread uses.
pub(crate) fn hidden(prefix: &[u8]) -> Vec<u8> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let time = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let counter = COUNTER.fetch_add(1, Ordering::Relaxed);
    let unique = format!("{}-{counter}-{}~", process::id(), time.as_nanos());
    [prefix, unique.as_bytes()].concat()
}
