//! What a run did: from the library's report, or, where a library gives none, from its log.

use lcmaps_client::Report;
use lcmaps_client::report::Verdict;

use crate::answer::{Line, Step};
use crate::log_lines;

/// Lines that say nothing about a failure: the summary of ids found, and what a mapping by a bare DN brings about.
const EXPECTED: &[&str] = &["LCMAPS CRED FINAL", "the caller passed no FQANs"];

/// Stands for a reason where there is none; no line contains it, because lines are split there.
const NO_REASON: &str = "\n";

/// What is known about a run.
#[derive(Debug, Default)]
pub struct Evidence {
    pub dn: Option<String>,
    pub fqans: Vec<String>,
    pub reason: Option<String>,
    /// Names of the policies that ran, in order.
    pub policies: Vec<String>,
    /// The policy that decided.
    pub deciding: Option<String>,
    pub steps: Vec<Step>,
    pub lines: Vec<Line>,
}

impl From<Report> for Evidence {
    fn from(report: Report) -> Self {
        let deciding = report.deciding_policy().map(|policy| policy.name.clone());
        let mut steps = Vec::new();
        for policy in &report.policies {
            steps.extend(policy.steps.iter().map(|step| Step {
                policy: policy.name.clone(),
                state: Some(step.state.clone()),
                line: step.line,
                module: step.module.clone(),
                file: step.file.clone(),
                succeeded: step.result == Verdict::Success,
            }));
        }
        let lines = report.messages.into_iter().map(|message| Line {
            level: message.level.trim_start_matches("LOG_").to_owned(),
            text: message.text.trim().to_owned(),
        });
        Self {
            dn: report.dn,
            fqans: report.fqans,
            reason: report.reason,
            policies: report
                .policies
                .iter()
                .map(|policy| policy.name.clone())
                .collect(),
            deciding,
            steps,
            lines: lines.collect(),
        }
    }
}

impl Evidence {
    /// Reads a log at level INFO or more. Names of states are not in it.
    pub fn from_log(log: &str) -> Self {
        let mut evidence = Self {
            lines: log_lines::parse(log),
            ..Self::default()
        };
        for line in &evidence.lines {
            if let Some(policy) = line.text.strip_prefix("Starting policy: ") {
                evidence.policies.push(policy.to_owned());
            } else if let Some((module, succeeded)) = module_result(&line.text) {
                evidence.steps.push(Step {
                    policy: evidence.policies.last().cloned().unwrap_or_default(),
                    state: None,
                    line: None,
                    module: module.to_owned(),
                    file: None,
                    succeeded,
                });
            }
        }
        // Policies are tried until one succeeds, so the last one decided either way.
        evidence.deciding = evidence.policies.last().cloned();
        evidence
    }

    /// Errors and warnings of a log, for a mapping that succeeded all the same.
    pub fn warnings(log: &str) -> Vec<Line> {
        let mut warnings: Vec<Line> = Vec::new();
        for line in log_lines::parse(log) {
            let telling = matches!(line.level.as_str(), "ERR" | "WARNING")
                && !EXPECTED.iter().any(|words| line.text.contains(words));
            if telling && !warnings.contains(&line) {
                warnings.push(line);
            }
        }
        warnings
    }

    /// The lines that say why a mapping failed: warnings, errors and notices, without the reason that is shown on
    /// its own; failing those, the last lines of any kind.
    pub fn why(&self) -> Vec<Line> {
        const MOST: usize = 10;
        let reason = self.reason.as_deref().unwrap_or(NO_REASON);
        let telling: Vec<&Line> = self
            .lines
            .iter()
            .filter(|line| {
                line.level != "DEBUG"
                    && !line.text.contains(reason)
                    && !EXPECTED.iter().any(|words| line.text.contains(words))
            })
            .collect();
        let mut chosen: Vec<Line> = Vec::new();
        for line in &telling {
            if line.level != "INFO" && !chosen.contains(line) {
                chosen.push((*line).clone());
            }
        }
        if chosen.is_empty() {
            chosen.extend(
                telling
                    .iter()
                    .rev()
                    .take(3)
                    .rev()
                    .map(|line| (*line).clone()),
            );
        }
        chosen.drain(..chosen.len().saturating_sub(MOST));
        chosen
    }
}

/// `lcmaps_X-plugin_run(): X plugin succeeded` as the standard modules write it.
fn module_result(text: &str) -> Option<(&str, bool)> {
    let (module, rest) = text.split_once("-plugin_")?;
    let (call, result) = rest.split_once("(): ")?;
    if !module.starts_with("lcmaps_") || !matches!(call, "run" | "verify") {
        return None;
    }
    match result.rsplit_once(" plugin ")?.1 {
        "succeeded" => Some((module, true)),
        "failed" => Some((module, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
lcmaps[1]    LOG_INFO: 2024-05-06.07:08:09Z: Starting policy: first
lcmaps[1]  LOG_NOTICE: 2024-05-06.07:08:09Z: lcmaps_gridmapfile: No match for a localaccount
lcmaps[1]    LOG_INFO: 2024-05-06.07:08:09Z: lcmaps_localaccount-plugin_run(): localaccount plugin failed
lcmaps[1]    LOG_INFO: 2024-05-06.07:08:09Z: Starting policy: second
lcmaps[1]    LOG_INFO: 2024-05-06.07:08:09Z: lcmaps_poolaccount-plugin_run(): poolaccount plugin succeeded
lcmaps[1]  LOG_NOTICE: 2024-05-06.07:08:09Z: LCMAPS CRED FINAL: mapped uid:'1'
";

    #[test]
    fn a_log_tells_policies_and_modules_where_there_is_no_report() {
        let evidence = Evidence::from_log(LOG);
        assert_eq!(evidence.policies, ["first", "second"]);
        assert_eq!(evidence.deciding.as_deref(), Some("second"));
        let steps: Vec<_> = evidence
            .steps
            .iter()
            .map(|s| (s.policy.as_str(), s.module.as_str(), s.succeeded))
            .collect();
        assert_eq!(
            steps,
            [
                ("first", "lcmaps_localaccount", false),
                ("second", "lcmaps_poolaccount", true)
            ]
        );
    }

    #[test]
    fn the_reason_is_in_the_notices_not_in_the_summary() {
        let why = Evidence::from_log(LOG).why();
        let texts: Vec<_> = why.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["lcmaps_gridmapfile: No match for a localaccount"]);
    }

    #[test]
    fn the_reason_that_is_shown_already_is_not_repeated() {
        let mut evidence = Evidence::from_log(LOG);
        evidence.reason = Some("No match for a localaccount".into());
        assert!(evidence.why().iter().all(|line| line.level == "INFO"));
    }

    #[test]
    fn without_notices_the_last_lines_stand_in() {
        let log = "lcmaps[1]    LOG_INFO: 2024-05-06.07:08:09Z: Starting policy: p\n";
        assert_eq!(Evidence::from_log(log).why()[0].text, "Starting policy: p");
        assert!(Evidence::default().why().is_empty());
    }
}
