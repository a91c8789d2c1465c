//! Names the object, and keeps it in the process: libcrypto and Globus hold on to what they know
//! of us (error queues, thread data), so unloading is never safe.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,liblcmaps_certificates.so.0");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
}
