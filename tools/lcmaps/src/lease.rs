//! `lcmaps lease`: who holds which account, and taking leases away, beside running services.

mod duration;
mod holders;
mod processes;
mod remove;
mod verify;
mod view;

use std::path::PathBuf;
use std::process::ExitCode;

use lc_leases::{GridMapDir, LeaseError, Survey};

use crate::cli::{Format, LeaseCommand, LeaseOptions, LeasePlace};

pub use duration::age;

/// The directory and what it has: accounts or groups.
pub struct Place {
    store: GridMapDir,
    groups: bool,
}

/// What keeps the command from doing its work.
#[derive(Debug)]
pub enum Problem {
    /// The store says so.
    Lease(LeaseError),
    /// Anything else, in words.
    Other(String),
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lease(problem) => problem.fmt(f),
            Self::Other(problem) => f.write_str(problem),
        }
    }
}

impl From<LeaseError> for Problem {
    fn from(problem: LeaseError) -> Self {
        Self::Lease(problem)
    }
}

impl From<std::io::Error> for Problem {
    fn from(problem: std::io::Error) -> Self {
        Self::Other(format!("cannot write the answer: {problem}"))
    }
}

/// The outcome, as the exit status tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done, or found, or everything is right.
    Good,
    /// Nothing was found, something is wrong with the directory, or a lease was kept.
    Bad,
}

/// Runs a subcommand and gives the exit status.
pub fn run(options: &LeaseOptions) -> ExitCode {
    let done = Place::open(&options.place).and_then(|place| place.run(options));
    match done {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Bad) => ExitCode::from(1),
        Err(problem) => {
            eprintln!("lcmaps: {problem}");
            ExitCode::from(2)
        }
    }
}

impl Place {
    fn open(place: &LeasePlace) -> Result<Self, Problem> {
        let groups = place.groupmapdir.is_some();
        let folder = place.groupmapdir.clone().or(place.gridmapdir.clone());
        let folder = match folder {
            Some(folder) => folder,
            None => {
                let set = lc_os::places::folder_in_environment("GRIDMAPDIR");
                set.map_err(|problem| Problem::Other(format!("GRIDMAPDIR: {problem}")))?
                    .unwrap_or_else(|| PathBuf::from("/etc/grid-security/gridmapdir"))
            }
        };
        let store = GridMapDir::open(&folder)?;
        Ok(Self { store, groups })
    }

    fn run(&self, options: &LeaseOptions) -> Result<Outcome, Problem> {
        let format = options.place.format;
        match &options.command {
            LeaseCommand::Ls { pool } => {
                let mut survey = self.store.survey()?;
                if let Some(pool) = pool {
                    let prefix = pool.strip_prefix('.').unwrap_or(pool).as_bytes();
                    survey
                        .leases
                        .retain(|held| held.account.starts_with(prefix));
                    survey.free.retain(|account| account.starts_with(prefix));
                }
                view::list(&survey, format)
            }
            LeaseCommand::Show { who } => {
                let survey = self.store.survey()?;
                view::shown(&holders::of_identity(&survey, who), format)
            }
            LeaseCommand::Who { account } => {
                let survey = self.store.survey()?;
                view::shown(&holders::of_account(&survey, account), format)
            }
            LeaseCommand::Release { which, force, yes } => {
                let survey = self.store.survey()?;
                let chosen = self.one(&survey, which)?;
                remove::all(self, &[chosen], *force, *yes, format)
            }
            LeaseCommand::Expire { unused_for, yes } => {
                let survey = self.store.survey()?;
                let chosen = holders::unused_for(&survey, *unused_for);
                remove::all(self, &chosen, false, *yes, format)
            }
            LeaseCommand::Verify => verify::report(self, format),
        }
    }

    /// The lease that an account, lease name or identity means.
    fn one(&self, survey: &Survey, which: &str) -> Result<lc_leases::HeldLease, Problem> {
        let mut found = holders::of_account(survey, which);
        if found.is_empty() {
            found = holders::of_identity(survey, which);
        }
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(Problem::Other(format!("no lease belongs to {which}"))),
            several => Err(Problem::Other(format!(
                "{which} has {} leases; name one by its account: {}",
                several.len(),
                several
                    .iter()
                    .map(|held| String::from_utf8_lossy(&held.account))
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        }
    }
}

/// Whether the answer is for programs.
fn is_json(format: Format) -> bool {
    format == Format::Json
}
