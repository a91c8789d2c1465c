//! Compiles the variadic log functions and names the library as programs expect it.

fn main() {
    println!("cargo::rerun-if-changed=../../capi/variadic.c");
    println!("cargo::rerun-if-env-changed=LCMAPS_LIBDIR");
    println!("cargo::rerun-if-env-changed=LCMAPS_SYSCONFDIR");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,liblcmaps_without_gsi.so.0");
    cc::Build::new()
        .file("../../capi/variadic.c")
        .warnings(true)
        .warnings_into_errors(true)
        .compile("lcmaps_variadic");
}
