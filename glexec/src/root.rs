//! Everything that happens with effective root, and every change of identity.
//!
//! The process is root in its saved uid only, from [`Root::at_start`] until [`Root::become_for_good`]. In between it borrows
//! an identity for the length of a closure: [`Root::as_root`], [`Root::as_user`]. If the way back from a borrowed
//! identity fails, the process ends at once with 202.

use nix::errno::Errno;
use nix::sys::prctl;
use nix::unistd::{
    Gid, Uid, getegid, geteuid, getgid, getgroups, getresgid, getresuid, getuid, setegid, seteuid,
    setgroups, setresgid, setresuid,
};

use crate::failure::Failure;

/// The ids of a user, as a process has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    /// The user.
    pub uid: Uid,
    /// The primary group.
    pub gid: Gid,
    /// The supplementary groups.
    pub groups: Vec<Gid>,
}

/// The proof that this process can become anybody.
#[derive(Debug)]
pub struct Root {
    caller: Ids,
    /// Effective gid that the program was started with.
    gid: Gid,
}

/// A step of the final switch, for the message: what failed and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The system call, or what was found wrong.
    pub name: &'static str,
    /// The system's answer.
    pub errno: Errno,
}

impl Ids {
    /// Who started this program: its real ids and its groups.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn of_caller() -> Result<Self, Errno> {
        Ok(Self {
            uid: getuid(),
            gid: getgid(),
            groups: getgroups()?,
        })
    }
}

impl Root {
    /// Takes the root that the set-uid bit gave and puts it aside: afterwards the process has the caller's effective ids.
    /// `None` when there is none to take.
    ///
    /// # Errors
    /// The effective ids cannot be changed.
    pub fn at_start(caller: &Ids) -> Result<Option<Self>, Failure> {
        if !geteuid().is_root() {
            return Ok(None);
        }
        let root = Self {
            caller: caller.clone(),
            gid: getegid(),
        };
        // The saved uid is root's already in a set-uid program; a caller that is root has made it so as well.
        setresuid(caller.uid, Uid::from_raw(0), Uid::from_raw(0)).map_err(switch_failed)?;
        root.effective(caller).map_err(switch_failed)?;
        Ok(Some(root))
    }

    /// Does something with effective root, the caller's groups, and the caller's real uid.
    ///
    /// # Errors
    /// The process cannot become root.
    pub fn as_root<T>(&self, work: impl FnOnce() -> T) -> Result<T, Failure> {
        seteuid(Uid::from_raw(0)).map_err(switch_failed)?;
        setegid(self.gid).map_err(switch_failed)?;
        prctl::set_dumpable(false).map_err(switch_failed)?;
        let done = work();
        // A module that switches the process leaves no way back, which the caller of this function looks at.
        if geteuid().is_root() {
            self.back();
        }
        Ok(done)
    }

    /// Does something with the effective ids and the groups of a user.
    ///
    /// # Errors
    /// The process cannot become that user.
    pub fn as_user<T>(&self, user: &Ids, work: impl FnOnce() -> T) -> Result<T, Failure> {
        if let Err(problem) = self.effective(user) {
            self.back();
            return Err(switch_failed(problem));
        }
        let done = work();
        self.back();
        Ok(done)
    }

    /// Sets the effective ids and the groups, and looks whether they are set.
    fn effective(&self, user: &Ids) -> Result<(), Errno> {
        seteuid(Uid::from_raw(0))?;
        setgroups(&user.groups)?;
        setegid(user.gid)?;
        seteuid(user.uid)?;
        // The kernel makes a process that changes ids as dumpable as a sysctl says.
        prctl::set_dumpable(false)?;
        if geteuid() != user.uid || getegid() != user.gid {
            return Err(Errno::EPERM);
        }
        Ok(())
    }

    /// Back to the caller. There is nothing to go on with as somebody else.
    fn back(&self) {
        if self.effective(&self.caller).is_err() {
            // SAFETY: ends the process without running anything.
            unsafe { libc::_exit(202) };
        }
    }

    /// Becomes a user for good: groups, gids, uids, capabilities, in this order; then verifies that all are set and that
    /// root is out of reach. Allocates nothing: it runs between fork and exec.
    ///
    /// # Errors
    /// The step that failed; the process must end.
    pub fn become_for_good(user: &Ids, room: &mut [libc::gid_t]) -> Result<(), Step> {
        let step = |name| move |errno| Step { name, errno };
        let (root, same) = (Uid::from_raw(0), Uid::from_raw(u32::MAX));
        if user.uid == root || user.gid == Gid::from_raw(0) {
            return Err(Step {
                name: "switch to root",
                errno: Errno::EPERM,
            });
        }
        seteuid(root).map_err(step("seteuid"))?;
        // SAFETY: takes numbers; what the caller asked of the kernel must not keep capabilities over the switch.
        Errno::result(unsafe { libc::prctl(libc::PR_SET_KEEPCAPS, 0, 0, 0, 0) })
            .map_err(step("prctl(PR_SET_KEEPCAPS)"))?;
        setgroups(&user.groups).map_err(step("setgroups"))?;
        setresgid(user.gid, user.gid, user.gid).map_err(step("setresgid"))?;
        setresuid(user.uid, user.uid, user.uid).map_err(step("setresuid"))?;
        drop_capabilities().map_err(step("capset"))?;
        prctl::set_dumpable(false).map_err(step("prctl(PR_SET_DUMPABLE)"))?;
        let wrong = |name| Step {
            name,
            errno: Errno::EPERM,
        };
        let uids = getresuid().map_err(step("getresuid"))?;
        let gids = getresgid().map_err(step("getresgid"))?;
        if [uids.real, uids.effective, uids.saved] != [user.uid; 3] {
            return Err(wrong("verification of the uids"));
        }
        if [gids.real, gids.effective, gids.saved] != [user.gid; 3] {
            return Err(wrong("verification of the gids"));
        }
        if !has_groups(&user.groups, room) {
            return Err(wrong("verification of the groups"));
        }
        if setresuid(same, root, same).is_ok() {
            return Err(wrong("verification that root is out of reach"));
        }
        Ok(())
    }
}

/// Whether a switch that a module made is the one to this user, and final.
///
/// # Errors
/// What is not as it should be.
pub fn is_switched_to(user: &Ids) -> Result<(), Failure> {
    let mut room = vec![0; MOST_GROUPS];
    // The module sets what the mapping has, in which the primary group need not be among the others.
    let mut others = user.groups.clone();
    others.retain(|gid| *gid != user.gid);
    let (root, same) = (Uid::from_raw(0), Uid::from_raw(u32::MAX));
    let uids = getresuid().map_err(switch_failed)?;
    let gids = getresgid().map_err(switch_failed)?;
    let is_user = [uids.real, uids.effective, uids.saved] == [user.uid; 3]
        && [gids.real, gids.effective, gids.saved] == [user.gid; 3]
        && (has_groups(&user.groups, &mut room) || has_groups(&others, &mut room));
    if !is_user {
        return Err(Failure::internal(format_args!(
            "a module switched the process to uid {} gid {}, which is not the account of the mapping",
            uids.effective, gids.effective
        )));
    }
    if setresuid(same, root, same).is_ok() {
        return Err(Failure::internal(
            "a module switched the process, and it could become root again",
        ));
    }
    drop_capabilities().map_err(switch_failed)
}

/// The most groups that a process can have.
pub const MOST_GROUPS: usize = 65_536;

/// Whether the groups of the process are these, in any order and number.
fn has_groups(wanted: &[Gid], room: &mut [libc::gid_t]) -> bool {
    let most = libc::c_int::try_from(room.len()).unwrap_or(0);
    // SAFETY: room for as many ids as told.
    let count = unsafe { libc::getgroups(most, room.as_mut_ptr()) };
    let Some(have) = usize::try_from(count).ok().and_then(|n| room.get(..n)) else {
        return false;
    };
    have.iter().all(|gid| wanted.contains(&Gid::from_raw(*gid)))
        && wanted.iter().all(|gid| have.contains(&gid.as_raw()))
}

/// Empties the effective, permitted, inheritable and ambient sets. The bounding set stays the caller's, so that the
/// payload's own set-uid programs work as they do elsewhere.
fn drop_capabilities() -> Result<(), Errno> {
    #[repr(C)]
    struct Header {
        version: u32,
        pid: libc::c_int,
    }
    /// `_LINUX_CAPABILITY_VERSION_3`
    const VERSION: u32 = 0x2008_0522;
    let header = Header {
        version: VERSION,
        pid: 0,
    };
    let none = [0_u32; 6];
    // SAFETY: capset of this version takes a header and twice three words.
    Errno::result(unsafe { libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr()) })
        .map(drop)
}

fn switch_failed(problem: Errno) -> Failure {
    Failure::internal(format_args!(
        "cannot change the ids of the process: {problem}"
    ))
}
