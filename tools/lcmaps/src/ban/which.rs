//! Which file is the ban list.

use std::collections::BTreeSet;
use std::path::PathBuf;

use lcmaps_pdl::{Options, compile};

use super::Problem;
use crate::check::ban_list;
use crate::cli::BanOptions;
use crate::configured;
use crate::flow::short_name;

/// The file that is named, else the one that the policy file names for the module.
///
/// # Errors
/// The policy file cannot be read, or names none or several.
pub fn file(options: &BanOptions) -> Result<PathBuf, Problem> {
    const LARGEST: u64 = 64 << 20;
    if let Some(file) = &options.file {
        return Ok(file.clone());
    }
    let module = if options.fqan { "ban_fqan" } else { "ban_dn" };
    let db = options.db.clone().unwrap_or_else(configured::policy_file);
    let cannot = |problem: String| {
        format!(
            "no --file, and the policy file {} does not name it: {problem}",
            db.display()
        )
    };
    let data = db
        .metadata()
        .map_err(|problem| cannot(problem.to_string()))?;
    if !data.is_file() || data.len() > LARGEST {
        return Err(cannot("it is no regular file, or too large".to_owned()));
    }
    let text = std::fs::read(&db).map_err(|problem| cannot(problem.to_string()))?;
    let report = compile(
        &text,
        &Options {
            file: "",
            library_dir: configured::LIBRARY_DIR,
        },
    );
    let compiled = report
        .compiled
        .ok_or_else(|| cannot("it has errors, see \"lcmaps check\"".to_owned()))?;
    let files: BTreeSet<PathBuf> = compiled
        .modules
        .iter()
        .filter(|spec| short_name(&spec.name) == Some(module))
        .filter_map(ban_list)
        .collect();
    let mut files = files.into_iter();
    match (files.next(), files.next()) {
        (Some(file), None) => Ok(file),
        (None, _) => Err(cannot(format!("it does not use lcmaps_{module}.mod"))),
        (Some(one), Some(other)) => Err(cannot(format!(
            "it has several, {} and {}",
            one.display(),
            other.display()
        ))),
    }
}
