//! `cargo xtask install`: the installed tree.

use std::path::PathBuf;

use crate::Outcome;

/// Options of `cargo xtask install`.
#[derive(clap::Args)]
pub struct Options {
    /// Where the software will live.
    #[arg(long)]
    prefix: PathBuf,
}

/// Builds for release and lays out the tree.
pub fn run(_options: &Options) -> Outcome {
    Err("cargo xtask install is not available in this build".into())
}
