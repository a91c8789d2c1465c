//! Leases as hard links in a directory, shared with other implementations.

mod choose;
mod claim;
mod directory;
mod existing;
mod free;
mod note;
mod patience;
mod release;
mod survey;
#[cfg(test)]
mod tests;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

pub use release::Release;
pub use survey::{Held as HeldLease, Odd, Oddity, Survey};

use choose::{Choice, choose};
use claim::{Claim, Claimant};
use directory::Directory;
use existing::{Found, Held, Step, inspect, too_many_links};
use free::FreeAccounts;
use patience::{Again, Patience};

use crate::error::{LeaseError, Problem};
use crate::store::{Lease, LeaseStore, Origin, Request};

/// A gridmapdir (or groupmapdir).
///
/// The directory holds one regular file per account. A lease is a hard link to
/// it whose name is the [lease name](crate::LeaseName). An account with one name
/// is free, one with two names is leased; more names are a collision or damage.
/// The directory may be in use by the original implementation, by Argus and by
/// this one at the same time.
///
/// # A user who comes back
/// costs the same in a directory of any size: the file holds the account's name
/// as a note, which counts only if that entry proves to be the same file. Where
/// there is no note the directory is listed once, and the note is written.
///
/// # Why no account ever has two owners
/// Every implementation makes a lease L on an account A in the same way: it sees
/// that A has one name, calls `link(A, L)`, and looks at L. Only if the file has
/// two names then, it succeeds; otherwise it removes L again.
///
/// 1. *Two users, any mix of implementations.* Suppose P succeeds with L and Q
///    with M, both on A, and P linked first. When Q looked, the file had A and M
///    for names, and L unless somebody had removed it. Q saw two names, so L had
///    been removed. But P did not remove it, having succeeded, and nobody else
///    removes the lease of one who succeeds (2 and 3). So it cannot be. That the
///    file system does links on one inode one after the other is all that is
///    assumed; no lock is.
/// 2. *One user, processes of this implementation.* R could find L while its
///    maker P, not having succeeded, is about to remove it. So P holds an
///    exclusive `flock` on A's file from before `link` until it has decided, and
///    R takes a shared one on that file before it believes L. In the same way
///    the holder of an exclusive lock on a stale lease is the only one to remove
///    it. And no two processes of this implementation ever link one account at
///    a time.
/// 3. *One user, mixed implementations.* The original takes no locks. A lease is
///    not believed if it was linked less than 50 ms ago and not confirmed: its
///    change time is later than its modification time, until its maker sets
///    both. A stale lease is not removed but first given a hidden name and looked
///    at: if the original has put a new one there at that moment, it is put
///    back.
///
/// One thing is out of reach: an original process that meets a lease of the same
/// user in the making *and* a rival for the account, all within microseconds,
/// removes that lease although it did not make it.
///
/// Locks can be held by anyone who may read an entry, and some network file
/// systems have none. They are waited for a tenth of a second and are then
/// ignored: 1 does not need them.
///
/// # What a killed process leaves
/// Before `link`: nothing. After it: a lease, complete but for its time and
/// note, which the user's next run finds. Between the removal of a stale lease
/// and `link`: no lease, and the next run makes one. While a stale lease has its
/// hidden name: that name, which goes when the pool is next found exhausted.
/// Only if the process dies in the instant after it has linked an account that
/// the original has leased at the same moment, three names stay. Then nobody is
/// given the account, and the error lists the names.
#[derive(Debug)]
pub struct GridMapDir {
    path: PathBuf,
    free: FreeAccounts,
}

impl GridMapDir {
    /// The gridmapdir at this path. Keep the value: it remembers free accounts.
    ///
    /// # Errors
    /// There is no directory, or it may not be used.
    pub fn open(path: &Path) -> Result<Self, LeaseError> {
        Directory::open(path)?;
        Ok(Self {
            path: path.into(),
            free: FreeAccounts::default(),
        })
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes steps until one of them decides.
    fn patiently<T>(
        &self,
        request: &Request<'_>,
        mut step: impl FnMut(&Directory<'_>, &Patience) -> Step<T>,
    ) -> Result<T, LeaseError> {
        let mut patience = Patience::new(seed(request));
        loop {
            let dir = Directory::open(&self.path)?;
            let why = match step(&dir, &patience)? {
                Ok(done) => return Ok(done),
                Err(why) => why,
            };
            #[cfg(test)]
            tests::reached(tests::Point::Waiting);
            if !patience.wait(why) {
                return Err(match why {
                    Again::TooManyLinks => too_many_links(&dir, request.name.as_bytes()),
                    Again::Changed | Again::InUse => LeaseError::Busy {
                        name: request.name.clone(),
                        store: self.path.clone(),
                    },
                });
            }
        }
    }

    fn acquire_once(
        &self,
        dir: &Directory<'_>,
        request: &Request<'_>,
        respect_locks: bool,
    ) -> Step<Lease> {
        let held = match inspect(dir, request.name, respect_locks)? {
            Ok(held) => held,
            Err(why) => return Ok(Err(why)),
        };
        let (old, origin) = match held {
            Held::Account(found) if fits(request, &found.account) => {
                let confirmed = found.confirm(dir, request.name)?;
                return Ok(confirmed.map(|account| lease(request, account, Origin::Existing)));
            }
            Held::Account(found) if request.override_inconsistency => {
                (Some(found.old), Origin::Moved)
            }
            Held::Account(found) => return self.misfit(dir, request, found),
            Held::Stale(old) => (Some(old), Origin::Repaired),
            Held::Nothing => (None, Origin::Created),
        };
        let claimant = Claimant {
            dir,
            name: request.name,
            old,
            respect_locks,
            suitable: request.suitable,
        };
        let account = match request.account {
            Some(wanted) => self.claim_wanted(claimant, wanted)?,
            None => self.claim_any(claimant, request)?,
        };
        Ok(account.map(|account| lease(request, account, origin)))
    }

    /// Leases the account that was asked for.
    fn claim_wanted(&self, mut claimant: Claimant<'_>, wanted: &[u8]) -> Step<Vec<u8>> {
        let dir = claimant.dir;
        match claimant.claim(wanted)? {
            Claim::Leased => Ok(Ok(wanted.to_vec())),
            Claim::Changed => Ok(Err(Again::Changed)),
            Claim::Contended => Ok(Err(Again::InUse)),
            Claim::Unusable(error) => Err(error),
            Claim::Taken if claimant.has_lease_changed()? => Ok(Err(Again::Changed)),
            Claim::Taken => self.unavailable(dir, wanted),
        }
    }

    /// Fails because an account that was asked for cannot be had.
    fn unavailable<T>(&self, dir: &Directory<'_>, wanted: &[u8]) -> Step<T> {
        let (account, store) = (wanted.to_vec(), self.path.clone());
        Err(match dir.stat(wanted)? {
            None => LeaseError::NoSuchAccount { account, store },
            Some(stat) if !stat.is_regular() => dir.damaged(wanted, Problem::NotRegular),
            Some(stat) => match stat.links {
                0 | 1 => return Ok(Err(Again::Changed)),
                2 => LeaseError::TakenByOther { account, store },
                _ => too_many_links(dir, wanted),
            },
        })
    }

    /// Leases any account of the pool.
    fn claim_any(&self, mut claimant: Claimant<'_>, request: &Request<'_>) -> Step<Vec<u8>> {
        let pool = &request.pool;
        while let Some(account) = self.free.next(pool) {
            match claimant.claim(&account)? {
                Claim::Leased => return Ok(Ok(account)),
                Claim::Changed => return Ok(Err(Again::Changed)),
                Claim::Taken | Claim::Contended | Claim::Unusable(_) => {}
            }
        }
        // Any part of a hash will do.
        #[allow(clippy::cast_possible_truncation)]
        let seed = seed(request) as usize;
        match choose(&mut claimant, pool, seed)? {
            Choice::Leased { account, also_free } => {
                self.free.set(pool, also_free);
                Ok(Ok(account))
            }
            Choice::Changed => Ok(Err(Again::Changed)),
            Choice::Contended => Ok(Err(Again::InUse)),
            Choice::Exhausted { .. } if claimant.has_lease_changed()? => Ok(Err(Again::Changed)),
            Choice::Exhausted { accounts } => Err(LeaseError::PoolExhausted {
                pool: pool.prefix.to_vec(),
                name: request.name.clone(),
                store: self.path.clone(),
                accounts,
            }),
        }
    }

    /// Fails because of a lease whose account does not fit the request.
    fn misfit<T>(&self, dir: &Directory<'_>, request: &Request<'_>, found: Found) -> Step<T> {
        let (name, account, store) = (request.name.clone(), found.account, self.path.clone());
        let Some(wanted) = request.account else {
            return Err(LeaseError::OutsidePool {
                name,
                account,
                pool: request.pool.prefix.to_vec(),
                store,
            });
        };
        let free = dir
            .stat(wanted)?
            .is_some_and(|stat| stat.is_regular() && stat.links == 1);
        if !free {
            return self.unavailable(dir, wanted);
        }
        Err(LeaseError::HasOtherAccount {
            name,
            account,
            wanted: wanted.to_vec(),
            store,
        })
    }
}

impl LeaseStore for GridMapDir {
    fn acquire(&self, request: &Request<'_>) -> Result<Lease, LeaseError> {
        check(request)?;
        self.patiently(request, |dir, patience| {
            self.acquire_once(dir, request, patience.respects_locks())
        })
    }

    fn find(&self, request: &Request<'_>) -> Result<Option<Lease>, LeaseError> {
        check(request)?;
        self.patiently(request, |dir, patience| {
            let held = match inspect(dir, request.name, patience.respects_locks())? {
                Ok(held) => held,
                Err(why) => return Ok(Err(why)),
            };
            match held {
                Held::Account(found) if fits(request, &found.account) => {
                    let account = found.still_there(dir, request.name)?;
                    Ok(account.map(|account| Some(lease(request, account, Origin::Existing))))
                }
                Held::Account(found) => self.misfit(dir, request, found),
                Held::Nothing | Held::Stale(_) => Ok(Ok(None)),
            }
        })
    }
}

fn check(request: &Request<'_>) -> Result<(), LeaseError> {
    match request.account {
        Some(account) if !request.pool.contains(account) => Err(LeaseError::NotInPool {
            account: account.to_vec(),
            pool: request.pool.prefix.to_vec(),
        }),
        _ => Ok(()),
    }
}

fn fits(request: &Request<'_>, account: &[u8]) -> bool {
    match request.account {
        Some(wanted) => account == wanted,
        None => request.pool.contains(account),
    }
}

fn lease(request: &Request<'_>, account: Vec<u8>, origin: Origin) -> Lease {
    Lease {
        account,
        name: request.name.clone(),
        origin,
    }
}

/// Where to begin, different for different users.
fn seed(request: &Request<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    request.name.hash(&mut hasher);
    hasher.finish()
}
