//! SIGPIPE between init and term: noted instead of ending the process.

use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

use lc_log::Level;
use libc::{c_int, sigaction};

use crate::logging;

/// Signals caught and not yet logged.
static CAUGHT: AtomicU32 = AtomicU32::new(0);

/// Only counts: nothing that writes a log line may run inside a signal handler.
extern "C" fn note(_signal: c_int) {
    CAUGHT.fetch_add(1, Ordering::Relaxed);
}

/// Our handler is in place; dropping this restores what was there before.
pub struct SigpipeGuard {
    before: sigaction,
}

impl SigpipeGuard {
    /// Installs the handler. `None` if the system refuses, which it does not for SIGPIPE.
    #[must_use]
    pub fn install() -> Option<SigpipeGuard> {
        // SAFETY: all-zero bytes are a valid sigaction: default handler, empty mask, no flags.
        let mut action: sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
        action.sa_sigaction = note as extern "C" fn(c_int) as usize;
        action.sa_flags = libc::SA_RESTART;
        // SAFETY: as above.
        let mut before: sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
        // SAFETY: both structures live through the call; the handler is async-signal-safe.
        let result = unsafe { libc::sigaction(libc::SIGPIPE, &action, &mut before) };
        (result == 0).then_some(SigpipeGuard { before })
    }
}

impl SigpipeGuard {
    /// Puts the handler back that was there before.
    pub fn restore(&self) {
        // SAFETY: `before` is what sigaction gave us.
        unsafe { libc::sigaction(libc::SIGPIPE, &self.before, ptr::null_mut()) };
    }
}

/// Takes our handler away where the one before is out of reach. One that somebody else set since stays.
pub fn reset() {
    // SAFETY: all-zero bytes are a valid sigaction: default handler, empty mask, no flags.
    let mut current: sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
    // SAFETY: the structure lives through the call.
    let known = unsafe { libc::sigaction(libc::SIGPIPE, ptr::null(), &mut current) } == 0;
    if known && current.sa_sigaction == note as extern "C" fn(c_int) as usize {
        // SAFETY: sets the default action.
        unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    }
}

impl Drop for SigpipeGuard {
    fn drop(&mut self) {
        // In this order: the line itself may go into a pipe without a reader.
        log_caught();
        self.restore();
    }
}

/// Logs signals that came since the last call.
pub fn log_caught() {
    if CAUGHT.swap(0, Ordering::Relaxed) > 0 {
        logging::log(Level::Notice, "Caught signal SIGPIPE");
    }
}
