//! `lcmaps completions`: scripts that make a shell complete the words of the command.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::cli::Cli;

/// Prints the script for a shell.
pub fn print(shell: Shell) -> ExitCode {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "lcmaps", &mut script);
    match io::stdout().write_all(&script) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("lcmaps: cannot write the script: {problem}");
            ExitCode::from(2)
        }
    }
}
