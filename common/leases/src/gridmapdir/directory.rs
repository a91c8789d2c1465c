//! The system calls on one gridmapdir. No symbolic link is ever followed below
//! the directory itself.

use std::ffi::CStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat};
use nix::sys::stat::{FileStat, Mode, SFlag, UtimensatFlags, fstat, fstatat, utimensat};
use nix::sys::time::TimeSpec;
use nix::unistd::{UnlinkatFlags, linkat, unlinkat};

use crate::error::{LeaseError, Problem, entry};

/// How long a link may wait for its maker to confirm it or take it back.
const SETTLING: Duration = Duration::from_millis(50);

/// An open gridmapdir. Opened anew for every request: the administrator may
/// have put another directory in its place.
pub(crate) struct Directory<'p> {
    pub(crate) path: &'p Path,
    fd: OwnedFd,
}

/// What `lstat` says about an entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stat {
    device: u64,
    pub(crate) inode: u64,
    regular: bool,
    pub(crate) links: u64,
    pub(crate) size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stat {
    /// Whether both describe the same file.
    pub(crate) fn same_file(&self, other: &Self) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }

    pub(crate) fn is_regular(&self) -> bool {
        self.regular
    }

    /// When the content, or the mark of a use, last changed.
    pub(crate) fn modified(&self) -> SystemTime {
        let (seconds, nanoseconds) = self.modified;
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let part = Duration::from_nanos(nanoseconds.unsigned_abs());
        let time = if seconds < 0 {
            UNIX_EPOCH.checked_sub(whole)
        } else {
            UNIX_EPOCH.checked_add(whole)
        };
        time.and_then(|time| time.checked_add(part))
            .unwrap_or(UNIX_EPOCH)
    }

    /// Whether the last thing that happened to the file was a link or unlink
    /// that nobody has confirmed yet, a moment ago.
    ///
    /// `link` and `unlink` set the change time only; whoever has made sure of a
    /// lease sets both times to now.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.changed > self.modified && !self.unchanged_for(SETTLING)
    }

    /// Whether nothing happened to the file for so long. A change in the future
    /// was made long ago: the clock was set back, or is another host's.
    pub(crate) fn unchanged_for(&self, time: Duration) -> bool {
        let (seconds, nanoseconds) = self.changed;
        let since = u64::try_from(seconds)
            .ok()
            .zip(u32::try_from(nanoseconds).ok());
        since
            .map(|(seconds, nanoseconds)| UNIX_EPOCH + Duration::new(seconds, nanoseconds))
            .and_then(|changed| SystemTime::now().duration_since(changed).ok())
            .is_none_or(|age| age >= time)
    }
}

#[cfg(test)]
impl Stat {
    pub(super) fn changed_long_ago(mut self) -> Self {
        self.changed = (0, 0);
        self
    }
}

// The types of the fields of `stat` differ between architectures.
#[allow(clippy::unnecessary_cast, clippy::useless_conversion)]
impl From<FileStat> for Stat {
    fn from(stat: FileStat) -> Self {
        let kind = SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT;
        Self {
            device: stat.st_dev as u64,
            inode: stat.st_ino as u64,
            regular: kind == SFlag::S_IFREG,
            links: stat.st_nlink as u64,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            modified: (stat.st_mtime.into(), stat.st_mtime_nsec.into()),
            changed: (stat.st_ctime.into(), stat.st_ctime_nsec.into()),
        }
    }
}

impl<'p> Directory<'p> {
    pub(crate) fn open(path: &'p Path) -> Result<Self, LeaseError> {
        count();
        let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        match nix::fcntl::open(path, flags, Mode::empty()) {
            Ok(fd) => Ok(Self { path, fd }),
            Err(errno) => Err(LeaseError::Io {
                path: path.into(),
                operation: "open the lease directory",
                source: errno.into(),
            }),
        }
    }

    /// What the entry is; `None` when there is none.
    pub(crate) fn stat(&self, name: &[u8]) -> Result<Option<Stat>, LeaseError> {
        count();
        match fstatat(&self.fd, name, AtFlags::AT_SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat.into())),
            Err(Errno::ENOENT) => Ok(None),
            Err(errno) => Err(self.error("look at", name, errno)),
        }
    }

    /// Whether the entry is this file and has exactly two names.
    pub(crate) fn is_pair(&self, name: &[u8], file: &Stat) -> Result<bool, LeaseError> {
        let now = self.stat(name)?;
        Ok(now.is_some_and(|now| now.same_file(file) && now.regular && now.links == 2))
    }

    /// Whether the entry is this file, whoever else links it now.
    pub(crate) fn is_file(&self, name: &[u8], file: &Stat) -> Result<bool, LeaseError> {
        let now = self.stat(name)?;
        Ok(now.is_some_and(|now| now.same_file(file) && now.links >= 2))
    }

    /// Opens an entry without waiting, whatever it is.
    pub(crate) fn open_file(&self, name: &[u8], mode: OFlag) -> nix::Result<File> {
        count();
        let flags =
            mode | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
        Ok(openat(&self.fd, name, flags, Mode::empty())?.into())
    }

    /// What the open file is.
    pub(crate) fn stat_file(&self, name: &[u8], file: &File) -> Result<Stat, LeaseError> {
        count();
        let stat = fstat(file).map_err(|errno| self.error("look at", name, errno))?;
        Ok(stat.into())
    }

    /// Sets the times of the entry to now; `false` when there is none.
    pub(crate) fn touch(&self, name: &[u8]) -> Result<bool, LeaseError> {
        count();
        let now = TimeSpec::UTIME_NOW;
        match utimensat(&self.fd, name, &now, &now, UtimensatFlags::NoFollowSymlink) {
            Ok(()) => Ok(true),
            Err(Errno::ENOENT) => Ok(false),
            Err(errno) => Err(self.error("set the time of", name, errno)),
        }
    }

    pub(crate) fn link(&self, from: &[u8], to: &[u8]) -> nix::Result<()> {
        count();
        linkat(&self.fd, from, &self.fd, to, AtFlags::empty())
    }

    /// Removes the entry, if it is there.
    pub(crate) fn unlink(&self, name: &[u8]) -> Result<(), LeaseError> {
        count();
        match unlinkat(&self.fd, name, UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => Ok(()),
            Err(errno) => Err(self.error("remove", name, errno)),
        }
    }

    /// Gives the entry another name; `false` when there is no such entry.
    pub(crate) fn rename(&self, from: &[u8], to: &[u8]) -> Result<bool, LeaseError> {
        count();
        match nix::fcntl::renameat(&self.fd, from, &self.fd, to) {
            Ok(()) => Ok(true),
            Err(Errno::ENOENT) => Ok(false),
            Err(errno) => Err(self.error("rename", from, errno)),
        }
    }

    /// Calls `each` with the name and the inode number, as the directory has
    /// it, of every entry until it returns `false`.
    pub(crate) fn list(
        &self,
        mut each: impl FnMut(&[u8], u64) -> Result<bool, LeaseError>,
    ) -> Result<(), LeaseError> {
        count();
        let error = |errno: Errno| LeaseError::Io {
            path: self.path.into(),
            operation: "list the lease directory",
            source: errno.into(),
        };
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let mut dir = Dir::openat(&self.fd, c".", flags, Mode::empty()).map_err(error)?;
        for entry in dir.iter() {
            let entry = entry.map_err(error)?;
            let name = CStr::to_bytes(entry.file_name());
            let inode = entry.ino();
            #[cfg(test)]
            let inode = super::tests::listed(inode);
            if name != b"." && name != b".." && !each(name, inode)? {
                break;
            }
        }
        Ok(())
    }

    /// The path of an entry, for messages.
    pub(crate) fn entry(&self, name: &[u8]) -> PathBuf {
        entry(self.path, name)
    }

    pub(crate) fn error(&self, operation: &'static str, name: &[u8], errno: Errno) -> LeaseError {
        LeaseError::Io {
            path: entry(self.path, name),
            operation,
            source: io::Error::from(errno),
        }
    }

    pub(crate) fn damaged(&self, name: &[u8], problem: Problem) -> LeaseError {
        LeaseError::Damaged {
            path: entry(self.path, name),
            problem,
        }
    }
}

/// Counts operations, so that tests can tell constant from linear cost.
#[cfg(test)]
fn count() {
    super::tests::count();
}

#[cfg(not(test))]
fn count() {}
