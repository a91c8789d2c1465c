//! Options of the command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use lcmaps_tools::moment::{self, Moment};

/// Works with the site access control of LCAS.
#[derive(Debug, Parser)]
#[command(name = "lcas", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look for mistakes in the database and in the files of its modules, without running anything
    #[command(after_help = "\
Exit status: 0 nothing that refuses users, 1 mistakes found, 2 the database cannot be read (also: a wrong option).")]
    Check(CheckOptions),
    /// Ask whether a user may make a request, as a service would, and say how each module decides
    #[command(after_help = "\
Exit status: 0 granted, 1 refused, 2 misconfigured (also: a file cannot be read, a wrong option).")]
    Decide(DecideOptions),
    /// Ask the library once, in a process of its own
    #[command(hide = true)]
    AskLibrary(AskOptions),
}

/// Where things are.
#[derive(Debug, Clone, Args)]
pub struct PlaceOptions {
    /// Database; without it the one that services use ($LCAS_DB_FILE in $LCAS_DIR, else lcas.db in the configuration
    /// directory)
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,

    /// Directory to search for modules first
    #[arg(long, value_name = "DIR")]
    pub modules_dir: Option<PathBuf>,
}

/// Options of `lcas check`.
#[derive(Debug, Args)]
pub struct CheckOptions {
    #[command(flatten)]
    pub places: PlaceOptions,

    /// Warnings count as mistakes
    #[arg(long)]
    pub strict: bool,

    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `lcas decide`.
#[derive(Debug, Args)]
pub struct DecideOptions {
    #[command(flatten)]
    pub places: PlaceOptions,

    /// Proxy or certificate file (PEM) of the user
    #[arg(long, value_name = "FILE")]
    pub proxy: PathBuf,

    /// The request, as in "&(executable=/bin/date)(maxWallTime=60)"; without it there is none
    #[arg(long, value_name = "TEXT")]
    pub rsl: Option<String>,

    /// Look at time slots as at this time: "2026-05-17 13:45:00" (UTC) or @SECONDS; all else is as of now
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    pub at: Option<Moment>,

    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// LCAS library to use instead of the installed one
    #[arg(long, value_name = "PATH")]
    pub library: Option<PathBuf>,

    /// Write the log of LCAS to stderr
    #[arg(short, long)]
    pub verbose: bool,
}

/// Options of the process that asks the library.
#[derive(Debug, Args)]
pub struct AskOptions {
    /// The library.
    #[arg(long)]
    pub library: PathBuf,
    /// Where the log goes.
    #[arg(long)]
    pub log: PathBuf,
    /// Where the answer goes.
    #[arg(long)]
    pub answer: PathBuf,
    /// The proxy file.
    #[arg(long)]
    pub proxy: PathBuf,
    /// The request.
    #[arg(long, allow_hyphen_values = true)]
    pub rsl: Option<String>,
}

/// Form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_options_are_consistent() {
        Cli::command().debug_assert();
    }
}
