//! What this process may do.

use nix::unistd::{ResUid, Uid, getresuid};

/// `_LINUX_CAPABILITY_VERSION_3`
const CAPABILITY_VERSION: u32 = 0x2008_0522;

/// `CAP_SETUID`, a bit of the first word.
const CAP_SETUID: u32 = 1 << 7;

/// Whether this process is root, runs for somebody else, or could become root: then the files that
/// decide about users are those of the administrator, not those of the caller.
///
/// Nothing is tried out: the ids of a process are those of all its threads.
#[must_use]
pub fn is_privileged() -> bool {
    match getresuid() {
        Ok(ids) => privileged(ids, can_set_uid()),
        Err(_) => true,
    }
}

fn privileged(ids: ResUid, can_set_uid: bool) -> bool {
    let root = Uid::from_raw(0);
    ids.real == root
        || ids.effective == root
        || ids.saved == root
        || ids.effective != ids.real
        || can_set_uid
}

/// Whether somebody less privileged started this process (a set-uid program, for one). Its
/// environment then is that person's.
#[must_use]
pub fn is_set_uid() -> bool {
    // SAFETY: getauxval only reads what the kernel left for this process.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// Whether the kernel would let this process take any uid although it is not root.
fn can_set_uid() -> bool {
    #[repr(C)]
    struct Header {
        version: u32,
        pid: i32,
    }
    #[repr(C)]
    #[derive(Clone, Copy, Default)]
    struct Data {
        effective: u32,
        permitted: u32,
        inheritable: u32,
    }
    let mut header = Header {
        version: CAPABILITY_VERSION,
        pid: 0,
    };
    let mut data = [Data::default(); 2];
    // SAFETY: capget of this version takes a header and room for two words of each set.
    let result = unsafe { libc::syscall(libc::SYS_capget, &raw mut header, data.as_mut_ptr()) };
    result == 0 && (data[0].effective | data[0].permitted) & CAP_SETUID != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(real: u32, effective: u32, saved: u32) -> ResUid {
        let [real, effective, saved] = [real, effective, saved].map(Uid::from_raw);
        ResUid {
            real,
            effective,
            saved,
        }
    }

    #[test]
    fn who_is_root_or_can_be_is_privileged() {
        assert!(privileged(ids(0, 0, 0), false));
        assert!(privileged(ids(0, 5, 5), false));
        assert!(privileged(ids(5, 0, 5), false));
        assert!(privileged(ids(5, 5, 0), false), "seteuid(0) would work");
        assert!(
            privileged(ids(5, 5, 5), true),
            "so would it with the capability"
        );
    }

    #[test]
    fn who_runs_for_somebody_else_is_privileged() {
        assert!(privileged(ids(5, 6, 6), false));
    }

    #[test]
    fn an_ordinary_user_is_not_privileged() {
        assert!(!privileged(ids(5, 5, 5), false));
    }
}
