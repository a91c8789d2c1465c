//! The functions of `liblcmaps` that companions call. Undefined here: a companion is linked to the library.

use lcmaps_sys::{lcmaps_account_info_t, lcmaps_request_t};
use libc::{FILE, c_char, c_int, c_ushort, c_void, gid_t, uid_t};

unsafe extern "C" {
    /// Starts LCMAPS; 0 or 1.
    pub fn lcmaps_init(fp: *mut FILE) -> c_int;
    /// Starts LCMAPS and says where to log; 0 or 1.
    pub fn lcmaps_init_and_logfile(path: *mut c_char, fp: *mut FILE, logtype: c_ushort) -> c_int;
    /// Ends LCMAPS.
    pub fn lcmaps_term() -> c_int;
    /// Logs.
    pub fn lcmaps_log(priority: c_int, format: *const c_char, ...) -> c_int;
    /// Copies an account; 0, or anything else after a failure.
    pub fn lcmaps_account_info_fill(
        uid: *mut uid_t,
        primary: *mut *mut gid_t,
        primary_count: *mut c_int,
        secondary: *mut *mut gid_t,
        secondary_count: *mut c_int,
        pool_index: *mut *mut c_char,
        account: *mut lcmaps_account_info_t,
    ) -> c_int;
    /// Maps a name; the caller frees the user name.
    pub fn lcmaps_run_without_credentials_and_return_username(
        dn: *mut c_char,
        request: lcmaps_request_t,
        username: *mut *mut c_char,
        npols: c_int,
        policynames: *mut *mut c_char,
    ) -> c_int;
    /// Maps a name with FQANs; everything it returns belongs to the library.
    pub fn lcmaps_run_with_fqans_mapcounter_and_return_account(
        dn: *mut c_char,
        fqans: *mut *mut c_char,
        nfqan: c_int,
        mapcounter: c_int,
        request: lcmaps_request_t,
        npols: c_int,
        policynames: *mut *mut c_char,
        uid: *mut uid_t,
        primary: *mut *mut gid_t,
        primary_count: *mut c_int,
        secondary: *mut *mut gid_t,
        secondary_count: *mut c_int,
        pool_index: *mut *mut c_char,
    ) -> c_int;
    /// Maps a PEM chain; the lists belong to the library, the caller frees the lease name.
    pub fn lcmaps_run_with_pem_and_return_account(
        dn: *mut c_char,
        pem: *mut c_char,
        mapcounter: c_int,
        request: lcmaps_request_t,
        npols: c_int,
        policynames: *mut *mut c_char,
        uid: *mut uid_t,
        primary: *mut *mut gid_t,
        primary_count: *mut c_int,
        secondary: *mut *mut gid_t,
        secondary_count: *mut c_int,
        pool_index: *mut *mut c_char,
    ) -> c_int;
    /// Confirms that a PEM chain maps to an account.
    pub fn lcmaps_run_and_verify_account_from_pem(
        dn: *mut c_char,
        pem: *mut c_char,
        uid: uid_t,
        primary: *mut gid_t,
        primary_count: c_int,
        secondary: *mut gid_t,
        secondary_count: c_int,
        pool_index: *mut c_char,
        request: lcmaps_request_t,
        npols: c_int,
        policynames: *mut *mut c_char,
    ) -> c_int;
    /// Maps a GSS credential; the caller frees the lease name.
    pub fn lcmaps_run_and_return_poolindex(
        dn: *mut c_char,
        credential: *mut c_void,
        request: lcmaps_request_t,
        pool_index: *mut *mut c_char,
        npols: c_int,
        policynames: *mut *mut c_char,
    ) -> c_int;
}
