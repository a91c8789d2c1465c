//! Compiles the variadic function, names the library and links it to liblcmaps.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    use lcmaps_companion_stub::{LCMAPS, link};
    println!("cargo::rerun-if-changed=variadic.c");
    cc::Build::new()
        .file("variadic.c")
        .include("../../../include")
        .warnings(true)
        .warnings_into_errors(true)
        .compile("lcmaps_variadic");
    link("liblcmaps_verify_account_from_pem.so.0", LCMAPS)
}
