//! The answer of a mapping, ready to be shown.

use std::process::ExitCode;

use serde::Serialize;

/// Everything that is shown; the member names are those of the JSON form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Answer {
    /// Whether it worked.
    pub result: Outcome,
    /// The DN that was mapped, if it is known.
    pub dn: Option<String>,
    /// The VOMS attributes that were used.
    pub fqans: Vec<String>,
    /// The account, if there is one.
    pub account: Option<Mapped>,
    /// The policy that decided.
    pub policy: Option<String>,
    /// The modules that ran, in order.
    pub steps: Vec<Step>,
    /// What an administrator should know although there is an account.
    pub warnings: Vec<Line>,
    /// What this mapping does not show.
    pub notes: Vec<String>,
    /// Why there is no account: one sentence of ours.
    pub reason: Option<String>,
    /// Why there is no account: the lines of the log that say so.
    pub why: Vec<Line>,
    /// What to do about it.
    pub advice: Vec<String>,
    /// The library that was asked.
    pub library: Option<LibraryUsed>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// There is an account.
    Mapped,
    /// The policy says no.
    Refused,
    /// The question could not be asked.
    #[default]
    Misconfigured,
}

impl Outcome {
    /// The command's exit status.
    pub fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Mapped => 0,
            Self::Refused => 1,
            Self::Misconfigured => 2,
        })
    }
}

/// An account with names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mapped {
    /// Name of the user, if this machine knows it.
    pub user: Option<String>,
    /// Its number.
    pub uid: u32,
    /// Primary groups.
    pub primary_groups: Vec<Group>,
    /// Other groups.
    pub secondary_groups: Vec<Group>,
    /// Name of the lease.
    pub pool_index: Option<String>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Its name, if this machine knows it.
    pub name: Option<String>,
    /// Its number.
    pub gid: u32,
}

/// One module's turn. Its arguments are left out: they can hold a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The policy.
    pub policy: String,
    /// The module's name in the policy, if the library tells it.
    pub state: Option<String>,
    /// Where that name stands in the policy file, if the library tells it.
    pub line: Option<u32>,
    /// The module.
    pub module: String,
    /// The file that it was loaded from, if the library tells it.
    pub file: Option<String>,
    /// Whether it succeeded.
    pub succeeded: bool,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its level: `ERR`, `WARNING`, `NOTICE`, `INFO` or `DEBUG`.
    pub level: String,
    /// Its text.
    pub text: String,
}

/// The library that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LibraryUsed {
    /// Its file.
    pub path: String,
    /// The version that it reports.
    pub version: Option<String>,
}
