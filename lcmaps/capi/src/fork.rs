//! fork() while other threads use the library.
//!
//! The child has one thread, and whatever another thread had locked stays locked in it for ever. So the thread that forks
//! takes the library's locks first, and both sides release them afterwards.
//!
//! - Locks that are held for single operations on memory are waited for: their holders wait for nothing.
//! - The session is locked by a run, which takes as long as its modules do, and modules may fork as well: the wait for it has
//!   an end. So has the wait for the log, which may be a pipe that nobody reads. If one of them was not to be had, the
//!   child's copy of the library is [`lost`]: it refuses everything, because modules were interrupted half-way.
//! - A thread that forks inside a module holds the session itself; the child goes on inside the module.
//!
//! The handlers go when the library is unloaded: the C library files them under the shared object.

use std::any::Any;
use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use lc_c_boundary::panics;

#[cfg(feature = "gsi")]
use crate::voms_switches;
use crate::{context, logging, thread_results};

/// How often a lock is tried for that may be held for long, a millisecond apart.
const TRIES: u32 = 200;

/// A lock, held until this is dropped.
pub type Held = Box<dyn Any>;

/// What a thread holds while it forks.
struct Forking {
    _locks: Vec<Option<Held>>,
    has_session: bool,
    has_log: bool,
}

thread_local! {
    /// Set between the handlers before and after fork. No destructor: see `thread_results`.
    static FORKING: Cell<*mut Forking> = const { Cell::new(ptr::null_mut()) };
}

static LOST: AtomicBool = AtomicBool::new(false);
static LOG_LOST: AtomicBool = AtomicBool::new(false);

/// Whether this process was forked in the middle of another thread's run.
#[must_use]
pub fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Whether this process was forked in the middle of another thread's log line.
#[must_use]
pub fn log_lost() -> bool {
    LOG_LOST.load(Ordering::Relaxed)
}

/// Has the C library call the handlers, from the first initialisation on.
pub fn register() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        // What is made once is made by now, and no child finds it half made.
        thread_results::with(|_| ());
        // SAFETY: three functions without arguments that stay as long as the library is loaded.
        unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
    });
}

/// Takes a lock that is never held for long.
pub fn hold<T: Send>(lock: &'static Mutex<T>) -> Held {
    Box::new(lock.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Takes a lock if it is to be had within a while.
pub fn try_hold<T: Send>(lock: &'static Mutex<T>) -> Option<Held> {
    for _ in 0..TRIES {
        match lock.try_lock() {
            Ok(guard) => return Some(Box::new(guard)),
            // Left poisoned: the next run ends the session, as it does without a fork.
            Err(TryLockError::Poisoned(poisoned)) => return Some(Box::new(poisoned.into_inner())),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
        }
    }
    None
}

extern "C" fn before() {
    // Without the locks the child is lost, which is what a panic leaves it as.
    let forking = panics::catch(|| {
        let session = context::hold_session();
        // The order of the functions that take several: session, data, log.
        let data = context::hold_data();
        let log = logging::try_hold();
        Forking {
            has_session: session.is_ok(),
            has_log: log.is_some(),
            _locks: vec![
                session.ok().flatten(),
                Some(data),
                #[cfg(feature = "gsi")]
                Some(voms_switches::hold()),
                log,
            ],
        }
    });
    let forking = forking.map_or(ptr::null_mut(), |forking| Box::into_raw(Box::new(forking)));
    FORKING.set(forking);
}

extern "C" fn in_parent() {
    let forking = FORKING.replace(ptr::null_mut());
    if !forking.is_null() {
        // SAFETY: `before` made it from a box, in this thread; taken out above, hence freed once.
        drop(unsafe { Box::from_raw(forking) });
    }
}

extern "C" fn in_child() {
    let forking = FORKING.replace(ptr::null_mut());
    if forking.is_null() {
        LOST.store(true, Ordering::Relaxed);
        LOG_LOST.store(true, Ordering::Relaxed);
        return;
    }
    // SAFETY: as in `in_parent`; the child's one thread is the copy of the one that forked.
    let forking = unsafe { Box::from_raw(forking) };
    // A child of a lost process stays lost. Mapping without a word about it will not do either.
    LOST.fetch_or(!forking.has_session || !forking.has_log, Ordering::Relaxed);
    LOG_LOST.fetch_or(!forking.has_log, Ordering::Relaxed);
}
