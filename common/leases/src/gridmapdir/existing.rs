//! What stands under a lease name now.

use std::fs::{File, TryLockError};

use nix::fcntl::OFlag;

use super::directory::{Directory, Stat};
use super::note;
use super::patience::Again;
use crate::error::{LeaseError, Problem};
use crate::name::LeaseName;

/// How many names an error about superfluous links lists.
const NAMES_IN_ERROR: usize = 4;

/// What stands under a lease name.
pub(crate) enum Held {
    /// Nothing.
    Nothing,
    /// A file that is no account's.
    Stale(Old),
    /// A lease.
    Account(Found),
}

/// A file under a lease name that may have to go.
pub(crate) struct Old {
    pub(crate) stat: Stat,
    /// Kept open for its lock; `None` when it may not be read.
    pub(crate) file: Option<File>,
}

/// A lease and its account.
pub(crate) struct Found {
    pub(crate) account: Vec<u8>,
    pub(crate) old: Old,
    /// The account was not known from the note.
    searched: bool,
}

/// The outcome of one step.
pub(crate) type Step<T> = Result<Result<T, Again>, LeaseError>;

/// Finds out what stands under the name.
pub(crate) fn inspect(dir: &Directory<'_>, name: &LeaseName, respect_locks: bool) -> Step<Held> {
    let lease = name.as_bytes();
    let Some(stat) = dir.stat(lease)? else {
        return Ok(Ok(Held::Nothing));
    };
    if !stat.is_regular() {
        return Err(dir.damaged(lease, Problem::NotRegular));
    }
    if stat.links > 2 {
        return Ok(Err(Again::TooManyLinks));
    }
    if stat.is_unsettled() {
        return Ok(Err(Again::InUse));
    }
    // Not being allowed to read it only costs a search.
    let file = dir.open_file(lease, OFlag::O_RDONLY).ok();
    if let (Some(file), true) = (&file, respect_locks)
        && matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    {
        return Ok(Err(Again::InUse));
    }
    let noted = file.as_ref().and_then(note::read);
    let old = Old { stat, file };
    if stat.links == 1 {
        return Ok(Ok(Held::Stale(old)));
    }
    if let Some(account) = noted
        && dir.is_pair(&account, &stat)?
    {
        let searched = false;
        return Ok(Ok(Held::Account(Found {
            account,
            old,
            searched,
        })));
    }
    if let Some(account) = partner(dir, lease, &stat)? {
        let searched = true;
        return Ok(Ok(Held::Account(Found {
            account,
            old,
            searched,
        })));
    }
    if dir.is_pair(lease, &stat)? {
        return Ok(Ok(Held::Stale(old)));
    }
    Ok(Err(Again::Changed))
}

impl Found {
    /// Marks the lease as used and makes sure that it is still there. The file
    /// had no other names when it was inspected, so a further one is a rival's
    /// that will back off.
    pub(crate) fn confirm(self, dir: &Directory<'_>, name: &LeaseName) -> Step<Vec<u8>> {
        let lease = name.as_bytes();
        let Self {
            account,
            old,
            searched,
        } = self;
        // Marked first: whoever removes unused leases and has not decided yet
        // sees that this one is in use.
        let sure = dir.touch(lease)?
            && dir.is_file(&account, &old.stat)?
            && dir.is_file(lease, &old.stat)?;
        if !sure {
            return Ok(Err(Again::Changed));
        }
        if searched {
            // The note is written under a lock of its own.
            drop(old.file);
            note::refresh(dir, lease, &old.stat, &account);
        }
        Ok(Ok(account))
    }

    /// Makes sure of the lease without marking it.
    pub(crate) fn still_there(self, dir: &Directory<'_>, name: &LeaseName) -> Step<Vec<u8>> {
        let sure = dir.is_file(name.as_bytes(), &self.old.stat)?;
        Ok(if sure {
            Ok(self.account)
        } else {
            Err(Again::Changed)
        })
    }
}

/// Searches the directory for the other name of a lease's file.
fn partner(dir: &Directory<'_>, lease: &[u8], file: &Stat) -> Result<Option<Vec<u8>>, LeaseError> {
    let mut partner = None;
    dir.list(|name, inode| {
        if inode == file.inode && name != lease && dir.is_pair(name, file)? {
            partner = Some(name.to_vec());
        }
        Ok(partner.is_none())
    })?;
    if partner.is_some() {
        return Ok(partner);
    }
    // Some file systems list other inode numbers than they report. The answer
    // "no account" makes the lease go, so it has to be certain.
    dir.list(|name, _| {
        if name != lease && dir.is_pair(name, file)? {
            partner = Some(name.to_vec());
        }
        Ok(partner.is_none())
    })?;
    Ok(partner)
}

/// The error for an entry that keeps its superfluous links.
pub(crate) fn too_many_links(dir: &Directory<'_>, name: &[u8]) -> LeaseError {
    let mut others = Vec::new();
    let stat = match dir.stat(name) {
        Ok(Some(stat)) => stat,
        Ok(None) => return dir.damaged(name, Problem::TooManyLinks { links: 0, others }),
        Err(error) => return error,
    };
    let listed = dir.list(|other, inode| {
        if inode == stat.inode && other != name {
            others.push(other.to_vec());
        }
        Ok(others.len() < NAMES_IN_ERROR)
    });
    match listed {
        Ok(()) => dir.damaged(
            name,
            Problem::TooManyLinks {
                links: stat.links,
                others,
            },
        ),
        Err(error) => error,
    }
}
