//! Changing for good who this process is.
//!
//! The C library makes each change in all threads of the process (the kernel alone would change one thread), and
//! [`Identity::take`] looks at every thread afterwards, because a thread that stayed root can give root back to the others.

use std::fs;
use std::io;

use nix::errno::Errno;
use nix::unistd::{Gid, ResGid, Uid, getgroups, getresgid, setgroups, setresgid, setresuid};

/// The ids of a process: those of an account, or some of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The user id.
    pub uid: Uid,
    /// The primary group id.
    pub gid: Gid,
    /// The supplementary group ids.
    pub groups: Vec<Gid>,
}

/// Which of the three user ids, or group ids, of a process change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Real, effective and saved: nothing leads back.
    Whole,
    /// Effective and saved: a process whose real one is root's can take that again.
    KeepReal,
}

/// Why the process is not who it should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SwitchError {
    /// Root is no identity to switch to.
    #[error("{0} 0 is root's, and no process is switched to it")]
    Root(&'static str),
    /// The system refused a step; the steps before it were taken back.
    #[error("{step} failed: {source}; nothing has changed")]
    Refused {
        /// The step.
        step: &'static str,
        /// The system's answer.
        source: Errno,
    },
    /// The system refused a step, and also to go back.
    #[error(
        "{step} failed: {source}; the groups that were set already could not be taken back: {back}"
    )]
    HalfWay {
        /// The step.
        step: &'static str,
        /// The system's answer.
        source: Errno,
        /// The answer to going back.
        back: Errno,
    },
    /// Every step succeeded, and a thread is not who it should be.
    #[error("after the switch thread {thread} has {found} instead of {wanted}")]
    NotSwitched {
        /// The thread.
        thread: String,
        /// A line of its status in /proc.
        found: String,
        /// What that line should say.
        wanted: String,
    },
    /// The way back to root is open.
    #[error("after the switch the process could still become root again")]
    NotFinal,
    /// The threads cannot be looked at.
    #[error("cannot verify the switch: {path}: {source}")]
    Unverified {
        /// The file in /proc.
        path: String,
        /// The system's answer.
        source: io::Error,
    },
}

impl Identity {
    /// Makes this process, with all its threads, this identity, and verifies that it is. Needs root.
    ///
    /// # Errors
    /// [`SwitchError`]. Unless it says that nothing has changed, the process is in no state to go on.
    pub fn take(&self, uid: Extent, gid: Extent) -> Result<(), SwitchError> {
        self.refuse_root()?;
        let refused = |step| move |source| SwitchError::Refused { step, source };
        let before = (
            getgroups().map_err(refused("getgroups"))?,
            getresgid().map_err(refused("getresgid"))?,
        );
        setgroups(&self.groups).map_err(refused("setgroups"))?;
        let real_gid = real(gid, self.gid, Gid::from_raw(u32::MAX));
        setresgid(real_gid, self.gid, self.gid).map_err(|e| take_back("setresgid", e, &before))?;
        let real_uid = real(uid, self.uid, Uid::from_raw(u32::MAX));
        setresuid(real_uid, self.uid, self.uid).map_err(|e| take_back("setresuid", e, &before))?;
        self.verify(uid, gid)
    }

    fn refuse_root(&self) -> Result<(), SwitchError> {
        if self.uid.is_root() {
            return Err(SwitchError::Root("uid"));
        }
        if self.gid.as_raw() == 0 {
            return Err(SwitchError::Root("primary gid"));
        }
        if self.groups.iter().any(|group| group.as_raw() == 0) {
            return Err(SwitchError::Root("secondary gid"));
        }
        Ok(())
    }

    /// Looks at every thread, then tries the door back.
    fn verify(&self, uid: Extent, gid: Extent) -> Result<(), SwitchError> {
        const TASKS: &str = "/proc/self/task";
        let mut seen = 0;
        for entry in fs::read_dir(TASKS).map_err(|e| unverified(TASKS, e))? {
            let entry = entry.map_err(|e| unverified(TASKS, e))?;
            let thread = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{TASKS}/{thread}/status");
            match fs::read_to_string(&path) {
                Ok(status) => self.verify_thread(&thread, &status, uid, gid)?,
                // Threads end; who is gone gives nothing back.
                Err(e) if [Some(libc::ENOENT), Some(libc::ESRCH)].contains(&e.raw_os_error()) => {
                    continue;
                }
                Err(e) => return Err(unverified(&path, e)),
            }
            seen += 1;
        }
        if seen == 0 {
            return Err(unverified(TASKS, io::ErrorKind::NotFound.into()));
        }
        let same_uid = Uid::from_raw(u32::MAX);
        let same_gid = Gid::from_raw(u32::MAX);
        if uid == Extent::Whole && setresuid(same_uid, Uid::from_raw(0), same_uid).is_ok() {
            return Err(SwitchError::NotFinal);
        }
        if uid == Extent::Whole
            && gid == Extent::Whole
            && setresgid(same_gid, Gid::from_raw(0), same_gid).is_ok()
        {
            return Err(SwitchError::NotFinal);
        }
        Ok(())
    }

    fn verify_thread(
        &self,
        thread: &str,
        status: &str,
        uid: Extent,
        gid: Extent,
    ) -> Result<(), SwitchError> {
        let no_capability = vec![0];
        let mut groups: Vec<u64> = self.groups.iter().map(|g| g.as_raw().into()).collect();
        groups.sort_unstable();
        groups.dedup();
        let ids = |extent, id: u32| match extent {
            Extent::Whole => (0, vec![u64::from(id); 4]),
            // All but the first one, the real one.
            Extent::KeepReal => (1, vec![u64::from(id); 3]),
        };
        let (skip_uids, uids) = ids(uid, self.uid.as_raw());
        let (skip_gids, gids) = ids(gid, self.gid.as_raw());
        let mut wanted = vec![
            ("Uid", 10, skip_uids, uids),
            ("Gid", 10, skip_gids, gids),
            ("Groups", 10, 0, groups),
            ("CapEff", 16, 0, no_capability.clone()),
        ];
        if uid == Extent::Whole {
            wanted.push(("CapPrm", 16, 0, no_capability));
        }
        for (name, radix, skip, wanted) in wanted {
            let mut found = numbers(status, name, radix).unwrap_or_default();
            if name == "Groups" {
                found.sort_unstable();
                found.dedup();
            } else {
                found = found.into_iter().skip(skip).take(wanted.len()).collect();
            }
            if found != wanted {
                return Err(SwitchError::NotSwitched {
                    thread: thread.to_owned(),
                    found: format!("{name} {found:?}"),
                    wanted: format!("{wanted:?}"),
                });
            }
        }
        Ok(())
    }
}

/// The real id to set: the new one, or "as it is".
fn real<T>(extent: Extent, id: T, same: T) -> T {
    match extent {
        Extent::Whole => id,
        Extent::KeepReal => same,
    }
}

/// A later step failed: the process is still root and becomes what it was.
fn take_back(step: &'static str, source: Errno, before: &(Vec<Gid>, ResGid)) -> SwitchError {
    let (groups, gids) = before;
    let back = setresgid(gids.real, gids.effective, gids.saved).and_then(|()| setgroups(groups));
    match back {
        Ok(()) => SwitchError::Refused { step, source },
        Err(back) => SwitchError::HalfWay { step, source, back },
    }
}

/// The numbers in a line of a status file of /proc; `None` when there is no such line.
fn numbers(status: &str, name: &str, radix: u32) -> Option<Vec<u64>> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_ascii_whitespace()
        .map(|number| u64::from_str_radix(number, radix).ok())
        .collect()
}

fn unverified(path: &str, source: io::Error) -> SwitchError {
    SwitchError::Unverified {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = "Name:\tx\nUid:\t5\t5\t5\t5\nGid:\t0\t6\t6\t6\nGroups:\t9 7 \nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n";

    fn verify(status: &str, uid: Extent, gid: Extent) -> Result<(), SwitchError> {
        let identity = Identity {
            uid: Uid::from_raw(5),
            gid: Gid::from_raw(6),
            groups: [7, 9, 7].map(Gid::from_raw).to_vec(),
        };
        identity.verify_thread("1", status, uid, gid)
    }

    #[test]
    fn a_thread_with_the_wanted_ids_passes() {
        assert!(verify(STATUS, Extent::Whole, Extent::KeepReal).is_ok());
    }

    #[test]
    fn a_thread_that_kept_an_id_a_group_or_a_capability_does_not() {
        let refused = |status: &str| verify(status, Extent::Whole, Extent::KeepReal).is_err();
        assert!(verify(STATUS, Extent::Whole, Extent::Whole).is_err());
        assert!(refused(&STATUS.replace("5\t5\t5\t5", "5\t5\t0\t5")));
        assert!(refused(&STATUS.replace("9 7", "9 7 4")));
        assert!(refused(&STATUS.replace("9 7", "9")));
        assert!(refused(&STATUS.replace("CapPrm:\t00", "CapPrm:\t01")));
        assert!(refused(""));
    }

    #[test]
    fn nobody_is_switched_to_root_or_its_group() {
        for (uid, gid, group) in [(0, 6, 7), (5, 0, 7), (5, 6, 0)] {
            let identity = Identity {
                uid: Uid::from_raw(uid),
                gid: Gid::from_raw(gid),
                groups: vec![Gid::from_raw(group)],
            };
            let refused = identity.take(Extent::Whole, Extent::Whole);
            assert!(matches!(refused, Err(SwitchError::Root(_))), "{refused:?}");
        }
    }
}
