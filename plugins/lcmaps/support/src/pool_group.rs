//! Pool groups: the options of modules that lease them, and the lease itself.

use std::ffi::CStr;
use std::sync::Arc;

use lc_leases::{GridMapDir, LeaseName};
use lcmaps_plugin::{Failure, Run, Shown, Words};

use crate::pool_directory::{Members, NoLease, PoolDirectory, Wanted};

/// The options that [`GroupLeasing::take_option`] knows.
pub const GROUP_LEASING_OPTIONS: [&str; 5] = [
    "-groupmapdir",
    "-GROUPMAPDIR",
    "-strict_poolprefix_match",
    "-override_inconsistency",
    "-OVERRIDE_INCONSISTENCY",
];

/// How a module leases pool groups: one for each FQAN.
#[derive(Debug)]
pub struct GroupLeasing {
    directory: PoolDirectory,
}

impl Default for GroupLeasing {
    fn default() -> Self {
        Self {
            directory: PoolDirectory::of(Members::Groups),
        }
    }
}

impl GroupLeasing {
    /// Takes an option with its value if it is one of [`GROUP_LEASING_OPTIONS`]; tells whether it
    /// is.
    ///
    /// # Errors
    /// The value is missing or wrong.
    pub fn take_option(&mut self, option: &CStr, words: &mut Words<'_>) -> Result<bool, Failure> {
        self.directory.take_option(option, words)
    }

    /// A remark for the log of the start when no option names the groupmapdir.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        self.directory.remark()
    }

    /// The groupmapdir of this run.
    ///
    /// # Errors
    /// Nothing names it, or it cannot be used.
    pub fn store(&self) -> Result<Arc<GridMapDir>, Failure> {
        self.directory.store()
    }

    /// The name of the group of the pool for an FQAN. A run finds the lease or makes one,
    /// verification only looks.
    ///
    /// # Errors
    /// The FQAN is none that a lease can be named after, or the groupmapdir is damaged or cannot be
    /// used.
    pub fn lease(
        &self,
        run: &Run<'_>,
        fqan: &[u8],
        pool: &[u8],
    ) -> Result<Result<Vec<u8>, NoLease>, Failure> {
        let name = LeaseName::encode(fqan)
            .map_err(|error| Failure::refused(format_args!("FQAN \"{}\": {error}", Shown(fqan))))?;
        let wanted = Wanted {
            whose: fqan,
            remark: "",
            name: &name,
            pool,
            member: None,
        };
        let lease = self.directory.lease(run, wanted)?;
        Ok(lease.map(|lease| lease.account))
    }
}
