//! Compiles the variadic functions and names the library as programs expect it.

fn main() {
    println!("cargo::rerun-if-changed=variadic.c");
    println!("cargo::rerun-if-env-changed=LCMAPS_LIBDIR");
    println!("cargo::rerun-if-env-changed=LCMAPS_SYSCONFDIR");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,liblcas.so.0");
    cc::Build::new()
        .file("variadic.c")
        .warnings(true)
        .warnings_into_errors(true)
        .compile("lcas_variadic");
}
