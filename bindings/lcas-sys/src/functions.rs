//! What a module may call in its host. Leaves the symbols undefined: the host provides them.

use libc::{c_char, c_int, c_void};

use crate::lcas_cred_id_t;
pub use crate::log::{lcas_log, lcas_log_debug, lcas_log_time};
pub use crate::utils::lcas_getfexist;

unsafe extern "C" {
    /// The number in `LCAS_DEBUG_LEVEL`, 0 if there is none.
    pub fn lcas_get_debug_level() -> c_int;

    /// The DN of the user, valid during the call that got the credential.
    pub fn lcas_get_dn(lcas_credential: lcas_cred_id_t) -> *mut c_char;
    /// The `gss_cred_id_t` of the user, NULL if there is none.
    pub fn lcas_get_gss_cred(lcas_credential: lcas_cred_id_t) -> *mut c_void;

    /// Joins directory, name and suffix, malloc'ed.
    pub fn lcas_genfilename(
        prefixp: *mut c_char,
        pathp: *mut c_char,
        suffixp: *mut c_char,
    ) -> *mut c_char;
    /// The path of a configuration file, malloc'ed, NULL if it does not exist. A relative name is
    /// looked for in the library's directory for such files.
    pub fn lcas_findfile(name: *mut c_char) -> *mut c_char;
    /// The same as [`lcas_findfile`].
    pub fn lcas_finddbfile(name: *mut c_char) -> *mut c_char;
    /// The path of a module, malloc'ed, NULL if it does not exist.
    pub fn lcas_findplugin(name: *mut c_char) -> *mut c_char;
}
