//! `lcmaps graph`: a policy file as a drawing.

mod dot;
mod layout;
mod model;
mod svg;

use std::io::{self, Write as _};
use std::process::ExitCode;

use lcmaps_pdl::{Options, Severity, compile, parse};
use lcmaps_tools::printable::printable;

use crate::check::read_regular;
use crate::cli::{Drawing, GraphOptions};
use crate::configured;

/// Draws and gives the exit status.
pub fn run(options: &GraphOptions) -> ExitCode {
    match draw(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("lcmaps: {problem}");
            ExitCode::from(2)
        }
    }
}

fn draw(options: &GraphOptions) -> Result<(), String> {
    let db = options.db.clone().unwrap_or_else(configured::policy_file);
    let text = read_regular(&db).map_err(|problem| format!("{}: {problem}", db.display()))?;
    let file = db.to_string_lossy();
    let compiler = Options {
        file: &file,
        library_dir: configured::LIBRARY_DIR,
    };
    let report = compile(&text, &compiler);
    let Some(compiled) = report.compiled else {
        let errors = report.diagnostics.iter();
        let errors = errors.filter(|d| d.severity == Severity::Error);
        let lines: Vec<String> = errors.map(ToString::to_string).collect();
        return Err(lines.join("\nlcmaps: "));
    };
    let (tree, _) = parse(&text, &compiler);
    let policies = model::policies(&compiled, &tree);
    let title = printable(&file);
    let drawing = match options.to {
        Drawing::Svg => svg::draw(&title, &policies),
        Drawing::Dot => dot::draw(&title, &policies),
    };
    io::stdout()
        .write_all(drawing.as_bytes())
        .map_err(|problem| format!("cannot write the drawing: {problem}"))
}
