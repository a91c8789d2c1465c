//! For build scripts of companions: name a companion, and link it to `liblcmaps`.
//!
//! A companion must need `liblcmaps.so.0` by that name: programs open a companion alone and look all functions up in
//! it, and modules find their host through it. Cargo cannot link one cdylib to another. So the linker is shown a
//! stand-in, made here from the list of the library's symbols: same name, same symbols, nothing behind them.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A library that companions are linked to.
#[derive(Debug, Clone, Copy)]
pub struct Library {
    /// The name that programs load it by.
    pub soname: &'static str,
    /// The list of its symbols, seen from the folder of a companion.
    pub symbols: &'static str,
}

/// `liblcmaps.so.0`.
pub const LCMAPS: Library = Library {
    soname: "liblcmaps.so.0",
    symbols: "../../capi/liblcmaps.symbols",
};

/// `liblcmaps_without_gsi.so.0`.
pub const WITHOUT_GSI: Library = Library {
    soname: "liblcmaps_without_gsi.so.0",
    symbols: "../without_gsi/liblcmaps_without_gsi.symbols",
};

/// Tells cargo how to link the companion that programs load as `soname`.
///
/// # Errors
/// What keeps the stand-in from being made.
pub fn link(soname: &str, library: Library) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", library.symbols);
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,{soname}");
    // The library that was installed with the companion, before one of the same name elsewhere. The dots: the dynamic
    // linker reads whole words behind the `$`, which memory checkers take for an error at the end of a short string.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-rpath,$ORIGIN/././././.");
    let symbols = fs::read_to_string(library.symbols)
        .map_err(|problem| format!("{}: {problem}", library.symbols))?;
    let directory = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    let file = stand_in(&directory, library.soname, &symbols)?;
    // A file and no search path: cargo would have tests look for shared objects there.
    println!("cargo::rustc-cdylib-link-arg={}", file.display());
    Ok(())
}

/// Makes a shared object called `soname` with these symbols, one a line.
fn stand_in(directory: &Path, soname: &str, symbols: &str) -> Result<PathBuf, Box<dyn Error>> {
    let source = directory.join("stand_in.c");
    let file = directory.join("stand_in.so");
    let text = symbols.lines().fold(String::new(), |mut text, symbol| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "void {symbol}(void) {{}}");
        text
    });
    fs::write(&source, text)?;
    let mut compiler = cc::Build::new().try_get_compiler()?.to_command();
    let status = compile(&mut compiler, soname, &source, &file).status()?;
    if status.success() {
        Ok(file)
    } else {
        Err(format!("the C compiler cannot make a stand-in for {soname}").into())
    }
}

fn compile<'a>(
    compiler: &'a mut Command,
    soname: &str,
    source: &Path,
    file: &Path,
) -> &'a mut Command {
    compiler
        .args(["-shared", "-fPIC", "-nostdlib"])
        .arg(format!("-Wl,-soname,{soname}"))
        .arg("-o")
        .arg(file)
        .arg(source)
}
