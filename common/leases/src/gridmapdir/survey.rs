//! Everything that is in a gridmapdir, for those who look after it.

use std::collections::{BTreeMap, HashMap};
use std::time::SystemTime;

use super::GridMapDir;
use super::claim::{DISPLACED, REMOVED};
use super::directory::{Directory, Stat};
use crate::error::LeaseError;
use crate::name::is_lease_name;
use crate::pool::is_account;

/// What a gridmapdir holds at one moment. Services go on meanwhile: an entry that was just being leased or
/// released can look odd once, so look twice before acting on [`odd`](Self::odd).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Accounts (or groups) without a lease, by name.
    pub free: Vec<Vec<u8>>,
    /// Leases, by account.
    pub leases: Vec<Held>,
    /// Entries that are neither.
    pub odd: Vec<Odd>,
}

/// A lease as it is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The account (or group).
    pub account: Vec<u8>,
    /// The lease name as stored.
    pub lease: Vec<u8>,
    /// When a mapping last used the lease. When it was made is not recorded.
    pub last_used: SystemTime,
}

/// An entry that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// Its name in the directory.
    pub entry: Vec<u8>,
    /// What is wrong with it.
    pub oddity: Oddity,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Oddity {
    /// A lease whose account is gone; the next mapping of its owner replaces it.
    Orphan,
    /// It is a directory, symbolic link or the like.
    NotRegular,
    /// The file has more names than an account and its lease.
    TooManyLinks {
        /// How many.
        links: u64,
        /// The other ones in this directory.
        others: Vec<Vec<u8>>,
    },
    /// The file has two names, and the other one is in no way a lease for this account: it is of the same kind, or
    /// outside the directory.
    Unpaired {
        /// The other name, when it is in this directory.
        other: Option<Vec<u8>>,
    },
    /// A lease that was being removed by a process that was killed; it reserves its account until the pool is next
    /// found exhausted.
    Abandoned,
    /// A lease that another process replaced at the moment in which it was removed; it reserves its account.
    Displaced,
    /// Neither the name of an account nor of a lease.
    Unknown,
}

impl GridMapDir {
    /// Looks at every entry. Changes nothing.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn survey(&self) -> Result<Survey, LeaseError> {
        let dir = Directory::open(self.path())?;
        let mut names: Vec<Vec<u8>> = Vec::new();
        dir.list(|name, _| {
            names.push(name.to_vec());
            Ok(true)
        })?;
        names.sort_unstable();
        let mut entries: BTreeMap<Vec<u8>, Stat> = BTreeMap::new();
        for name in names {
            // What has gone meanwhile is not there.
            if let Some(stat) = dir.stat(&name)? {
                entries.insert(name, stat);
            }
        }
        Ok(sort(&entries))
    }
}

fn sort(entries: &BTreeMap<Vec<u8>, Stat>) -> Survey {
    let mut by_inode: HashMap<u64, Vec<&[u8]>> = HashMap::new();
    for (name, stat) in entries {
        by_inode.entry(stat.inode).or_default().push(name);
    }
    let mut survey = Survey::default();
    for (name, stat) in entries {
        let others = by_inode.get(&stat.inode).into_iter().flatten();
        let others: Vec<&[u8]> = others.copied().filter(|other| *other != name).collect();
        match place(name, stat, &others) {
            Place::Free => survey.free.push(name.clone()),
            Place::Leased { account } => survey.leases.push(Held {
                account: account.to_vec(),
                lease: name.clone(),
                last_used: stat.modified(),
            }),
            Place::OfALease => {}
            Place::Odd(oddity) => survey.odd.push(Odd {
                entry: name.clone(),
                oddity,
            }),
        }
    }
    survey.leases.sort_by(|a, b| a.account.cmp(&b.account));
    survey
}

/// What an entry is.
enum Place<'a> {
    Free,
    Leased {
        account: &'a [u8],
    },
    /// The account of a lease, which stands for both.
    OfALease,
    Odd(Oddity),
}

fn place<'a>(name: &[u8], stat: &Stat, others: &[&'a [u8]]) -> Place<'a> {
    let account_like = |name: &[u8]| is_account(name) && !is_lease_name(name);
    if !stat.is_regular() {
        return Place::Odd(Oddity::NotRegular);
    }
    if name.starts_with(REMOVED) {
        return Place::Odd(Oddity::Abandoned);
    }
    if name.starts_with(DISPLACED) {
        return Place::Odd(Oddity::Displaced);
    }
    let (lease, account) = (is_lease_name(name), account_like(name));
    if !lease && !account {
        return Place::Odd(Oddity::Unknown);
    }
    match (stat.links, others) {
        (0 | 1, _) if account => Place::Free,
        (0 | 1, _) => Place::Odd(Oddity::Orphan),
        (2, [other]) if lease && account_like(other) => Place::Leased { account: other },
        (2, [other]) if account && is_lease_name(other) => Place::OfALease,
        // The entry that is aside is told for itself.
        (2, [other]) if other.starts_with(REMOVED) || other.starts_with(DISPLACED) => {
            Place::OfALease
        }
        (2, others) => Place::Odd(Oddity::Unpaired {
            other: others.first().map(|other| other.to_vec()),
        }),
        (links, others) => Place::Odd(Oddity::TooManyLinks {
            links,
            others: others.iter().map(|other| other.to_vec()).collect(),
        }),
    }
}
