//! Taking a lease away while services run.

use std::time::SystemTime;

use nix::errno::Errno;
use nix::fcntl::OFlag;

use super::GridMapDir;
use super::claim::{DISPLACED, REMOVED, hidden, is_locked};
use super::directory::Directory;
#[cfg(test)]
use super::tests::{Point, reached};
use crate::error::{LeaseError, Problem};
use crate::name::LeaseName;

/// What came of an attempt to take a lease away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Release {
    /// The lease is gone and its account free.
    Done,
    /// There is no such lease (any more).
    Absent,
    /// A mapping uses it at this moment, or has used it since it was looked at.
    InUse,
    /// The caller decided to keep it.
    Kept,
}

impl GridMapDir {
    /// Takes a lease away, or the rest of one whose account is gone.
    ///
    /// `seen` is the time of its last use when the decision was made: a lease that a mapping has used since stays.
    /// `consent` is asked while services of this implementation are kept from believing the lease, so it should not
    /// take longer than a few hundredths of a second; say there whether processes of the account still run.
    ///
    /// # Why nobody loses an account that he was just given
    /// Whoever finds a lease first marks it as used and then looks whether it is still there. The lease gets a hidden
    /// name first, which reserves the account, and its time is looked at again: either the mark is seen, and the lease
    /// is put back, or the mapping finds it gone and makes a new one.
    ///
    /// # Errors
    /// The directory cannot be used, or the entry is no lease.
    pub fn release(
        &self,
        name: &LeaseName,
        seen: SystemTime,
        consent: impl FnOnce() -> bool,
    ) -> Result<Release, LeaseError> {
        let dir = Directory::open(self.path())?;
        let lease = name.as_bytes();
        let Some(stat) = dir.stat(lease)? else {
            return Ok(Release::Absent);
        };
        if !stat.is_regular() {
            return Err(dir.damaged(lease, Problem::NotRegular));
        }
        if stat.links > 2 || stat.is_unsettled() || stat.modified() != seen {
            return Ok(Release::InUse);
        }
        let file = match dir.open_file(lease, OFlag::O_RDONLY) {
            Ok(file) => file,
            Err(Errno::ENOENT) => return Ok(Release::Absent),
            Err(errno) => return Err(dir.error("open", lease, errno)),
        };
        if is_locked(&file) {
            return Ok(Release::InUse);
        }
        let unused = |name: &[u8]| -> Result<bool, LeaseError> {
            let now = dir.stat(name)?;
            Ok(now.is_some_and(|now| {
                now.same_file(&stat) && now.links == stat.links && now.modified() == seen
            }))
        };
        if !unused(lease)? {
            return Ok(Release::InUse);
        }
        if !consent() {
            return Ok(Release::Kept);
        }
        let aside = hidden(REMOVED);
        if !dir.rename(lease, &aside)? {
            return Ok(Release::Absent);
        }
        #[cfg(test)]
        reached(Point::MovedAside);
        if unused(&aside)? {
            dir.unlink(&aside)?;
            return Ok(Release::Done);
        }
        put_back(&dir, &aside, name)?;
        Ok(Release::InUse)
    }
}

/// Gives a lease its name back.
fn put_back(dir: &Directory<'_>, aside: &[u8], name: &LeaseName) -> Result<(), LeaseError> {
    match dir.link(aside, name.as_bytes()) {
        Ok(()) => dir.unlink(aside),
        Err(Errno::EEXIST) => {
            // Its owner has made another one already; nobody knows which of the two is in use.
            let displaced = hidden(DISPLACED);
            dir.rename(aside, &displaced)?;
            let name = name.clone();
            Err(dir.damaged(&displaced, Problem::Displaced { name }))
        }
        Err(errno) => Err(dir.error("put back", name.as_bytes(), errno)),
    }
}
