//! The answer to a question, ready to be shown.

use std::process::ExitCode;

use serde::Serialize;

use crate::check::Shown;

/// Everything that is shown; the member names are those of the JSON form.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    /// Whether it is granted.
    pub decision: Decision,
    /// The DN of the user, if it could be read.
    pub dn: Option<String>,
    /// The request.
    pub request: Option<String>,
    /// The local time at which time slots were looked at, if not now.
    pub at: Option<String>,
    /// The database.
    pub database: String,
    /// The modules, in their order.
    pub modules: Vec<ModuleAnswer>,
    /// Why there is no decision, or who made it.
    pub reason: Option<String>,
    /// What an administrator should know beside.
    pub notes: Vec<String>,
    /// The library that was asked.
    pub library: Option<String>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Every module grants it.
    Granted,
    /// A module refuses it.
    Refused,
    /// The question could not be asked.
    #[default]
    Misconfigured,
}

impl Decision {
    /// The command's exit status.
    pub fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Granted => 0,
            Self::Refused => 1,
            Self::Misconfigured => 2,
        })
    }
}

/// What a module says when it is asked alone.
#[derive(Debug, Serialize)]
pub struct ModuleAnswer {
    /// Its name in the database.
    pub module: String,
    /// The line of the database.
    pub line: u32,
    /// Its file, if there is one.
    pub file: Option<String>,
    /// What it says.
    pub answer: Decision,
    /// Why, in its own words.
    pub reason: Option<String>,
    /// What it logged beside.
    pub log: Vec<String>,
    /// What is wrong with its configuration.
    pub findings: Vec<Shown>,
}
