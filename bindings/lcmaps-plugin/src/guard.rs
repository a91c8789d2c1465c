//! Nothing unwinds into C.

use std::panic::{self, PanicHookInfo};
use std::sync::OnceLock;

use lc_module::{catch, panic_text};
use lcmaps_sys::defines::{LCMAPS_MOD_FAIL, LCMAPS_MOD_SUCCESS};
use libc::c_int;

use crate::logger::{Entry, Logger};

/// Calls `inner`; false and panics are `LCMAPS_MOD_FAIL`.
pub(crate) fn guard(inner: impl FnOnce() -> bool) -> c_int {
    match catch(inner) {
        Some(true) => LCMAPS_MOD_SUCCESS,
        Some(false) | None => LCMAPS_MOD_FAIL,
    }
}

/// The name of the module that this copy of the SDK is part of.
static MODULE: OnceLock<&'static str> = OnceLock::new();

/// From now on panics of this module go to the host's log rather than to the standard error of
/// whoever runs it. Each module has its own copy of the standard library, so the hook is its own.
pub(crate) fn panics_to_log(module: &'static str) {
    MODULE.get_or_init(|| {
        // A function without state takes no memory, which would be lost when the module is unloaded.
        panic::set_hook(Box::new(log_panic));
        module
    });
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let module = MODULE.get().copied().unwrap_or_default();
    let log = Logger::new(module, Entry::Run).named(module);
    log.error(panic_text(panic));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_failure() {
        assert_eq!(guard(|| true), LCMAPS_MOD_SUCCESS);
        assert_eq!(guard(|| false), LCMAPS_MOD_FAIL);
        assert_eq!(
            guard(|| panic!("this line belongs to a test")),
            LCMAPS_MOD_FAIL
        );
    }
}
