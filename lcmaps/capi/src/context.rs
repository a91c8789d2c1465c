//! Everything a session and its runs touch.
//!
//! The functions of the original work on one process-wide context, [`default`]; the code below does
//! not know that there is only one. A run keeps the session locked, so modules, most of which keep
//! static data, are called by one thread at a time. Credential data has a lock of its own, held only
//! for single operations: modules use it while the session is locked.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ptr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, TryLockError};

use lc_log::{Level, Message};
use lcmaps_core::{
    Credential, Evaluation, Host, Mapping, Mode, ReportMessage, Selection, SummaryLine, evaluate,
    summary,
};
use lcmaps_pdl::{Compiled, Policy};

use crate::credential_data::CredentialData;
use crate::logging::log;
use crate::modules::Modules;
use crate::run_arguments::{Borrowed, RunArguments};
use crate::run_record::RunRecord;
use crate::session::{Session, SessionError};
use crate::{fork, sigpipe, thread_results};

/// Most log lines of a run that its report keeps.
const MAX_MESSAGES: usize = 500;

/// A configured LCMAPS: at most one session at a time, and the data of its last run.
pub struct Context {
    session: Mutex<Option<Session>>,
    data: Mutex<CredentialData>,
}

static DEFAULT: LazyLock<Context> = LazyLock::new(|| Context {
    session: Mutex::new(None),
    data: Mutex::new(CredentialData::new()),
});

/// The context of the original's functions.
#[must_use]
pub fn default() -> &'static Context {
    &DEFAULT
}

/// For a thread that forks: the session, unless this thread has it already.
///
/// # Errors
/// If another thread has it, and keeps it.
pub fn hold_session() -> Result<Option<fork::Held>, SessionTaken> {
    if ACTIVE.get().is_null() {
        fork::try_hold(&DEFAULT.session)
            .map(Some)
            .ok_or(SessionTaken)
    } else {
        Ok(None)
    }
}

/// For a thread that forks: the credential data.
pub fn hold_data() -> fork::Held {
    fork::hold(&DEFAULT.data)
}

/// Another thread is in a run.
#[derive(Debug)]
pub struct SessionTaken;

/// What this thread is doing in a context.
struct Activity {
    context: *const Context,
    messages: RefCell<Vec<ReportMessage>>,
}

thread_local! {
    /// Set while this thread is inside init, run or term. No destructor: see `thread_results`.
    static ACTIVE: Cell<*const Activity> = const { Cell::new(ptr::null()) };
}

/// The context that a module's call is for: the one whose run called the module, else the default.
pub fn of_caller<T>(body: impl FnOnce(&Context) -> T) -> T {
    let active = ACTIVE.get();
    if active.is_null() {
        return body(default());
    }
    // SAFETY: ACTIVE is only set while the activity and its context live further up this stack.
    body(unsafe { &*(*active).context })
}

/// Keeps a log line for the report of the run that this thread is in.
pub fn remember_message(priority: i32, message: &Message) {
    let active = ACTIVE.get();
    if active.is_null() {
        return;
    }
    // SAFETY: as in `of_caller`.
    let activity = unsafe { &*active };
    let mut messages = activity.messages.borrow_mut();
    if messages.len() < MAX_MESSAGES {
        let level = Level::from_priority(priority).map_or("UNKNOWN", Level::name);
        messages.push(ReportMessage {
            level: level.trim_start_matches("LOG_").to_owned(),
            text: String::from_utf8_lossy(message.as_bytes())
                .trim_end()
                .to_owned(),
        });
    }
}

/// What a run works on, made once at the door.
pub struct Prepared {
    /// Who asks.
    pub credential: Credential,
    /// What the caller lends to modules.
    pub borrowed: Borrowed,
    /// What is odd about the credential, for the log.
    pub warnings: Vec<String>,
    /// What has to live as long as `borrowed` is used.
    pub _kept: Option<Box<dyn Any>>,
}

/// A call that would wait for ever.
#[derive(Debug, Clone, Copy)]
enum Refused {
    /// From inside a module of the same thread, which would wait for itself.
    Reentrant,
    /// In a process that was forked while another thread was in a run.
    Lost,
}

impl Refused {
    fn reason(self) -> &'static str {
        match self {
            Refused::Reentrant => "called from inside a module",
            Refused::Lost => {
                "this process was forked while another thread of its parent was using LCMAPS, which cannot be used here; \
                 start another program with exec, or fork while no mapping is going on"
            }
        }
    }
}

impl Context {
    /// Starts a session unless there is one.
    ///
    /// # Errors
    /// What kept it from starting; logged already.
    pub fn init(
        &self,
        start: impl FnOnce() -> Result<Session, SessionError>,
    ) -> Result<(), SessionError> {
        self.busy(|_| {
            let mut session = self.session();
            if session.is_none() {
                *session = Some(start()?);
            }
            Ok(())
        })
        .unwrap_or_else(|refused| {
            log(
                Level::Error,
                &format!("LCMAPS cannot be initialised: {}", refused.reason()),
            );
            Err(SessionError::Reported)
        })
    }

    /// Ends the session, if there is one, and drops credential data.
    ///
    /// # Returns
    /// Whether it was allowed to: a module cannot end the session that is calling it.
    #[must_use]
    pub fn term(&self) -> bool {
        let ended = self.busy(|_| {
            // Taken out first, so that the session is gone even if a module panics on its way out.
            let mut session = self.session();
            drop(session.take());
            self.reset_data();
            thread_results::clear();
        });
        if let Err(refused) = ended {
            log(
                Level::Error,
                &format!("LCMAPS cannot be terminated: {}", refused.reason()),
            );
        }
        ended.is_ok()
    }

    /// Runs a credential through the policies.
    ///
    /// `prepare` makes the credential; `accept` states what the result must look like.
    ///
    /// # Returns
    /// What `accept` returns, or `None` after a refusal, which is logged and kept for the report.
    pub fn run<T>(
        &self,
        function: &str,
        mode: Mode,
        selection: impl FnOnce() -> Result<Selection, String>,
        prepare: impl FnOnce() -> Result<Prepared, String>,
        accept: impl FnOnce(&Mapping) -> Result<T, String>,
    ) -> Option<T> {
        let result = self.busy(|activity| {
            let mut record = RunRecord {
                mode,
                credential: None,
                compiled: None,
                files: Arc::default(),
                evaluation: Evaluation::default(),
                mapping: Mapping::default(),
                outcome: Ok(()),
                messages: Vec::new(),
            };
            let result = self.run_in_session(&mut record, selection, prepare, accept);
            if let Err(reason) = &result {
                log(Level::Error, &format!("{function}(): {reason}"));
            }
            sigpipe::log_caught();
            record.outcome = result.as_ref().map(|_| ()).map_err(Clone::clone);
            record.messages = activity.messages.take();
            thread_results::with(|kept| {
                kept.lend(&record.mapping);
                kept.record = Some(record);
            });
            result.ok()
        });
        result.unwrap_or_else(|refused| {
            log(Level::Error, &format!("{function}(): {}", refused.reason()));
            None
        })
    }

    fn run_in_session<T>(
        &self,
        record: &mut RunRecord,
        selection: impl FnOnce() -> Result<Selection, String>,
        prepare: impl FnOnce() -> Result<Prepared, String>,
        accept: impl FnOnce(&Mapping) -> Result<T, String>,
    ) -> Result<T, String> {
        let mut session = self.session();
        // Behind the lock: until here the data may be that of another thread's run.
        self.reset_data();
        let Some(session) = session.as_mut() else {
            return Err("LCMAPS has to be initialized first !".to_owned());
        };
        record.compiled = Some(Arc::clone(&session.compiled));
        record.files = Arc::clone(&session.files);
        let selection = selection()?;
        let prepared = prepare()?;
        record.credential = Some(prepared.credential.clone());
        for warning in &prepared.warnings {
            log(Level::Warning, warning);
        }
        if !session.modules.ready(record.mode) {
            return Err("the policy cannot run: a module asks for what this library or this call does not have".to_owned());
        }
        let values = RunArguments::new(&prepared.credential, prepared.borrowed);
        let mut host = RunHost {
            context: self,
            modules: &mut session.modules,
            values: &values,
        };
        record.evaluation = evaluate(&session.compiled, &selection, record.mode, &mut host);
        record.mapping = self.data().mapping().clone();
        log_summary(&record.mapping);
        if !record.evaluation.succeeded() {
            return Err(refusal(&session.compiled, &record.evaluation));
        }
        accept(&record.mapping)
    }

    /// The credential data.
    pub fn data(&self) -> MutexGuard<'_, CredentialData> {
        // Data is replaced as a whole or appended to; a panic leaves nothing half done.
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reset_data(&self) {
        *self.data() = CredentialData::new();
    }

    fn session(&self) -> MutexGuard<'_, Option<Session>> {
        match self.session.lock() {
            Ok(session) => session,
            Err(poisoned) => {
                // A panic inside a session: what its modules are up to is unknown. End it; every
                // run from here on says that LCMAPS has to be initialised.
                self.session.clear_poison();
                let mut session = poisoned.into_inner();
                *session = None;
                session
            }
        }
    }

    /// Marks this thread as working in this context.
    fn busy<T>(&self, body: impl FnOnce(&Activity) -> T) -> Result<T, Refused> {
        if !ACTIVE.get().is_null() {
            return Err(Refused::Reentrant);
        }
        if fork::lost() {
            return Err(Refused::Lost);
        }
        fork::register();
        let activity = Activity {
            context: self,
            messages: RefCell::default(),
        };
        let _reset = ResetActive;
        ACTIVE.set(&activity);
        Ok(body(&activity))
    }

    /// When the library is unloaded without term: the handler for SIGPIPE must not stay behind.
    pub fn unload(&self) {
        let session = match self.session.try_lock() {
            Ok(session) => session,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                if fork::lost() {
                    sigpipe::reset();
                }
                return;
            }
        };
        if let Some(session) = session.as_ref() {
            session.restore_sigpipe();
        }
    }
}

/// Clears the mark of `busy`, also after a panic.
struct ResetActive;

impl Drop for ResetActive {
    fn drop(&mut self) {
        ACTIVE.set(ptr::null());
    }
}

/// Connects the evaluation with loaded modules.
struct RunHost<'a> {
    context: &'a Context,
    modules: &'a mut Modules,
    values: &'a RunArguments,
}

impl Host for RunHost<'_> {
    fn policy_starts(&mut self, policy: &Policy) {
        log(
            Level::Info,
            &format!("Starting policy: {}", String::from_utf8_lossy(&policy.name)),
        );
        self.context.reset_data();
    }

    fn call(&mut self, module: usize, mode: Mode) -> i32 {
        self.modules.call(module, mode, self.values)
    }
}

fn log_summary(mapping: &Mapping) {
    for line in summary(mapping) {
        match line {
            SummaryLine::Notice(text) => log(Level::Notice, &text),
            SummaryLine::Info(text) => log(Level::Info, &text),
            SummaryLine::Debug(text) => log(Level::Debug, &text),
        }
    }
}

/// Why no policy succeeded, with the module that had the last word.
fn refusal(compiled: &Compiled, evaluation: &Evaluation) -> String {
    let last = evaluation.policies.last().and_then(|trace| {
        let policy = compiled.policies.get(trace.policy)?;
        let step = trace.steps.last()?;
        let state = policy.states.get(step.state)?;
        let module = compiled.modules.get(state.module)?;
        Some((policy, state, module))
    });
    match last {
        None => "LCMAPS failed to do mapping: none of the requested policies exists".to_owned(),
        Some((policy, state, module)) => format!(
            "LCMAPS failed to do mapping and return account information: policy {} (line {}) ended \
             with a failure of {} (line {})",
            String::from_utf8_lossy(&policy.name),
            policy.span.line,
            String::from_utf8_lossy(&module.name),
            state.span.line
        ),
    }
}
