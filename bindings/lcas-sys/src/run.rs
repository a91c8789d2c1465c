//! Numbers of the interface for programs.

use libc::{c_int, c_ushort};

/// `logtype` bit: write to the given stream or file.
pub const LCAS_LOG_TO_FILE: c_ushort = 1;
/// `logtype` bit: write to syslog.
pub const LCAS_LOG_TO_SYSLOG: c_ushort = 2;

/// `lcas_run_va()`: the arguments are a PEM text and a request.
pub const LCAS_ARG_PEM: c_int = 0;
/// `lcas_run_va()`: the arguments are a GSS credential and a request.
pub const LCAS_ARG_GSS: c_int = 1;
/// `lcas_run_va()`: the arguments are a DN, which is ignored, a GSS credential and a request.
pub const LCAS_ARG_GSS_DN: c_int = 2;

/// `lcas_run_va()`: granted.
pub const LCAS_RUN_GRANTED: c_int = 0;
/// `lcas_run_va()`: refused, because the request could not be evaluated.
pub const LCAS_RUN_NOT_EVALUATED: c_int = 4;
/// `lcas_run_va()`: refused by a module.
pub const LCAS_RUN_REFUSED: c_int = 5;

/// Most entries of a database; those behind are dropped with a warning.
pub const LCAS_MAX_DB_ENTRIES: usize = 250;
/// Size of a module's argument vector, with `argv[0]` and the closing NULL.
pub const LCAS_MAX_ARGS: usize = 51;

unsafe extern "C" {
    /// Asks whether a user may do what a request asks for.
    ///
    /// Behind `arg_type` stand: for `LCAS_ARG_PEM` a PEM text (`char *`) and a request
    /// (`lcas_request_t`); for `LCAS_ARG_GSS` a GSS credential (`gss_cred_id_t`) and a request; for
    /// `LCAS_ARG_GSS_DN` a DN (`char *`), which is ignored, a GSS credential and a request.
    ///
    /// # Returns
    /// `LCAS_RUN_GRANTED` if all modules grant it, `LCAS_RUN_REFUSED` if one refuses,
    /// `LCAS_RUN_NOT_EVALUATED` if it cannot be evaluated, which refuses it as well.
    pub fn lcas_run_va(arg_type: c_int, ...) -> c_int;
}
