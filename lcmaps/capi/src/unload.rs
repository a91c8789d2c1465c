//! What must not stay behind when a host unloads the library.

use crate::{context, thread_results};

/// Run by the dynamic linker on dlclose and at the end of the process.
extern "C" fn unload() {
    context::default().unload();
    thread_results::unload();
}

#[used]
// SAFETY: the section holds pointers to functions without arguments, which `unload` is.
#[unsafe(link_section = ".fini_array")]
static UNLOAD: extern "C" fn() = unload;
