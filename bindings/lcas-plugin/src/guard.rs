//! Nothing unwinds into C.

use std::panic::{self, PanicHookInfo};
use std::sync::OnceLock;

use lc_module::{catch, panic_text};
use lcas_sys::defines::{LCAS_MOD_FAIL, LCAS_MOD_SUCCESS};
use libc::c_int;

use crate::logger::{Entry, Logger};

/// Calls `inner`; false and panics are `LCAS_MOD_FAIL`, which refuses.
pub(crate) fn guard(inner: impl FnOnce() -> bool) -> c_int {
    match catch(inner) {
        Some(true) => LCAS_MOD_SUCCESS,
        Some(false) | None => LCAS_MOD_FAIL,
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
    Logger::new(module, Entry::Confirm)
        .named(module)
        .error(panic_text(panic));
}
