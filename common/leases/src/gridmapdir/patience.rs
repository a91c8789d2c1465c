//! When to look again, and when to give up.

use std::time::{Duration, Instant};

/// Why a request has to be looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// Somebody else was faster.
    Changed,
    /// Somebody else is at it.
    InUse,
    /// An entry has too many links. Others may be about to back off, or it is
    /// damaged.
    TooManyLinks,
}

/// Time for others to finish.
pub(crate) struct Patience {
    start: Instant,
    round: u32,
    random: u64,
}

/// How long entries may have too many links before they count as damaged.
const FOR_LINKS: Duration = Duration::from_millis(100);

/// How long a request may take when others get in its way.
const FOR_ALL: Duration = Duration::from_secs(5);

/// How long locks are respected. They make crashes harmless but are not needed
/// to keep owners apart, and every local user who may read an entry can hold
/// one.
const FOR_LOCKS: Duration = Duration::from_millis(100);

impl Patience {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            start: Instant::now(),
            round: 0,
            random: seed | 1,
        }
    }

    pub(crate) fn respects_locks(&self) -> bool {
        self.start.elapsed() < FOR_LOCKS
    }

    /// Waits for a moment; `false` when it has been long enough.
    pub(crate) fn wait(&mut self, why: Again) -> bool {
        let limit = match why {
            Again::TooManyLinks => FOR_LINKS,
            Again::Changed | Again::InUse => FOR_ALL,
        };
        if self.start.elapsed() >= limit {
            return false;
        }
        // xorshift: processes that wait for each other must not keep step.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let longest = 200u64 << self.round.min(5);
        self.round += 1;
        std::thread::sleep(Duration::from_micros(50 + self.random % longest));
        true
    }
}
