//! Process-wide VOMS settings. They survive init and term.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};

use libc::time_t;

/// All checks on: what the original starts with and what "enable" sets.
pub const ALL: u32 = u32::MAX;

/// The bits that "is set to verify" looks at.
const CHECKS: u32 = 0x7f;

static FLAGS: AtomicU32 = AtomicU32::new(ALL);

/// At which time attributes are to be valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerificationTime {
    /// Seconds; since 1970 or relative, as `flags` says.
    pub time: time_t,
    /// 0 absolute, 1 relative to the leaf's notBefore, 2 relative to its notAfter.
    pub flags: i32,
}

static TIME: Mutex<VerificationTime> = Mutex::new(VerificationTime { time: 0, flags: 0 });

/// For a thread that forks: the verification time.
pub fn hold() -> crate::fork::Held {
    crate::fork::hold(&TIME)
}

/// The flag word.
#[must_use]
pub fn flags() -> u32 {
    FLAGS.load(Ordering::Relaxed)
}

/// Sets the flag word.
pub fn set_flags(flags: u32) {
    FLAGS.store(flags, Ordering::Relaxed);
}

/// Whether every check is on.
#[must_use]
pub fn verifies_everything() -> bool {
    flags() & CHECKS == CHECKS
}

/// The verification time.
#[must_use]
pub fn verification_time() -> VerificationTime {
    *TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets the verification time.
pub fn set_verification_time(time: VerificationTime) {
    *TIME.lock().unwrap_or_else(PoisonError::into_inner) = time;
}
