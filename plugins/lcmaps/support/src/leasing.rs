//! Pool accounts: the options of modules that lease them, and the lease itself.

use std::ffi::{CStr, CString};
use std::sync::Arc;

use lc_leases::{GridMapDir, LeaseName, NameError};
use lcmaps_plugin::{Failure, Mode, Run, Shown, Words};

use crate::pool_directory::{Members, NoLease, PoolDirectory, Wanted};
use crate::{AccountGids, Request, adopt, find_account};

/// The options that [`Leasing::take_option`] knows.
pub const LEASING_OPTIONS: [&str; 6] = [
    "-gridmapdir",
    "-GRIDMAPDIR",
    "-max_mappings_per_credential",
    "-strict_poolprefix_match",
    "-override_inconsistency",
    "-OVERRIDE_INCONSISTENCY",
];

/// The greatest number of accounts that one user may have.
const MOST_MAPPINGS: u32 = 9999;

/// How a module leases pool accounts.
#[derive(Debug)]
pub struct Leasing {
    directory: PoolDirectory,
    max_mappings: u32,
}

/// An account from a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolLease {
    /// The account.
    pub account: Vec<u8>,
    /// The name of the lease, which becomes the pool index.
    pub name: LeaseName,
}

impl Default for Leasing {
    fn default() -> Self {
        Self {
            directory: PoolDirectory::of(Members::Accounts),
            max_mappings: 1,
        }
    }
}

impl Leasing {
    /// Takes an option with its value if it is one of [`LEASING_OPTIONS`]; tells whether it is.
    ///
    /// # Errors
    /// The value is missing or wrong.
    pub fn take_option(&mut self, option: &CStr, words: &mut Words<'_>) -> Result<bool, Failure> {
        if option.to_bytes() != b"-max_mappings_per_credential" {
            return self.directory.take_option(option, words);
        }
        self.max_mappings = number_of_mappings(option, words)?;
        Ok(true)
    }

    /// A remark for the log of the start when no option names the gridmapdir.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        self.directory.remark()
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
        self.directory.store()
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
        let name = |counter| {
            name(counter).map_err(|error| {
                Failure::refused(format_args!("user \"{}\": {error}", Shown(user)))
            })
        };
        let member = request.name().map(CStr::to_bytes);
        let lease = |counter: u32| {
            let wanted = Wanted {
                whose: user,
                remark: &remark_on(counter),
                name: &name(counter)?,
                pool,
                member,
            };
            let lease = self.directory.lease(run, wanted)?;
            Ok::<_, Failure>(lease.map(|lease| PoolLease {
                account: lease.account,
                name: lease.name,
            }))
        };
        let mut found = lease(counter)?;
        if run.mode() == Mode::Verify && counter == 0 {
            // The first reason is the one about the plain lease, which nearly everybody has.
            for counter in 1..=self.max_mappings {
                if found.is_ok() {
                    break;
                }
                found = lease(counter)?.or(found);
            }
        }
        Ok(found)
    }
}

impl PoolLease {
    /// Adds the account to the mapping, with these of its gids, and the pool index.
    ///
    /// # Errors
    /// There is no such account, it is not the one that was asked for, or the host does not take it.
    pub fn adopt(
        &self,
        run: &Run<'_>,
        request: &Request,
        gids: AccountGids,
    ) -> Result<(), Failure> {
        let account = find_account(request, &self.account)?;
        adopt(run, &account, gids)?;
        run.set_pool_index(&CString::new(self.name.as_bytes())?)
    }
}

fn remark_on(counter: u32) -> String {
    if counter == 0 {
        String::new()
    } else {
        format!(" (mapcounter {counter})")
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
