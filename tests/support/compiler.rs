//! A C compiler, which these tests cannot do without: `$CC`, else `cc`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run;

/// Which headers a C file is compiled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headers<'a> {
    /// None of LCMAPS.
    None,
    /// Those in this include directory.
    In(&'a Path),
}

/// Compiles `source` to the program `name` in `directory`.
///
/// # Panics
/// When the compiler finds fault with it; warnings count.
#[track_caller]
#[must_use]
pub fn compile(
    directory: &Path,
    name: &str,
    source: &Path,
    headers: Headers<'_>,
    flags: &[&str],
) -> PathBuf {
    let program = directory.join(name);
    let mut command = command(headers);
    command
        .arg("-o")
        .arg(&program)
        .arg(source)
        .args(flags)
        .arg("-ldl");
    run(&mut command).expect_success();
    program
}

/// Compiles `source` to the shared object `name` in `directory`.
///
/// # Panics
/// When the compiler finds fault with it; warnings count.
#[track_caller]
pub fn compile_shared(
    directory: &Path,
    name: &str,
    source: &Path,
    headers: Headers<'_>,
) -> PathBuf {
    compile(directory, name, source, headers, &["-shared", "-fPIC"])
}

/// What the compiler says about `source` in `language` (`c`, `c++`), if it does not accept it.
#[must_use]
pub fn syntax_problem(
    source: &Path,
    language: &str,
    headers: Headers<'_>,
    flags: &[&str],
) -> Option<String> {
    let mut command = command(headers);
    command
        .args(["-fsyntax-only", "-x", language])
        .args(flags)
        .arg(source);
    let done = run(&mut command);
    (!done.status.success()).then_some(done.stderr)
}

fn command(headers: Headers<'_>) -> Command {
    let mut command = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
    command.args(["-O1", "-g", "-Wall", "-Wextra", "-Werror"]);
    if let Headers::In(directory) = headers {
        let mut flag = OsString::from("-I");
        flag.push(directory);
        command.arg(flag);
    }
    // gssapi.h of Globus, which lcmaps_globus.h includes; as a system directory its warnings are its own.
    for directory in [
        "/usr/include/globus",
        "/usr/lib/x86_64-linux-gnu/globus/include",
    ] {
        if Path::new(directory).is_dir() {
            command.args(["-isystem", directory]);
        }
    }
    command
}
