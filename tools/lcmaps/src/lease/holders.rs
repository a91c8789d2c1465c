//! Choosing among leases.

use std::time::{Duration, SystemTime};

use lc_leases::{Decoded, HeldLease, LeaseName, Survey};

/// What the name of a lease says; names are checked when a directory is surveyed.
pub fn decoded(held: &HeldLease) -> Option<Decoded> {
    LeaseName::stored(&held.lease).map(|name| name.decoded())
}

/// The leases of an account.
pub fn of_account(survey: &Survey, account: &str) -> Vec<HeldLease> {
    let same = |held: &&HeldLease| held.account == account.as_bytes();
    survey.leases.iter().filter(same).cloned().collect()
}

/// The leases of a DN or FQAN, all its groups and counters; also of the name of one lease.
///
/// Names of leases have no capitals, so capitals do not count.
pub fn of_identity(survey: &Survey, who: &str) -> Vec<HeldLease> {
    let wanted = who.as_bytes().to_ascii_lowercase();
    let same = |held: &&HeldLease| {
        held.lease == who.as_bytes()
            || decoded(held).is_some_and(|decoded| decoded.identity == wanted)
    };
    survey.leases.iter().filter(same).cloned().collect()
}

/// The leases that no mapping has used for so long.
pub fn unused_for(survey: &Survey, time: Duration) -> Vec<HeldLease> {
    let now = SystemTime::now();
    let old = |held: &&HeldLease| {
        // A time in the future is no long time ago.
        let age = now.duration_since(held.last_used);
        age.is_ok_and(|age| age >= time)
    };
    survey.leases.iter().filter(old).cloned().collect()
}
