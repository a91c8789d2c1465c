//! The session of the process: a database with its modules, from init to term.
//!
//! Requests may come from several threads; starting and ending wait for them. A module that calls
//! back into these functions would wait for itself, so it gets a failure instead.

use std::cell::Cell;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{RwLock, RwLockWriteGuard};

use lc_c_boundary::visibility::{self, Visibility};
use lcas_core::{Database, Decision, decide};

use crate::config;
use crate::logging::{self, Wanted, debug, log, shown};
use crate::modules::Modules;
use crate::request::{Credential, Question};

/// A session.
struct Session {
    modules: Modules,
    /// Whether some modules have ended because a term failed half way.
    partly_ended: bool,
}

static SESSION: RwLock<Option<Session>> = RwLock::new(None);

thread_local! {
    /// Set while this thread is inside one of the functions below.
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// The answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Answer {
    /// Every module grants it.
    Granted,
    /// A module refuses it.
    Refused,
    /// It could not be evaluated, which refuses it as well.
    NotEvaluated,
}

/// Starts the session unless there is one.
///
/// # Returns
/// Whether there is a session now. What kept it from starting is logged.
#[must_use]
pub fn init(wanted: impl FnOnce() -> (Wanted, bool)) -> bool {
    alone("lcas_init", false, || {
        let mut session = write();
        if session.is_some() {
            return true;
        }
        let (wanted, to_syslog) = wanted();
        if logging::open(wanted, to_syslog).is_err() {
            return false;
        }
        debug(1, || {
            format!("Initialization LCAS version {}", config::VERSION)
        });
        *session = start(&config::database());
        session.is_some()
    })
}

fn start(file: &Path) -> Option<Session> {
    let name = shown(file);
    debug(1, || {
        format!("lcas.mod-lcas_init(): Reading LCAS database {name}")
    });
    let failed = |reason: &dyn std::fmt::Display| {
        log(0, &format!("lcas.mod-lcas_db_read(): {reason}"));
        log(
            0,
            &format!("lcas.mod-lcas_init(): Failed to read LCAS database {name}"),
        );
    };
    let text = match lc_c_boundary::file::read(file) {
        Ok(text) => text,
        // As the original reads a directory; such a database grants nobody anything.
        Err(e) if e.kind() == ErrorKind::IsADirectory => Vec::new(),
        Err(e) => {
            failed(&format_args!("{name}: {e}"));
            return None;
        }
    };
    let database = match Database::parse(&text) {
        Ok(database) => database,
        Err(e) => {
            failed(&e.in_file(&name));
            return None;
        }
    };
    for remark in &database.remarks {
        let text = format!("lcas.mod-lcas_db_read(): {}", remark.in_file(&name));
        if remark.kind.is_mistake() {
            log(0, &text);
        } else {
            debug(1, || text);
        }
    }
    ensure_visible();
    Some(Session {
        modules: Modules::load(&database.entries, file)?,
        partly_ended: false,
    })
}

/// Modules leave `lcas_log` and others undefined: they must find this library.
fn ensure_visible() {
    let own = crate::lcas_log::lcas_get_debug_level as *const libc::c_void;
    match visibility::ensure(c"lcas_get_debug_level", own) {
        Visibility::Ours => {}
        Visibility::Nothing => log(
            0,
            "liblcas was opened with RTLD_LOCAL and cannot make itself visible to modules: open it \
             with RTLD_NOW|RTLD_GLOBAL",
        ),
        Visibility::SomebodyElses => log(
            0,
            "another LCAS library is loaded in this process: modules will talk to that one",
        ),
    }
}

/// Ends the session: the modules in their order, up to one that says it did not end.
///
/// # Returns
/// Whether there is no session now.
#[must_use]
pub fn term() -> bool {
    alone("lcas_term", false, || {
        let mut place = write();
        let Some(session) = place.as_mut() else {
            return true;
        };
        log(1, "Termination LCAS");
        while let Some(ended) = session.modules.terminate_first("lcas.mod-lcas_term()") {
            if !ended {
                return false;
            }
            session.partly_ended = true;
        }
        *place = None;
        logging::close();
        true
    })
}

/// Asks the modules of the session.
///
/// # Safety
/// As [`Credential::question`].
pub unsafe fn run(credential: Credential<'_>, request: lcas_sys::lcas_request_t) -> Answer {
    alone("lcas_run_va", Answer::NotEvaluated, || {
        // After a panic while the session changed there is none to ask.
        let session = SESSION.read().ok();
        let Some(session) = session.as_ref().and_then(|session| session.as_ref()) else {
            logging::tell("LCAS has to be initialized first !");
            return Answer::NotEvaluated;
        };
        let function = credential.function();
        log(2, "LCAS authorization request");
        // SAFETY: the caller's promise.
        let answer = match unsafe { credential.question(request) } {
            Ok(question) => session.answer(&question),
            Err(reason) => {
                log(0, &format!("{function}: {reason} (failure)"));
                Answer::NotEvaluated
            }
        };
        let outcome = match answer {
            Answer::Granted => "succeeded",
            Answer::Refused | Answer::NotEvaluated => "failed",
        };
        log(1, &format!("{function}: {outcome}"));
        answer
    })
}

impl Session {
    fn answer(&self, question: &Question) -> Answer {
        let function = question.function();
        if self.partly_ended {
            log(
                0,
                &format!(
                    "{function}: lcas_term() failed before and some modules have ended, so not all of \
                     them can be asked (failure)"
                ),
            );
            return Answer::NotEvaluated;
        }
        match decide(self.modules.count(), |index| {
            self.modules.grants(index, question)
        }) {
            Decision::Granted(count) => {
                debug(2, || format!("{function}: granted by {count} plugins"));
                Answer::Granted
            }
            Decision::Refused(_) => Answer::Refused,
            Decision::NoModules => {
                log(
                    1,
                    &format!(
                        "{function}: No authorization modules were called (check lcas db file)"
                    ),
                );
                Answer::NotEvaluated
            }
        }
    }
}

/// The session, to change it.
fn write() -> RwLockWriteGuard<'static, Option<Session>> {
    SESSION.write().unwrap_or_else(|poisoned| {
        // A panic while the session changed: what its modules are up to is unknown. End it; every
        // request from here on is refused until the next initialisation.
        SESSION.clear_poison();
        let mut session = poisoned.into_inner();
        if let Some(mut broken) = session.take() {
            broken.modules.terminate_all();
        }
        session
    })
}

/// Runs `body` unless this thread is inside one of these functions already.
fn alone<T>(function: &str, refusal: T, body: impl FnOnce() -> T) -> T {
    if BUSY.get() {
        log(0, &format!("{function}(): called from inside a module"));
        return refusal;
    }
    let _reset = Reset;
    BUSY.set(true);
    body()
}

/// Clears the mark of `alone`, also after a panic.
struct Reset;

impl Drop for Reset {
    fn drop(&mut self) {
        BUSY.set(false);
    }
}
