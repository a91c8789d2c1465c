//! Locks on proxy files, for other programs that renew them.

use std::fs::File;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;

use crate::failure::Failure;
use crate::settings::Lock;

/// How long a rival may hold a lock.
const PATIENCE: Duration = Duration::from_secs(30);

/// Locks a whole file; the lock goes with the descriptor.
pub(super) fn lock(file: &File, how: Lock, exclusive: bool) -> Result<(), Failure> {
    let started = Instant::now();
    loop {
        let answer = match how {
            Lock::Disabled => return Ok(()),
            Lock::Flock => flock(file, exclusive),
            Lock::Fcntl => whole_file(file, exclusive),
        };
        match answer {
            Ok(()) => return Ok(()),
            Err(Errno::EAGAIN | Errno::EACCES | Errno::EINTR) if started.elapsed() < PATIENCE => {
                sleep(Duration::from_millis(20));
            }
            Err(problem) => {
                return Err(Failure::internal(format_args!(
                    "cannot lock a proxy file (see input_lock_mechanism, target_lock_mechanism): {problem}"
                )));
            }
        }
    }
}

fn flock(file: &File, exclusive: bool) -> Result<(), Errno> {
    let locked = match exclusive {
        true => file.try_lock(),
        false => file.try_lock_shared(),
    };
    locked.map_err(|problem| match problem {
        std::fs::TryLockError::WouldBlock => Errno::EAGAIN,
        std::fs::TryLockError::Error(e) => Errno::from_raw(e.raw_os_error().unwrap_or(libc::EIO)),
    })
}

fn whole_file(file: &File, exclusive: bool) -> Result<(), Errno> {
    let kind = if exclusive {
        libc::F_WRLCK
    } else {
        libc::F_RDLCK
    };
    let range = libc::flock {
        l_type: libc::c_short::try_from(kind).map_err(|_| Errno::EINVAL)?,
        l_whence: 0,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(file, FcntlArg::F_SETLK(&range)).map(drop)
}
