//! The policy file: what the compiler says, and parts that nothing leads to.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use lcmaps_pdl::{Compiled, Options, compile};

use super::finding::{Findings, Place, Severity};
use crate::configured;
use crate::flow::Flow;

/// No policy file of a person is larger.
const LARGEST: u64 = 64 << 20;

/// The text of the policy file; `None`, with a finding, when it cannot be read.
pub fn read(db: &Path, findings: &mut Findings) -> Option<Vec<u8>> {
    let text = read_regular(db);
    let advice = "name a policy file that exists and that you may read with --db";
    match text {
        Ok(text) => Some(text),
        Err(problem) => {
            let message = format!("cannot read the policy file: {problem}");
            findings.error(&Place::of_file(db), message, advice);
            None
        }
    }
}

/// A FIFO in the place of the file is not opened: that could wait for ever.
pub fn read_regular(db: &Path) -> std::io::Result<Vec<u8>> {
    if !std::fs::metadata(db)?.is_file() {
        return Err(std::io::Error::other("it is not a regular file"));
    }
    let mut text = Vec::new();
    File::open(db)?.take(LARGEST + 1).read_to_end(&mut text)?;
    if u64::try_from(text.len()).is_ok_and(|length| length > LARGEST) {
        return Err(std::io::Error::other("it has more than 64 MiB"));
    }
    Ok(text)
}

/// Compiles the file and says what the compiler says; `None` when it has errors.
pub fn check(db: &Path, text: &[u8], findings: &mut Findings) -> Option<Compiled> {
    let file = db.to_string_lossy();
    let options = Options {
        file: &file,
        library_dir: configured::LIBRARY_DIR,
    };
    let report = compile(text, &options);
    for diagnostic in &report.diagnostics {
        let severity = match diagnostic.severity {
            lcmaps_pdl::Severity::Info => Severity::Info,
            lcmaps_pdl::Severity::Warning => Severity::Warning,
            lcmaps_pdl::Severity::Error => Severity::Error,
        };
        let advice = diagnostic.help.as_deref().unwrap_or_default();
        let place = Place::of_span(db, diagnostic.span);
        findings.add(severity, &place, diagnostic.message.clone(), advice);
    }
    let compiled = report.compiled?;
    if compiled.policies.is_empty() {
        let advice = "add a policy: a label and at least one rule, see lcmaps.db(5)";
        findings.error(
            &Place::of_file(db),
            "the file has no policy that can run",
            advice,
        );
        return None;
    }
    unreachable(db, &compiled, findings);
    Some(compiled)
}

fn unreachable(db: &Path, compiled: &Compiled, findings: &mut Findings) {
    let mut final_policy: Option<&[u8]> = None;
    for policy in &compiled.policies {
        let place = Place::of_span(db, policy.span);
        let name = String::from_utf8_lossy(&policy.name);
        if let Some(before) = final_policy {
            let before = String::from_utf8_lossy(before);
            let message = format!("policy '{name}' never runs: policy '{before}' cannot fail");
            findings.warning(
                &place,
                message,
                "remove it, or move it up; services that ask for it by name do run it",
            );
        }
        let flow = Flow::of(policy, compiled);
        if !flow.succeeds {
            let message = format!("policy '{name}' refuses everybody: no way through it succeeds");
            findings.warning(
                &place,
                message,
                "end one way with a module that can succeed",
            );
        }
        if !flow.fails && final_policy.is_none() {
            final_policy = Some(&policy.name);
        }
        let states = policy.states.iter().zip(flow.reached);
        for (state, _) in states.filter(|(_, reached)| !reached) {
            let name = String::from_utf8_lossy(&state.name);
            let message =
                format!("state '{name}' never runs: a module before it always ends the other way");
            let place = Place::of_span(db, state.span);
            findings.warning(&place, message, "remove it, or put it on the other branch");
        }
    }
}
