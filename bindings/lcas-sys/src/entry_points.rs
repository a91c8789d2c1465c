//! `lcas_modules.h`: what the library looks up in a module.
//!
//! These are declarations only; a module defines them, the library finds them with `dlsym`.

use libc::{c_char, c_int, c_void};

use crate::{lcas_cred_id_t, lcas_request_t};

unsafe extern "C" {
    /// Prepares the module. Called once for each entry of the database that names the module.
    ///
    /// `argv[0]` is the path of the module, `argv[1]` to `argv[argc - 1]` are its arguments from the
    /// database, and `argv[argc]` is NULL. The vector and the strings belong to the library and stay
    /// valid until `plugin_terminate()` returns. Returns 0 on success; any other value makes the
    /// initialisation of the library fail, and `plugin_terminate()` is still called.
    pub fn plugin_initialize(argc: c_int, argv: *mut *mut c_char) -> c_int;

    /// Says whether a user may do what the request asks for. Returns 0 if so; any other value
    /// refuses, and no further module is asked.
    ///
    /// `request` is NULL or any text. The credential and its texts are valid during the call.
    pub fn plugin_confirm_authorization(
        request: lcas_request_t,
        lcas_cred: lcas_cred_id_t,
    ) -> c_int;

    /// The same with the certificates of the user. Optional; if it is there, it is called and the
    /// other one is not. The other one is mandatory all the same.
    ///
    /// `cert` is the first certificate that the user sent. `chain` has all of them if the user came
    /// with PEM text, and all but the first if with a GSS credential; it may be empty.
    pub fn plugin_confirm_authorization_from_x509(
        request: lcas_request_t,
        lcas_cred: lcas_cred_id_t,
        cert: *mut c_void,
        chain: *mut c_void,
    ) -> c_int;

    /// Releases what the module holds. Called once for each call of `plugin_initialize()`, in
    /// the same order. Returns 0 on success; any other value is logged, and `lcas_term()` fails.
    pub fn plugin_terminate() -> c_int;

    /// Says which of several initialisations of the module the next call in this thread is for.
    /// Optional; LCAS 1.3.19 does not know it.
    ///
    /// `argv` is the vector that `plugin_initialize()` was given; only its address counts. The next
    /// call of `plugin_confirm_authorization()`, `plugin_confirm_authorization_from_x509()` or
    /// `plugin_terminate()` in the same thread is for that initialisation. Returns 0 on success; any
    /// other value refuses the request.
    pub fn plugin_select_instance(argv: *mut *mut c_char) -> c_int;
}
