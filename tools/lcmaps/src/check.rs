//! `lcmaps check`: looks for everything that keeps a configuration from working, and changes nothing.

mod files;
mod finding;
mod map_file;
mod module;
mod options;
mod policy;
mod pool;
mod trust;
mod vomsdir;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lcmaps_pdl::ModuleSpec;

use crate::cli::{CheckOptions, Format};
use crate::configured;
use finding::{Findings, Place, Severity};
use lcmaps_tools::json;
use options::Use;

pub use map_file::unusable;
pub use policy::read_regular;

/// Checks, prints what was found and gives the exit status.
pub fn run(options: &CheckOptions) -> ExitCode {
    let db = options.db.clone().unwrap_or_else(configured::policy_file);
    let mut findings = Findings::default();
    let usable = check(&db, options, &mut findings);
    let findings = findings.finish();
    if let Err(problem) = print(&findings, options.format) {
        eprintln!("lcmaps: cannot write the findings: {problem}");
        return ExitCode::from(2);
    }
    let worst = findings.iter().map(|finding| finding.severity).max();
    let refused = if options.strict {
        Severity::Warning
    } else {
        Severity::Error
    };
    match worst {
        _ if !usable => ExitCode::from(2),
        Some(worst) if worst >= refused => ExitCode::from(1),
        _ => ExitCode::SUCCESS,
    }
}

/// Whether the policy file could be read at all.
fn check(db: &Path, options: &CheckOptions, findings: &mut Findings) -> bool {
    let Some(text) = policy::read(db, findings) else {
        return false;
    };
    files::protected(db, &Place::of_file(db), findings);
    let Some(compiled) = policy::check(db, &text, findings) else {
        return true;
    };
    let mut loaded = module::Loaded::default();
    let mut uses = Vec::new();
    for spec in &compiled.modules {
        let place = Place::of_span(db, spec.span);
        let modules_dir = options.modules_dir.as_deref();
        loaded.check(
            spec,
            compiled.path.as_deref(),
            modules_dir,
            &place,
            findings,
        );
        uses.extend(options::check(spec, &place, findings));
    }
    let attributes = uses.iter().any(|used| matches!(used.what, Use::Attributes));
    let mut pools = pool::Pools::default();
    let mut maps = map_file::Maps::default();
    for used in &uses {
        match &used.what {
            Use::Map(map) => maps.check(map, &used.place, &mut pools, findings),
            Use::Trust { folder, crl_needed } => {
                trust::check(folder, *crl_needed, &used.place, findings);
            }
            Use::Attributes => {}
        }
    }
    pools.check(findings);
    if attributes {
        vomsdir::check(&configured::vomsdir(), maps.vos(), findings);
    }
    true
}

/// The file that the words of a ban module name.
pub fn ban_list(spec: &ModuleSpec) -> Option<PathBuf> {
    let place = Place::of_file(Path::new(""));
    let uses = options::check(spec, &place, &mut Findings::default());
    uses.into_iter().find_map(|used| match used.what {
        Use::Map(map) => Some(map.file),
        Use::Trust { .. } | Use::Attributes => None,
    })
}

fn print(findings: &[finding::Finding], format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Text => {
            for finding in findings {
                writeln!(out, "{finding}")?;
            }
            let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
            let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
            writeln!(out, "{errors} errors, {warnings} warnings")?;
        }
        Format::Json => json::write(&mut out, findings)?,
    }
    out.flush()
}
