//! Makes the library's symbols visible to the modules it loads.
//!
//! Modules leave `lcmaps_log`, `addCredentialData`, … undefined.

use lc_c_boundary::visibility::{self, Visibility};
use lc_log::Level;

use crate::logging;

/// Ensures that modules opened from now on find this library.
pub fn ensure_visible() {
    let own = crate::lcmaps_cred_data::addCredentialData as *const libc::c_void;
    match visibility::ensure(c"addCredentialData", own) {
        Visibility::Ours => {}
        Visibility::Nothing => logging::log(
            Level::Warning,
            "liblcmaps was opened with RTLD_LOCAL and cannot make itself visible to modules: \
             open it with RTLD_NOW|RTLD_GLOBAL",
        ),
        Visibility::SomebodyElses => logging::log(
            Level::Warning,
            "another LCMAPS library is loaded in this process: modules will talk to that one, and \
             mappings will find no account",
        ),
    }
}
