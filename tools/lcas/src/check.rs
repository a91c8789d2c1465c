//! `lcas check`: the database and every file of its modules, without running anything.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use lcas_core::Entry;
use lcas_module_support::{Finding, Severity, others_may_write};
use lcmaps_tools::printable::printable;
use serde::Serialize;

use crate::cli::{CheckOptions, Format, PlaceOptions};
use crate::database::{self, NoDatabase, number, stem};
use crate::{module_file, places};

/// Checks, prints what was found and gives the exit status.
pub fn run(options: &CheckOptions) -> ExitCode {
    let path = places::database(&options.places);
    let (findings, readable) = match database::read(&path) {
        Ok(database) => (of_database(&path, &database, &options.places), true),
        Err(mistake @ NoDatabase::Mistake(_)) => (vec![mistake.finding()], true),
        Err(unreadable) => (vec![unreadable.finding()], false),
    };
    let worst = findings.iter().map(|one| one.severity).max();
    let status = match worst {
        _ if !readable => 2,
        Some(Severity::Error) => 1,
        Some(Severity::Warning) if options.strict => 1,
        _ => 0,
    };
    if let Err(problem) = print(&path, &findings, options.format) {
        eprintln!("lcas: cannot write the answer: {problem}");
        return ExitCode::from(2);
    }
    ExitCode::from(status)
}

/// What is wrong with a database and the files of its modules.
fn of_database(
    path: &Path,
    database: &lcas_core::Database,
    options: &PlaceOptions,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(others_may_write(path));
    for remark in &database.remarks {
        let at = remark.position;
        let finding = if remark.kind.is_mistake() {
            Finding::error(&remark.kind)
        } else {
            Finding::warning(&remark.kind)
        };
        findings.push(finding.at(path, number(at.line), number(at.column)));
    }
    if database.entries.is_empty() {
        let text = "the database names no module, so everybody is refused";
        findings.push(Finding::error(text).in_file(path));
    }
    for entry in &database.entries {
        findings.extend(of_entry(path, entry, options));
    }
    findings
}

/// What is wrong with an entry; what has no place of its own is at the line of the database.
pub fn of_entry(path: &Path, entry: &Entry, options: &PlaceOptions) -> Vec<Finding> {
    let at = entry.position;
    let here = |finding: Finding| finding.at(path, number(at.line), number(at.column));
    let mut findings = Vec::new();
    match places::module(&entry.name, options) {
        Ok(file) => {
            findings.extend(module_file::findings(&file));
            findings.extend(others_may_write(&file));
        }
        Err(tried) => {
            let tried: Vec<_> = tried
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            findings.push(here(Finding::error(format_args!(
                "there is no module {}; install it, correct its name, or say where it is with LCAS_MODULES_DIR",
                tried.join(" nor ")
            ))));
        }
    }
    let checked = database::with_words(entry, |words| {
        lcas_module_support::check(&stem(&entry.name), words, &places::configuration_file)
    });
    match checked {
        Err(problem) => findings.push(here(Finding::error(problem))),
        Ok(None) => {}
        Ok(Some(found)) => {
            for finding in found {
                match &finding.file {
                    Some(_) => findings.push(finding),
                    None => findings.push(here(finding)),
                }
            }
        }
    }
    findings
}

/// A finding, ready to be shown; the member names are those of the JSON form.
#[derive(Debug, Serialize)]
pub struct Shown {
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    severity: &'static str,
    text: String,
}

impl From<&Finding> for Shown {
    fn from(finding: &Finding) -> Self {
        Self {
            file: finding.file.as_ref().map(|path| path.display().to_string()),
            line: finding.line,
            column: finding.column,
            severity: match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            text: finding.text.clone(),
        }
    }
}

impl Shown {
    /// `FILE:LINE:COLUMN: SEVERITY: TEXT`
    pub fn line(&self) -> String {
        let mut place = String::new();
        for part in [
            self.file.clone(),
            self.line.map(|line| line.to_string()),
            self.column.map(|column| column.to_string()),
        ]
        .into_iter()
        .flatten()
        {
            place.push_str(&part);
            place.push(':');
        }
        if !place.is_empty() {
            place.push(' ');
        }
        printable(&format!("{place}{}: {}", self.severity, self.text))
    }
}

#[derive(Debug, Serialize)]
struct Report {
    database: String,
    findings: Vec<Shown>,
}

fn print(path: &Path, findings: &[Finding], format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let shown: Vec<Shown> = findings.iter().map(Shown::from).collect();
    match format {
        Format::Json => {
            let report = Report {
                database: path.display().to_string(),
                findings: shown,
            };
            serde_json::to_writer_pretty(&mut out, &report)?;
            out.write_all(b"\n")?;
        }
        Format::Text => {
            for finding in &shown {
                writeln!(out, "{}", finding.line())?;
            }
            let errors = findings
                .iter()
                .filter(|one| one.severity == Severity::Error)
                .count();
            let warnings = findings.len() - errors;
            let name = printable(&path.display().to_string());
            writeln!(out, "{name}: {errors} errors, {warnings} warnings")?;
        }
    }
    out.flush()
}
