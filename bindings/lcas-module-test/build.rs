//! Builds the recording host as a shared object of its own: a module finds `lcas_log` and the
//! like only in a shared object that was loaded into the global scope.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=src/host.c");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let status = cc::Build::new()
        .get_compiler()
        .to_command()
        .args([
            "-std=gnu11",
            "-D_GNU_SOURCE",
            "-O1",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-shared",
            "-fPIC",
            "-pthread",
            "-o",
        ])
        .arg(out.join("liblcas_recording_host.so"))
        .arg("src/host.c")
        .status()
        .expect("a C compiler");
    assert!(status.success(), "src/host.c does not compile");
}
