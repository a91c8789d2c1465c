//! The `lcas` command for site administrators.
#![forbid(unsafe_code)]

mod answer;
mod ask;
mod check;
mod cli;
mod database;
mod decide;
mod log_lines;
mod module_file;
mod places;
mod text;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Check(options) => check::run(&options),
        Command::Decide(options) => decide::run(&options),
        Command::AskLibrary(options) => ask::child(&options),
    }
}
