//! Choosing a free account of a pool.

use std::collections::HashSet;
use std::ops::Range;

use super::claim::{Claim, Claimant, REMOVED, reclaim};
use super::directory::Directory;
use crate::error::LeaseError;
use crate::pool::Pool;

/// After this many accounts of the pool, a few of them are tried. When most
/// accounts are free, one of the first is, and the rest need not be listed.
const CHUNK: usize = 256;
const TRIES_PER_CHUNK: usize = 4;

/// How many accounts are looked at to see whether the inode numbers in the
/// listing are the ones that `lstat` reports.
const SAMPLES: usize = 8;

/// What came of the search.
pub(crate) enum Choice {
    /// This account is leased now.
    Leased {
        account: Vec<u8>,
        /// Accounts that were free as well.
        also_free: Vec<Vec<u8>>,
    },
    /// The lease changed meanwhile; look at everything again.
    Changed,
    /// No account, but somebody may back off from one.
    Contended,
    /// No account is free, of so many.
    Exhausted { accounts: usize },
}

/// The accounts of a pool, as the directory lists them.
#[derive(Default)]
struct Listing {
    /// The names, one behind the other.
    names: Vec<u8>,
    accounts: Vec<(Range<usize>, u64)>,
    /// Inodes with a name that is no account of the pool: leases above all.
    leased: HashSet<u64>,
    /// Leases that were moved aside to be removed.
    aside: Vec<Vec<u8>>,
}

/// What came of trying some accounts.
#[derive(Default)]
struct Trials {
    leased: Option<Vec<u8>>,
    changed: bool,
    contended: bool,
    unusable: Option<LeaseError>,
}

impl Trials {
    /// Tries an account; whether to go on with the next.
    fn attempt(&mut self, claimant: &mut Claimant<'_>, account: &[u8]) -> Result<bool, LeaseError> {
        match claimant.claim(account)? {
            Claim::Taken => return Ok(true),
            Claim::Contended => {
                self.contended = true;
                return Ok(true);
            }
            Claim::Unusable(error) => {
                self.unusable.get_or_insert(error);
                return Ok(true);
            }
            Claim::Leased => self.leased = Some(account.to_vec()),
            Claim::Changed => self.changed = true,
        }
        Ok(false)
    }

    fn is_over(&self) -> bool {
        self.changed || self.leased.is_some()
    }
}

impl Listing {
    fn add(&mut self, name: &[u8], inode: u64, pool: &Pool<'_>) {
        if pool.contains(name) {
            let start = self.names.len();
            self.names.extend_from_slice(name);
            self.accounts.push((start..self.names.len(), inode));
            return;
        }
        self.leased.insert(inode);
        if name.starts_with(REMOVED) {
            self.aside.push(name.to_vec());
        }
    }

    fn name(&self, at: usize) -> &[u8] {
        &self.names[self.accounts[at].0.clone()]
    }

    fn looks_free(&self, at: usize) -> bool {
        !self.leased.contains(&self.accounts[at].1)
    }

    /// Whether the listing tells the true inode numbers.
    fn is_reliable(&self, dir: &Directory<'_>) -> Result<bool, LeaseError> {
        let step = self.accounts.len().div_ceil(SAMPLES).max(1);
        for at in (0..self.accounts.len()).step_by(step) {
            let stat = dir.stat(self.name(at))?;
            if stat.is_some_and(|stat| stat.inode != self.accounts[at].1) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Lists the directory and leases a free account of the pool.
///
/// The accounts are tried from a place that depends on the name, `seed`, so that
/// processes that lease for different users at the same time rarely meet.
pub(crate) fn choose(
    claimant: &mut Claimant<'_>,
    pool: &Pool<'_>,
    seed: usize,
) -> Result<Choice, LeaseError> {
    let dir = claimant.dir;
    let mut listing = Listing::default();
    let mut trials = Trials::default();
    dir.list(|name, inode| {
        listing.add(name, inode, pool);
        let end = listing.accounts.len();
        if end == 0 || end % CHUNK != 0 || !pool.contains(name) {
            return Ok(true);
        }
        let chunk = end - CHUNK..end;
        for at in rotated(chunk, seed)
            .filter(|at| listing.looks_free(*at))
            .take(TRIES_PER_CHUNK)
        {
            if !trials.attempt(claimant, listing.name(at))? {
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    let count = listing.accounts.len();
    let free: Vec<usize> = rotated(0..count, seed)
        .filter(|at| listing.looks_free(*at))
        .collect();
    let mut free = free.into_iter();
    while !trials.is_over()
        && let Some(at) = free.next()
    {
        trials.attempt(claimant, listing.name(at))?;
    }
    if !trials.is_over() && !listing.is_reliable(dir)? {
        for at in rotated(0..count, seed) {
            if !trials.attempt(claimant, listing.name(at))? {
                break;
            }
        }
    }
    if let Some(account) = trials.leased {
        let also_free = free.map(|at| listing.name(at).to_vec()).collect();
        return Ok(Choice::Leased { account, also_free });
    }
    if trials.changed {
        return Ok(Choice::Changed);
    }
    let mut again = trials.contended;
    for aside in &listing.aside {
        again |= reclaim(dir, aside)?;
    }
    if again {
        return Ok(Choice::Contended);
    }
    match trials.unusable {
        Some(error) => Err(error),
        None => Ok(Choice::Exhausted { accounts: count }),
    }
}

/// The range, beginning somewhere inside and going round.
fn rotated(range: Range<usize>, seed: usize) -> impl Iterator<Item = usize> {
    let start = range.start + seed.checked_rem(range.len()).unwrap_or(0);
    (start..range.end).chain(range.start..start)
}
