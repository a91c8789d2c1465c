//! `lcmaps_modules.h`: what the library looks up in a module.
//!
//! These are declarations only; a module defines them, the library finds them with `dlsym`.

use libc::{c_char, c_int};

use crate::lcmaps_argument_t;

unsafe extern "C" {
    /// Prepares the module. Called once, before anything else.
    ///
    /// `argv[0]` is the path of the module, `argv[1]` to `argv[argc - 1]` are its arguments from the
    /// policy file, and `argv[argc]` is NULL. The strings belong to the library and stay valid until
    /// `plugin_terminate()` returns. Returns 0 on success; any other value makes the
    /// initialisation of the library fail, and `plugin_terminate()` is still called.
    pub fn plugin_initialize(argc: c_int, argv: *mut *mut c_char) -> c_int;

    /// Says which run arguments the module wants.
    ///
    /// `*argc` and `*argv` receive length and address of an array that belongs to the module and
    /// stays in place until `plugin_terminate()`. The library writes the `value` of each element
    /// before every run: the address of the variable that holds the value. Returns 0 on success.
    pub fn plugin_introspect(argc: *mut c_int, argv: *mut *mut lcmaps_argument_t) -> c_int;

    /// Does the module's work in a mapping; results are added with `addCredentialData()`.
    ///
    /// `argv` is the array of `plugin_introspect()`. Returns 0 on success; any other value is a failure,
    /// and the policy goes on at the state for failures.
    pub fn plugin_run(argc: c_int, argv: *mut lcmaps_argument_t) -> c_int;

    /// Does the module's work when an existing mapping is verified. Optional, but without it the
    /// module cannot be used for verification. Arguments and result as for `plugin_run()`.
    pub fn plugin_verify(argc: c_int, argv: *mut lcmaps_argument_t) -> c_int;

    /// Releases what the module holds. Called once, at the end of the session. Returns 0 on
    /// success; any other value is logged.
    pub fn plugin_terminate() -> c_int;

    /// Says that one module can serve several sets of arguments at a time. Optional.
    ///
    /// The result 1 allows a policy file to name the module with different arguments. The module is
    /// then initialised, introspected and terminated once for each set, in the same order; runs tell
    /// the sets apart by the array of `plugin_introspect()`. Any other result forbids it.
    pub fn plugin_multi_instance() -> c_int;
}
