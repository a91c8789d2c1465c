//! `lcmaps fmt`: a policy file in its one form.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use lcmaps_pdl::{Compiled, Options, Span, compile};
use lcmaps_tools::printable::printable;

use crate::check::read_regular;
use crate::cli::FmtOptions;
use crate::{configured, edit};

/// Formats and gives the exit status.
pub fn run(options: &FmtOptions) -> ExitCode {
    let db = options.db.clone().unwrap_or_else(configured::policy_file);
    match format(&db, options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(problem) => {
            eprintln!("lcmaps: {problem}");
            ExitCode::from(2)
        }
    }
}

fn format(db: &Path, options: &FmtOptions) -> Result<bool, String> {
    if options.write {
        edit::edit(db, |text| {
            let formatted = formatted(db, text)?;
            Ok((formatted != text).then_some(formatted))
        })
        .map_err(|problem| printable(&problem))?;
        return Ok(true);
    }
    let text = read_regular(db).map_err(|problem| format!("{}: {problem}", db.display()))?;
    let formatted = formatted(db, &text)?;
    if options.check {
        return Ok(formatted == text);
    }
    io::stdout()
        .write_all(&formatted)
        .map_err(|problem| format!("cannot write the answer: {problem}"))?;
    Ok(true)
}

fn formatted(db: &Path, text: &[u8]) -> Result<Vec<u8>, String> {
    let file = db.to_string_lossy();
    let options = Options {
        file: &file,
        library_dir: configured::LIBRARY_DIR,
    };
    let formatted = lcmaps_pdl::format(text, &options).map_err(|diagnostics| {
        let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        lines.join("\nlcmaps: ")
    })?;
    // A policy decides who is who. What is not certain is not written.
    if meaning(text, &options) != meaning(&formatted, &options) {
        return Err(format!(
            "{file}: formatting would change what the file means, which is an error in lcmaps; nothing was done"
        ));
    }
    Ok(formatted)
}

/// The compiled file without the places in it.
fn meaning(text: &[u8], options: &Options<'_>) -> Option<Compiled> {
    let mut compiled = compile(text, options).compiled?;
    for module in &mut compiled.modules {
        module.span = Span::default();
    }
    for policy in &mut compiled.policies {
        policy.span = Span::default();
        for state in &mut policy.states {
            state.span = Span::default();
        }
    }
    Some(compiled)
}
