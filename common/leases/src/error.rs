//! Why there is no lease, in the words of the person who runs the site.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use thiserror::Error;

use crate::name::LeaseName;

/// No lease was found or made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LeaseError {
    /// Every account of the pool has an owner.
    #[error("{}", exhausted(pool, name, store, *accounts))]
    PoolExhausted {
        /// The prefix of the pool.
        pool: Vec<u8>,
        /// Who wanted an account.
        name: LeaseName,
        /// The lease store.
        store: PathBuf,
        /// How many accounts the pool has.
        accounts: usize,
    },
    /// The lease stands for an account of another pool.
    #[error("the lease {name} in {} is for account {}, which is not in pool {}; remove the lease if the user may move, or allow it with -override_inconsistency", store.display(), account.escape_ascii(), pool.escape_ascii())]
    OutsidePool {
        /// The lease.
        name: LeaseName,
        /// The account that it stands for.
        account: Vec<u8>,
        /// The prefix of the pool that was asked for.
        pool: Vec<u8>,
        /// The lease store.
        store: PathBuf,
    },
    /// The account that was asked for is not in the pool.
    #[error("account {} was asked for, but is not in pool {}", account.escape_ascii(), pool.escape_ascii())]
    NotInPool {
        /// The account that was asked for.
        account: Vec<u8>,
        /// The prefix of the pool.
        pool: Vec<u8>,
    },
    /// The account that was asked for is in the pool, but not in the store.
    #[error("account {} was asked for, but has no entry in {}; create an empty file of that name if the account exists", account.escape_ascii(), store.display())]
    NoSuchAccount {
        /// The account that was asked for.
        account: Vec<u8>,
        /// The lease store.
        store: PathBuf,
    },
    /// The account that was asked for has another owner.
    #[error("account {} was asked for, but another lease in {} has it", account.escape_ascii(), store.display())]
    TakenByOther {
        /// The account that was asked for.
        account: Vec<u8>,
        /// The lease store.
        store: PathBuf,
    },
    /// Another account was asked for than the one that the lease stands for.
    #[error("account {} was asked for, but the lease {name} in {} is for account {}; ask for that one, or remove the lease", wanted.escape_ascii(), store.display(), account.escape_ascii())]
    HasOtherAccount {
        /// The lease.
        name: LeaseName,
        /// The account that it stands for.
        account: Vec<u8>,
        /// The account that was asked for.
        wanted: Vec<u8>,
        /// The lease store.
        store: PathBuf,
    },
    /// The caller cannot use the account, and no other is free.
    #[error("{}: {reason}", path.display())]
    Unsuitable {
        /// The entry of the account.
        path: PathBuf,
        /// Why it cannot be used.
        reason: String,
    },
    /// The caller cannot tell whether the account can be used.
    #[error("{}: {reason}", path.display())]
    Undecided {
        /// The entry of the account.
        path: PathBuf,
        /// Why that is not known.
        reason: String,
    },
    /// An entry of the store makes no sense and needs the administrator.
    #[error("{}: {problem}", path.display())]
    Damaged {
        /// The entry.
        path: PathBuf,
        /// What is wrong with it.
        problem: Problem,
    },
    /// Others kept changing the same lease or the last accounts.
    #[error("the lease {name} could not be settled in {} because others kept changing it or the last free accounts; try again", store.display())]
    Busy {
        /// The lease.
        name: LeaseName,
        /// The lease store.
        store: PathBuf,
    },
    /// The operating system refused something.
    #[error("cannot {operation} {}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was attempted.
        operation: &'static str,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}

impl LeaseError {
    /// Whether nothing is wrong but this pool has no account for the user, so
    /// that another pool may be tried: [`PoolExhausted`](Self::PoolExhausted)
    /// and [`OutsidePool`](Self::OutsidePool). After any other error the
    /// mapping must fail.
    #[must_use]
    pub fn other_pool_may_do(&self) -> bool {
        matches!(self, Self::PoolExhausted { .. } | Self::OutsidePool { .. })
    }
}

/// What is wrong with an entry of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It is a directory, symbolic link or the like.
    NotRegular,
    /// It has more than two names.
    TooManyLinks {
        /// How many names it has.
        links: u64,
        /// Some of its other names in the same directory.
        others: Vec<Vec<u8>>,
    },
    /// It was moved aside when a stale lease had to go, turned out to be a new
    /// lease, and could not be put back because there is a third one now.
    Displaced {
        /// The lease that it was.
        name: LeaseName,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRegular => {
                f.write_str("is no regular file; accounts and leases must be, so remove it")
            }
            Self::TooManyLinks { links, others } => {
                write!(f, "has {links} links, but an account and its lease make 2")?;
                for (n, name) in others.iter().enumerate() {
                    let lead = if n == 0 { "; see also" } else { "," };
                    write!(f, "{lead} {}", name.escape_ascii())?;
                }
                f.write_str("; remove the lease that is wrong")
            }
            Self::Displaced { name } => write!(
                f,
                "was the lease {name} until another process replaced it at the same moment; \
                 it reserves its account until you remove it"
            ),
        }
    }
}

fn exhausted(pool: &[u8], name: &LeaseName, store: &std::path::Path, accounts: usize) -> String {
    let pool = pool.escape_ascii();
    let store = store.display();
    match accounts {
        0 => format!(
            "no account of pool {pool} in {store} for lease {name}; \
             create an empty file for each account there"
        ),
        n => format!(
            "no free account in pool {pool} for lease {name}: all {n} in {store} are leased; \
             add accounts, or remove leases that are no longer used"
        ),
    }
}

/// The path of an entry, for messages.
pub(crate) fn entry(store: &std::path::Path, name: &[u8]) -> PathBuf {
    store.join(OsStr::from_bytes(name))
}
