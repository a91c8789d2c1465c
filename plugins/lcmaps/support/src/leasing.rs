//! Pool accounts: the options of modules that lease them, and the lease itself.

use std::ffi::{CStr, CString, OsStr};
use std::fmt;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use lc_leases::{
    GridMapDir, Lease, LeaseError, LeaseName, LeaseStore as _, NameError, Origin, Pool,
    Request as LeaseRequest, Suitability, Suitable,
};
use lc_os::{account_by_name, places};
use lcmaps_plugin::{Failure, Mode, Run, Shown, Words};

use crate::Request;
use crate::hints::CR_LF_HINT;

/// The options that [`Leasing::take_option`] knows.
pub const LEASING_OPTIONS: [&str; 6] = [
    "-gridmapdir",
    "-GRIDMAPDIR",
    "-max_mappings_per_credential",
    "-strict_poolprefix_match",
    "-override_inconsistency",
    "-OVERRIDE_INCONSISTENCY",
];

/// The variable that names the gridmapdir when no option does.
const VARIABLE: &str = "GRIDMAPDIR";

/// The name in front of the log lines about gridmapdirs, known to operators.
const SOURCE: &str = "lcmaps_gridmapdir";

/// The greatest number of accounts that one user may have.
const MOST_MAPPINGS: u32 = 9999;

/// How a module leases pool accounts.
#[derive(Debug)]
pub struct Leasing {
    folder: Option<PathBuf>,
    max_mappings: u32,
    strict: bool,
    override_inconsistency: bool,
    /// Kept from run to run, because it remembers free accounts.
    store: Mutex<Option<Arc<GridMapDir>>>,
}

/// An account from a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolLease {
    /// The account.
    pub account: Vec<u8>,
    /// The name of the lease, which becomes the pool index.
    pub name: LeaseName,
}

/// Nothing is broken, but this pool has no account for this user.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct NoLease {
    reason: String,
}

impl fmt::Display for NoLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Default for Leasing {
    fn default() -> Self {
        Self {
            folder: None,
            max_mappings: 1,
            strict: true,
            override_inconsistency: false,
            store: Mutex::new(None),
        }
    }
}

impl Leasing {
    /// Takes an option with its value if it is one of [`LEASING_OPTIONS`]; tells whether it is.
    ///
    /// # Errors
    /// The value is missing or wrong.
    pub fn take_option(&mut self, option: &CStr, words: &mut Words<'_>) -> Result<bool, Failure> {
        match option.to_bytes() {
            b"-gridmapdir" | b"-GRIDMAPDIR" => self.folder = Some(absolute(option, words)?),
            b"-max_mappings_per_credential" => {
                self.max_mappings = number_of_mappings(option, words)?
            }
            b"-strict_poolprefix_match" => self.strict = words.yes_or_no(option)?,
            b"-override_inconsistency" | b"-OVERRIDE_INCONSISTENCY" => {
                self.override_inconsistency = true
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether an option names the gridmapdir.
    #[must_use]
    pub fn has_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// Which of the user's accounts this call is about, 0 when it does not say.
    ///
    /// # Errors
    /// The number makes no sense, or the user may not have so many accounts.
    pub fn map_counter(&self, run: &Run<'_>) -> Result<u32, Failure> {
        match run.map_counter() {
            -1 => Ok(0),
            counter => match u32::try_from(counter) {
                Ok(counter) if counter <= self.max_mappings => Ok(counter),
                Ok(counter) => Err(Failure::error(format_args!(
                    "the request for mapping nr. {counter} exceeds the maximum of {} (option -max_mappings_per_credential)",
                    self.max_mappings
                ))),
                Err(_) => Err(Failure::error(format_args!(
                    "{counter} is no map counter; they begin with 1"
                ))),
            },
        }
    }

    /// The gridmapdir of this run.
    ///
    /// # Errors
    /// Nothing names it, or it cannot be used.
    pub fn store(&self) -> Result<Arc<GridMapDir>, Failure> {
        let path = match &self.folder {
            Some(folder) => folder.clone(),
            None => places::folder_in_environment(VARIABLE)
                .map_err(|error| Failure::error(format_args!("environment variable {VARIABLE}: {error}")))?
                .ok_or_else(|| Failure::error("no gridmapdir: give option -gridmapdir or set environment variable GRIDMAPDIR"))?,
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

    /// An account of the pool for the user called `user` in log lines. `name` makes the name of the
    /// lease with a map counter (0 for none).
    ///
    /// A run finds the user's lease or makes one. Verification only looks: the lease for the map
    /// counter if there is one, else the plain lease and then those with counters.
    ///
    /// # Errors
    /// The user has no name that a lease can have, or the gridmapdir is damaged or cannot be used.
    pub fn lease(
        &self,
        run: &Run<'_>,
        user: &[u8],
        pool: &[u8],
        request: &Request,
        name: impl Fn(u32) -> Result<LeaseName, NameError>,
    ) -> Result<Result<PoolLease, NoLease>, Failure> {
        let counter = self.map_counter(run)?;
        let store = self.store()?;
        let name = |counter| {
            name(counter).map_err(|error| {
                Failure::refused(format_args!("user \"{}\": {error}", Shown(user)))
            })
        };
        let counters = match (run.mode(), counter) {
            (Mode::Verify, 0) => 0..=self.max_mappings,
            (_, counter) => counter..=counter,
        };
        let mut no_lease = None;
        for counter in counters {
            let name = name(counter)?;
            let wanted = LeaseRequest {
                name: &name,
                pool: Pool {
                    prefix: pool,
                    strict: self.strict,
                },
                account: request.name().map(CStr::to_bytes),
                override_inconsistency: self.override_inconsistency && run.mode() == Mode::Run,
                suitable: Some(Suitable(&has_account)),
            };
            let lease = match run.mode() {
                Mode::Run => store.acquire(&wanted).map(Some),
                Mode::Verify => store.find(&wanted),
            };
            match lease {
                Ok(Some(lease)) => {
                    log_lease(run, user, counter, &lease, store.path());
                    return Ok(Ok(PoolLease {
                        account: lease.account,
                        name: lease.name,
                    }));
                }
                // The first reason is the one about the plain lease, which nearly everybody has.
                Ok(None) => _ = no_lease.get_or_insert_with(|| format!("there is no lease {name}")),
                Err(error) if is_refusal(&error) => {
                    if let LeaseError::PoolExhausted { .. } = &error {
                        let (log, pool) = (run.log().named(SOURCE), Shown(pool));
                        log.notice(format_args!(
                            "no pool-entry available for pool-name {pool} and lease \"{name}\""
                        ));
                    }
                    no_lease.get_or_insert(error.to_string());
                }
                Err(error) => return Err(error.into()),
            }
        }
        let hint = if pool.ends_with(b"\r") {
            CR_LF_HINT
        } else {
            ""
        };
        let reason = no_lease.unwrap_or_default() + hint;
        Ok(Err(NoLease { reason }))
    }
}

fn log_lease(run: &Run<'_>, user: &[u8], counter: u32, lease: &Lease, store: &Path) {
    let (user, account, store) = (Shown(user), Shown(&lease.account), store.display());
    let counter = if counter == 0 {
        String::new()
    } else {
        format!(" (mapcounter {counter})")
    };
    let how = match lease.origin {
        Origin::Created => "new lease",
        Origin::Repaired => "new lease in place of one without an account",
        Origin::Moved => "new lease in place of one outside the pool",
        _ => "lease",
    };
    let log = run.log().named(SOURCE);
    log.info(format_args!(
        "Found pool mapping {account} for \"{user}\"{counter}, {how} {store}/{}",
        lease.name
    ));
}

/// Whether this machine has the account of a pool entry: a lease for one that it does not have would
/// lock its user out for good.
fn has_account(name: &[u8]) -> Suitability {
    let Ok(name) = CString::new(name) else {
        return Suitability::No("no account can have such a name".to_owned());
    };
    match account_by_name(&name) {
        Ok(Some(account)) if account.uid.is_root() => {
            Suitability::No("this account has uid 0, and nobody is mapped to root".to_owned())
        }
        Ok(Some(_)) => Suitability::Yes,
        Ok(None) => Suitability::No(
            "no user account has this name; create it, or remove this file".to_owned(),
        ),
        Err(error) => Suitability::Undecided(error.to_string()),
    }
}

/// Whether the error is about this user and this pool only.
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

fn number_of_mappings(option: &CStr, words: &mut Words<'_>) -> Result<u32, Failure> {
    const WHAT: &str = "a number from 1 to 9999";
    let value = words.value_of(option, WHAT)?;
    let number = value.to_str().ok().and_then(|text| text.parse().ok());
    number
        .filter(|number| (1..=MOST_MAPPINGS).contains(number))
        .ok_or_else(|| words.bad_value(option, value, WHAT).into())
}
