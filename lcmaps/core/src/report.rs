//! What happened in a run, as one value for people and programs.

use std::ffi::{CStr, CString};

use lcmaps_pdl::Compiled;
use serde::Serialize;

use crate::{Credential, Evaluation, Mapping, Mode};

/// A run, told. Text that is not UTF-8 is written with replacement characters.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    version: u32,
    mode: &'static str,
    dn: Option<String>,
    fqans: Vec<String>,
    result: &'static str,
    reason: Option<String>,
    policies: Vec<ReportPolicy>,
    account: ReportAccount,
    messages: Vec<ReportMessage>,
}

/// A log line that the run wrote.
#[derive(Debug, Clone, Serialize)]
pub struct ReportMessage {
    /// `ERR`, `NOTICE`, …
    pub level: String,
    /// The message without its newline.
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
struct ReportPolicy {
    name: String,
    line: u32,
    result: &'static str,
    steps: Vec<ReportStep>,
}

#[derive(Debug, Clone, Serialize)]
struct ReportStep {
    state: String,
    line: u32,
    module: String,
    file: Option<String>,
    arguments: String,
    result: &'static str,
    code: i32,
}

#[derive(Debug, Clone, Default, Serialize)]
struct ReportAccount {
    dn: Option<String>,
    uids: Vec<u32>,
    primary_gids: Vec<u32>,
    secondary_gids: Vec<u32>,
    pool_index: Option<String>,
}

impl Report {
    /// The report of a run that got as far as having a credential.
    #[must_use]
    pub fn new(
        mode: Mode,
        credential: Option<&Credential>,
        outcome: Result<(), String>,
        messages: Vec<ReportMessage>,
    ) -> Report {
        let (result, reason) = match outcome {
            Ok(()) => (word(true), None),
            Err(reason) => (word(false), Some(reason)),
        };
        Report {
            version: 1,
            mode: match mode {
                Mode::Run => "run",
                Mode::Verify => "verify",
            },
            dn: credential.map(|credential| text(&credential.dn)),
            fqans: credential.map_or_else(Vec::new, |c| c.fqans.iter().map(|f| text(f)).collect()),
            result,
            reason,
            policies: Vec::new(),
            account: ReportAccount::default(),
            messages,
        }
    }

    /// Adds which policies and modules ran and what they said. `files` are those that the modules of
    /// `compiled` were loaded from.
    #[must_use]
    pub fn with_evaluation(
        mut self,
        compiled: &Compiled,
        files: &[String],
        evaluation: &Evaluation,
    ) -> Report {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        for trace in &evaluation.policies {
            let Some(policy) = compiled.policies.get(trace.policy) else {
                continue;
            };
            let steps = trace.steps.iter().filter_map(|step| {
                let state = policy.states.get(step.state)?;
                let module = compiled.modules.get(state.module)?;
                Some(ReportStep {
                    state: lossy(&state.name),
                    line: state.span.line,
                    module: lossy(&module.name),
                    file: files.get(state.module).cloned(),
                    arguments: lossy(&module.arguments),
                    result: word(step.code == 0),
                    code: step.code,
                })
            });
            self.policies.push(ReportPolicy {
                name: lossy(&policy.name),
                line: policy.span.line,
                result: word(trace.succeeded),
                steps: steps.collect(),
            });
        }
        self
    }

    /// Adds what the modules registered.
    #[must_use]
    pub fn with_mapping(mut self, mapping: &Mapping) -> Report {
        self.account = ReportAccount {
            dn: mapping.dn().map(|dn| text(dn)),
            uids: mapping.uids().iter().map(|uid| uid.0).collect(),
            primary_gids: mapping.primary_gids().iter().map(|gid| gid.0).collect(),
            secondary_gids: mapping.secondary_gids().iter().map(|gid| gid.0).collect(),
            pool_index: mapping.pool_index().map(|index| text(index)),
        };
        self
    }

    /// The report as one JSON object.
    #[must_use]
    pub fn to_json(&self) -> CString {
        // JSON escapes NUL, so neither step can fail; a report must not be able to fail a run.
        serde_json::to_vec(self)
            .ok()
            .and_then(|bytes| CString::new(bytes).ok())
            .unwrap_or_default()
    }
}

fn word(success: bool) -> &'static str {
    if success { "success" } else { "failure" }
}

fn text(text: &CStr) -> String {
    text.to_string_lossy().into_owned()
}
