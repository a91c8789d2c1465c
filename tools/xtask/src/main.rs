//! Project chores, started with `cargo xtask`: generated files that are checked in, and installation.
#![forbid(unsafe_code)]

mod bench;
mod headers;
mod install;
mod man;
mod roff;
mod symbols;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a chore returns: nothing, or a message for the person who started it.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Project chores")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build for release and lay out libraries, modules, headers, man pages and the command.
    Install(install::Options),
    /// Measure beside the original, on a machine with Debian's packages; as root.
    Bench(bench::Options),
    /// Render the man pages into man/rendered.
    Man {
        /// Change nothing; fail if a rendered page is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Generate the installed C headers.
    Headers {
        /// Change nothing; fail if a header is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Compare the exported symbols of the built libraries with their lists.
    Symbols {
        /// Change nothing; fail if a list is out of date.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::Install(options) => install::run(&options),
        Chore::Bench(options) => bench::run(&options),
        Chore::Man { check } => man::run(check),
        Chore::Headers { check } => headers::run(check),
        Chore::Symbols { check } => symbols::run(check),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace.
pub fn workspace_root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
