//! `lcmaps_basic.h`: session, mapping by name and FQANs.

use std::path::Path;

use lc_c_boundary::stream::{Stream, open_log_file};
use lc_log::{Level, Threshold};
use lcmaps_core::{Credential, CredentialKind, Mode};
use lcmaps_sys::defines::{DO_SYSLOG, DO_USRLOG};
use lcmaps_sys::lcmaps_request_t;
use libc::{FILE, c_char, c_int, c_ushort, gid_t, uid_t};

use crate::account_run::run_account;
use crate::context::{self, Prepared};
use crate::guard::guard;
use crate::inputs;
use crate::logging::{self, Output, Settings, log};
use crate::outputs::{AccountOut, Ownership, accept_username, give_text};
use crate::run_arguments::Borrowed;
use crate::session::{Session, SessionError};
use crate::{c_memory, config};

/// Starts LCMAPS; logs to a stream, or to syslog if there is none.
///
/// # Returns
/// 0, also if it is started already (nothing happens then); 1 on failure.
///
/// # Safety
/// - `fp`: NULL or an open stream that stays open until `lcmaps_term`; the caller closes it.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_init(fp: *mut FILE) -> c_int {
    let logtype = if fp.is_null() { DO_SYSLOG } else { DO_USRLOG };
    // SAFETY: the caller keeps the same promises.
    unsafe { lcmaps_init_and_logfile(std::ptr::null_mut(), fp, logtype) }
}

/// Starts LCMAPS; `logtype` says where to log: `DO_USRLOG` (1), `DO_SYSLOG` (2), both or neither.
///
/// # Returns
/// As `lcmaps_init`.
///
/// # Safety
/// - `fp`: as for `lcmaps_init`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_init_and_log(fp: *mut FILE, logtype: c_ushort) -> c_int {
    // SAFETY: the caller keeps the same promises.
    unsafe { lcmaps_init_and_logfile(std::ptr::null_mut(), fp, logtype) }
}

/// Starts LCMAPS; logs to `fp`, else to the file `logfile`, else to `$LCMAPS_LOG_FILE`, else to syslog.
///
/// # Returns
/// As `lcmaps_init`.
///
/// # Safety
/// - `logfile`: NULL or a NUL-terminated string; borrowed for the call.
/// - `fp`: as for `lcmaps_init`.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_init_and_logfile(
    logfile: *mut c_char,
    fp: *mut FILE,
    logtype: c_ushort,
) -> c_int {
    guard("lcmaps_init_and_logfile", 1, || {
        let started = context::default().init(|| {
            // SAFETY: the caller passes NULL or a string, NULL or an open stream.
            let settings = unsafe { log_settings(logfile, fp, logtype) }?;
            logging::configure(settings);
            Session::start().inspect_err(|SessionError::Reported| {
                log(Level::Error, "LCMAPS initialization failure.");
                // The caller may close its stream now.
                logging::close();
            })
        });
        c_int::from(started.is_err())
    })
}

/// # Safety
/// As for `lcmaps_init_and_logfile`.
unsafe fn log_settings(
    logfile: *const c_char,
    fp: *mut FILE,
    logtype: c_ushort,
) -> Result<Settings, SessionError> {
    let mut syslog = logtype & DO_SYSLOG != 0;
    let mut output = Output::None;
    if logtype & DO_USRLOG != 0 {
        // SAFETY: the caller passes NULL or a NUL-terminated string.
        let name = unsafe { c_memory::bytes(logfile) }
            .map(<[u8]>::to_vec)
            .or_else(|| config::variable("LCMAPS_LOG_FILE"));
        if !fp.is_null() {
            // SAFETY: the caller keeps the stream open until term; `close` forgets it then.
            output = Output::Stream(unsafe { Stream::new(fp) });
        } else if let Some(name) = name {
            let path = config::to_path(name);
            output = open_log(&path);
            syslog |= matches!(output, Output::None);
        } else {
            syslog = true;
        }
    }
    let extra = config::variable("LCMAPS_LOG_STRING");
    let level = config::variable("LCMAPS_DEBUG_LEVEL");
    let threshold = level.map_or(Ok(Threshold::default()), |level| {
        Threshold::from_debug_level(&level)
    });
    let settings = Settings {
        output,
        syslog,
        threshold: threshold.clone().unwrap_or_default(),
        extra,
    };
    match threshold {
        Ok(_) => Ok(settings),
        Err(e) => {
            // To syslog as in the original, and to where the caller looks.
            let message = format!("LCMAPS_DEBUG_LEVEL: {e}");
            logging::log_to_syslog(Level::Error, &message);
            logging::configure(Settings {
                syslog: false,
                ..settings
            });
            log(Level::Error, &message);
            logging::close();
            Err(SessionError::Reported)
        }
    }
}

fn open_log(path: &Path) -> Output {
    match open_log_file(path) {
        Ok(file) => Output::File(file),
        Err(e) => {
            let name = logging::shown(path);
            logging::log_to_syslog(
                Level::Error,
                &format!("cannot open logfile {name} ({e}), logging to syslog instead"),
            );
            Output::None
        }
    }
}

/// Ends LCMAPS: terminates modules, drops credential data, forgets the log target, restores SIGPIPE.
///
/// # Returns
/// 0, also if it is not started.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_term() -> c_int {
    guard("lcmaps_term", 0, || {
        if context::default().term() {
            logging::close();
        }
        0
    })
}

/// Maps a name to a user name.
///
/// # Returns
/// 0 if a policy succeeded and the first user id found has an account; else 1.
///
/// # Safety
/// - `user_dn_tmp`: NULL (refused) or a NUL-terminated string; borrowed.
/// - `request`: passed on to modules; borrowed.
/// - `usernamep`: NULL (refused) or writable; set NULL at once, on success to a name that the caller
///   frees with `free()`.
/// - `policynames`: `npols` strings, or NULL with 0; borrowed.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_run_without_credentials_and_return_username(
    user_dn_tmp: *mut c_char,
    request: lcmaps_request_t,
    usernamep: *mut *mut c_char,
    npols: c_int,
    policynames: *mut *mut c_char,
) -> c_int {
    const NAME: &str = "lcmaps_run_without_credentials_and_return_username";
    guard(NAME, 1, || {
        if !usernamep.is_null() {
            // SAFETY: not NULL, and the caller says it can be written to.
            unsafe { *usernamep = std::ptr::null_mut() };
        }
        let name = context::default().run(
            NAME,
            Mode::Run,
            // SAFETY: the caller passes a list of that many names.
            || unsafe { inputs::selection(policynames, npols) },
            || {
                if usernamep.is_null() {
                    return Err("the caller left no place for the user name (NULL pointer)".into());
                }
                // SAFETY: the caller passes NULL or a NUL-terminated string.
                let dn = unsafe { inputs::required(user_dn_tmp, "user DN") }?;
                let credential = Credential::new(CredentialKind::Name, dn);
                let borrowed = Borrowed {
                    request,
                    ..Borrowed::default()
                };
                Ok(Prepared {
                    credential,
                    borrowed,
                    warnings: Vec::new(),
                    _kept: None,
                })
            },
            accept_username,
        );
        // SAFETY: a name means that the pointer was checked.
        name.map_or(1, |name| unsafe { give_text(usernamep, &name) })
    })
}

/// Maps a name with FQANs to an account, with a lease of its own for each map counter.
///
/// # Returns
/// 0 if a policy succeeded with exactly one user id and at least one primary group id; else 1.
///
/// # Safety
/// - `user_dn`: NULL (refused) or a NUL-terminated string; borrowed.
/// - `fqan_list`: `nfqan` strings, or NULL for none; borrowed.
/// - `request`: passed on to modules; borrowed.
/// - `policynames`: `npols` strings, or NULL with 0; borrowed.
/// - `puid`, `ppgid_list`, `pnpgid`, `psgid_list`, `pnsgid`, `poolindexp`: writable (NULL is refused).
///   Lists and lease name belong to the library and are valid until this thread's next run or term.
///   `*psgid_list`, `*pnsgid`, `*poolindexp` stay untouched if there is nothing for them.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_run_with_fqans_mapcounter_and_return_account(
    user_dn: *mut c_char,
    fqan_list: *mut *mut c_char,
    nfqan: c_int,
    mapcounter: c_int,
    request: lcmaps_request_t,
    npols: c_int,
    policynames: *mut *mut c_char,
    puid: *mut uid_t,
    ppgid_list: *mut *mut gid_t,
    pnpgid: *mut c_int,
    psgid_list: *mut *mut gid_t,
    pnsgid: *mut c_int,
    poolindexp: *mut *mut c_char,
) -> c_int {
    const NAME: &str = "lcmaps_run_with_fqans_mapcounter_and_return_account";
    let out = AccountOut {
        uid: puid,
        primary: ppgid_list,
        primary_count: pnpgid,
        secondary: psgid_list,
        secondary_count: pnsgid,
        pool_index: poolindexp,
    };
    // SAFETY: the caller passes a list of that many names.
    let selection = || unsafe { inputs::selection(policynames, npols) };
    let prepare = || {
        // SAFETY: the caller passes NULL or a NUL-terminated string.
        let dn = unsafe { inputs::required(user_dn, "user DN") }?;
        // SAFETY: the caller passes a list of that many FQANs.
        let fqans = unsafe { inputs::fqans(fqan_list, nfqan) }?;
        if fqans.is_empty() {
            log(
                Level::Warning,
                "the caller passed no FQANs; mapping goes on without",
            );
        }
        let credential = Credential {
            fqans,
            map_counter: mapcounter,
            ..Credential::new(CredentialKind::NameAndFqans, dn)
        };
        let borrowed = Borrowed {
            request,
            ..Borrowed::default()
        };
        Ok(Prepared {
            credential,
            borrowed,
            warnings: Vec::new(),
            _kept: None,
        })
    };
    // SAFETY: the caller says that the pointers can be written to.
    unsafe { run_account(NAME, out, Ownership::AllLent, selection, prepare) }
}

/// `lcmaps_run_with_fqans_mapcounter_and_return_account` without a map counter.
///
/// # Returns
/// As there.
///
/// # Safety
/// As there.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_run_with_fqans_and_return_account(
    user_dn: *mut c_char,
    fqan_list: *mut *mut c_char,
    nfqan: c_int,
    request: lcmaps_request_t,
    npols: c_int,
    policynames: *mut *mut c_char,
    puid: *mut uid_t,
    ppgid_list: *mut *mut gid_t,
    pnpgid: *mut c_int,
    psgid_list: *mut *mut gid_t,
    pnsgid: *mut c_int,
    poolindexp: *mut *mut c_char,
) -> c_int {
    // SAFETY: the caller keeps the same promises.
    unsafe {
        lcmaps_run_with_fqans_mapcounter_and_return_account(
            user_dn,
            fqan_list,
            nfqan,
            -1,
            request,
            npols,
            policynames,
            puid,
            ppgid_list,
            pnpgid,
            psgid_list,
            pnsgid,
            poolindexp,
        )
    }
}
