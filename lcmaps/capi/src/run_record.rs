//! What a run leaves behind for its report. The report itself is only made when somebody asks.

use std::sync::Arc;

use lcmaps_core::{Credential, Evaluation, Mapping, Mode, Report, ReportMessage};
use lcmaps_pdl::Compiled;

/// A run that has ended.
#[derive(Debug)]
pub struct RunRecord {
    /// Whether modules mapped or confirmed.
    pub mode: Mode,
    /// Who asked, as far as that was found out.
    pub credential: Option<Credential>,
    /// The policies, if the library was initialised.
    pub compiled: Option<Arc<Compiled>>,
    /// The files of the modules.
    pub files: Arc<[String]>,
    /// Which modules ran.
    pub evaluation: Evaluation,
    /// What modules registered.
    pub mapping: Mapping,
    /// The outcome, with the reason of a refusal.
    pub outcome: Result<(), String>,
    /// Log lines of the run.
    pub messages: Vec<ReportMessage>,
}

impl RunRecord {
    /// The run as a report.
    #[must_use]
    pub fn report(&self) -> Report {
        let report = Report::new(
            self.mode,
            self.credential.as_ref(),
            self.outcome.clone(),
            self.messages.clone(),
        );
        let report = match &self.compiled {
            Some(compiled) => report.with_evaluation(compiled, &self.files, &self.evaluation),
            None => report,
        };
        report.with_mapping(&self.mapping)
    }
}
