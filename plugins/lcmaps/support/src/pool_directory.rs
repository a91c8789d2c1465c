//! The directory in which a module leases: the options that name it and say how pools work.

use std::ffi::{CStr, CString, OsStr};
use std::fmt;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use lc_leases::{
    GridMapDir, Lease, LeaseError, LeaseName, LeaseStore as _, Origin, Pool,
    Request as LeaseRequest, Suitability, Suitable,
};
use lc_os::{account_by_name, group_by_name, places};
use lcmaps_plugin::{Failure, Mode, Run, Shown, Words};

use crate::hints::CR_LF_HINT;

/// The name in front of the log lines about leases, known to operators.
const SOURCE: &str = "lcmaps_gridmapdir";

/// What the pools of a directory consist of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Members {
    /// Accounts: the directory is a gridmapdir.
    Accounts,
    /// Groups: the directory is a groupmapdir.
    Groups,
}

impl Members {
    /// What the directory is called.
    fn directory(self) -> &'static str {
        match self {
            Self::Accounts => "gridmapdir",
            Self::Groups => "groupmapdir",
        }
    }

    /// The spellings of the option that names the directory.
    fn options(self) -> [&'static str; 2] {
        match self {
            Self::Accounts => ["-gridmapdir", "-GRIDMAPDIR"],
            Self::Groups => ["-groupmapdir", "-GROUPMAPDIR"],
        }
    }

    /// The variable that names the directory when no option does.
    fn variable(self) -> &'static str {
        match self {
            Self::Accounts => "GRIDMAPDIR",
            Self::Groups => "GROUPMAPDIR",
        }
    }

    /// Whether this machine has the account or group of a pool entry: a lease for one that it does
    /// not have would lock its user out for good.
    fn suitable(self, name: &[u8]) -> Suitability {
        let Ok(name) = CString::new(name) else {
            return Suitability::No("nothing can have such a name".to_owned());
        };
        let (what, is_roots) = match self {
            Self::Accounts => (
                "user account",
                account_by_name(&name).map(|found| found.map(|account| account.uid.is_root())),
            ),
            Self::Groups => (
                "group",
                group_by_name(&name).map(|found| found.map(|group| group.gid.as_raw() == 0)),
            ),
        };
        match (self, is_roots) {
            (_, Ok(Some(false))) => Suitability::Yes,
            (Self::Accounts, Ok(Some(true))) => {
                Suitability::No("this account has uid 0, and nobody is mapped to root".to_owned())
            }
            (Self::Groups, Ok(Some(true))) => Suitability::No(
                "this group has gid 0, and nobody is mapped to root's group".to_owned(),
            ),
            (_, Ok(None)) => Suitability::No(format!(
                "no {what} has this name; create it, or remove this file"
            )),
            (_, Err(error)) => Suitability::Undecided(error.to_string()),
        }
    }
}

/// Where and how a module leases.
#[derive(Debug)]
pub(crate) struct PoolDirectory {
    members: Members,
    folder: Option<PathBuf>,
    strict: bool,
    override_inconsistency: bool,
    /// Kept from run to run, because it remembers free accounts.
    store: Mutex<Option<Arc<GridMapDir>>>,
}

/// What is wanted of a [`PoolDirectory`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Whose lease it is, for log lines.
    pub whose: &'a [u8],
    /// Behind that in log lines.
    pub remark: &'a str,
    /// The name of the lease.
    pub name: &'a LeaseName,
    /// The pool without its dot.
    pub pool: &'a [u8],
    /// The member that has to be leased, if it has to be one.
    pub member: Option<&'a [u8]>,
}

/// Nothing is broken, but this pool has nothing for this lease.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct NoLease {
    reason: String,
    /// The account that was asked for is none of this pool's.
    of_another_pool: bool,
}

impl NoLease {
    /// Whether the account that was asked for is in another pool, or in none.
    #[must_use]
    pub fn is_of_another_pool(&self) -> bool {
        self.of_another_pool
    }
}

impl fmt::Display for NoLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl PoolDirectory {
    /// A directory of which the configuration says nothing yet.
    #[must_use]
    pub fn of(members: Members) -> Self {
        Self {
            members,
            folder: None,
            strict: true,
            override_inconsistency: false,
            store: Mutex::new(None),
        }
    }

    /// Takes an option with its value if it is about the directory or its pools; tells whether it
    /// is.
    ///
    /// # Errors
    /// The value is missing or wrong.
    pub fn take_option(&mut self, option: &CStr, words: &mut Words<'_>) -> Result<bool, Failure> {
        let is = |known: &str| known.as_bytes() == option.to_bytes();
        if self.members.options().into_iter().any(is) {
            self.folder = Some(absolute(option, words)?);
        } else if is("-strict_poolprefix_match") {
            self.strict = words.yes_or_no(option)?;
        } else if is("-override_inconsistency") || is("-OVERRIDE_INCONSISTENCY") {
            self.override_inconsistency = true;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// A remark for the log of the start when no option names the directory.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        let [option, _] = self.members.options();
        let (what, variable) = (self.members.directory(), self.members.variable());
        self.folder.is_none().then(|| {
            format!("no option {option}: environment variable {variable} names the {what}")
        })
    }

    /// The directory of this run.
    ///
    /// # Errors
    /// Nothing names it, or it cannot be used.
    pub fn store(&self) -> Result<Arc<GridMapDir>, Failure> {
        let path = match &self.folder {
            Some(folder) => folder.clone(),
            None => self.folder_in_environment()?,
        };
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        match &*store {
            Some(store) if store.path() == path => Ok(Arc::clone(store)),
            _ => {
                let opened = Arc::new(GridMapDir::open(&path)?);
                *store = Some(Arc::clone(&opened));
                Ok(opened)
            }
        }
    }

    fn folder_in_environment(&self) -> Result<PathBuf, Failure> {
        let [option, _] = self.members.options();
        let (what, variable) = (self.members.directory(), self.members.variable());
        places::folder_in_environment(variable)
            .map_err(|error| {
                Failure::error(format_args!("environment variable {variable}: {error}"))
            })?
            .ok_or_else(|| {
                Failure::error(format_args!(
                    "no {what}: give option {option} or set environment variable {variable}"
                ))
            })
    }

    /// Finds the lease or, in a run, makes it. Verification only looks.
    ///
    /// # Errors
    /// The directory is damaged or cannot be used.
    pub(crate) fn lease(
        &self,
        run: &Run<'_>,
        wanted: Wanted<'_>,
    ) -> Result<Result<Lease, NoLease>, Failure> {
        let store = self.store()?;
        let suitable = |name: &[u8]| self.members.suitable(name);
        let request = LeaseRequest {
            name: wanted.name,
            pool: Pool {
                prefix: wanted.pool,
                strict: self.strict,
            },
            account: wanted.member,
            override_inconsistency: self.override_inconsistency && run.mode() == Mode::Run,
            suitable: Some(Suitable(&suitable)),
        };
        let lease = match run.mode() {
            Mode::Run => store.acquire(&request).map(Some),
            Mode::Verify => store.find(&request),
        };
        let of_another_pool = matches!(lease, Err(LeaseError::NotInPool { .. }));
        let reason = match lease {
            Ok(Some(lease)) => {
                log_lease(run, wanted, &lease, store.path());
                return Ok(Ok(lease));
            }
            Ok(None) => format!("there is no lease {}", wanted.name),
            Err(error) if is_refusal(&error) => {
                if let LeaseError::PoolExhausted { name, .. } = &error {
                    let (log, pool) = (run.log().named(SOURCE), Shown(wanted.pool));
                    log.notice(format_args!(
                        "no pool-entry available for pool-name {pool} and lease \"{name}\""
                    ));
                }
                self.words(&error)
            }
            Err(error) => return Err(error.into()),
        };
        let hint = if wanted.pool.ends_with(b"\r") {
            CR_LF_HINT
        } else {
            ""
        };
        Ok(Err(NoLease {
            reason: reason + hint,
            of_another_pool,
        }))
    }

    /// The error in words; those of the error itself are about accounts.
    fn words(&self, error: &LeaseError) -> String {
        match (self.members, error) {
            (
                Members::Groups,
                LeaseError::PoolExhausted {
                    pool,
                    store,
                    accounts,
                    ..
                },
            ) => {
                let (pool, store) = (Shown(pool), store.display());
                match accounts {
                    0 => format!(
                        "no group of pool {pool} in {store}; create an empty file for each group there"
                    ),
                    all => format!(
                        "no free group in pool {pool}: all {all} in {store} are leased; add groups, or remove leases that are no longer used"
                    ),
                }
            }
            (
                Members::Groups,
                LeaseError::OutsidePool {
                    name,
                    account,
                    pool,
                    store,
                },
            ) => format!(
                "the lease {name} in {} is for group {}, which is not in pool {}; remove the lease if the FQAN may move, or allow it with -override_inconsistency",
                store.display(),
                Shown(account),
                Shown(pool)
            ),
            _ => error.to_string(),
        }
    }
}

fn log_lease(run: &Run<'_>, wanted: Wanted<'_>, lease: &Lease, store: &Path) {
    let (whose, member, store) = (Shown(wanted.whose), Shown(&lease.account), store.display());
    let how = match lease.origin {
        Origin::Created => "new lease",
        Origin::Repaired => "new lease in place of one without an account",
        Origin::Moved => "new lease in place of one outside the pool",
        _ => "lease",
    };
    let log = run.log().named(SOURCE);
    log.info(format_args!(
        "Found pool mapping {member} for \"{whose}\"{}, {how} {store}/{}",
        wanted.remark, lease.name
    ));
}

/// Whether the error is about this lease and this pool only.
fn is_refusal(error: &LeaseError) -> bool {
    matches!(
        error,
        LeaseError::PoolExhausted { .. }
            | LeaseError::OutsidePool { .. }
            | LeaseError::NotInPool { .. }
            | LeaseError::TakenByOther { .. }
            | LeaseError::HasOtherAccount { .. }
    )
}

fn absolute(option: &CStr, words: &mut Words<'_>) -> Result<PathBuf, Failure> {
    const WHAT: &str = "an absolute directory";
    let value = words.value_of(option, WHAT)?;
    let path = Path::new(OsStr::from_bytes(value.to_bytes()));
    if path.is_absolute() {
        Ok(path.to_owned())
    } else {
        Err(words.bad_value(option, value, WHAT).into())
    }
}
