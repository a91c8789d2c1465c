//! The door between C and Rust: a panic must not cross it.

/// Runs `body`, the work of the exported function called `function`.
///
/// # Returns
/// What `body` returns, or `failure` after a panic. The panic is logged.
pub fn guard<T>(function: &'static str, failure: T, body: impl FnOnce() -> T) -> T {
    lc_c_boundary::panics::guard(crate::logging::log_panic, function, failure, body)
}
