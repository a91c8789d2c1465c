//! The `lcmaps` command for site administrators.
#![forbid(unsafe_code)]

mod accounts;
mod advice;
mod answer;
mod ban;
mod check;
mod cli;
mod completions;
mod configured;
mod edit;
mod evidence;
mod flow;
mod format;
mod graph;
mod lease;
mod log_lines;
mod log_tap;
mod map;
mod notes;
mod proxy;
mod text;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Ban(options) => ban::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Completions { shell } => completions::print(shell),
        Command::Fmt(options) => format::run(&options),
        Command::Graph(options) => graph::run(&options),
        Command::Lease(options) => lease::run(&options),
        Command::Map(options) => map::run(&options),
        Command::Proxy(options) => proxy::run(&options),
    }
}
