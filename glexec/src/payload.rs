//! The payload: everything it needs is made before the fork, so that nothing allocates after it.

use std::ffi::{CString, OsStr, OsString};
use std::os::fd::{AsRawFd as _, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::ptr;

use libc::{c_char, c_int, pid_t};
use nix::errno::Errno;
use nix::sys::signal::{SigmaskHow, sigprocmask};
use nix::sys::stat::umask;

use crate::failure::Failure;
use crate::root::{Ids, MOST_GROUPS, Root, Step};
use crate::start::{Inherited, most_descriptors};

/// A command that is ready to be executed.
pub struct Payload<'a> {
    /// Whom to become; `None` leaves the process as it is.
    pub switch_to: Option<&'a Ids>,
    /// What the caller left for it.
    pub inherited: &'a Inherited,
    /// Whether the process leads a group of its own.
    pub own_group: bool,
    /// The file, unless it is a script.
    file: Option<OwnedFd>,
    path: CString,
    // The pointers below point into these.
    _texts: Vec<CString>,
    arguments: Vec<*const c_char>,
    environment: Vec<*const c_char>,
    groups: Vec<libc::gid_t>,
    descriptors: c_int,
}

/// What kept the payload from starting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It could not be made safe: 202.
    Prepare(Step),
    /// It could not be executed: 126.
    Execute(Errno),
}

impl Trouble {
    /// The failure for it.
    pub fn failure(self) -> Failure {
        match self {
            Self::Prepare(step) => Failure::internal(format_args!(
                "the payload was not started: {} failed: {}",
                step.name, step.errno
            )),
            Self::Execute(errno) => {
                Failure::not_executable(format_args!("the command cannot be executed: {errno}"))
            }
        }
    }
}

impl<'a> Payload<'a> {
    /// Prepares a command with its words, the first of which is its name as it was given.
    ///
    /// # Errors
    /// A word has a NUL byte in it.
    pub fn new(
        path: &Path,
        file: Option<OwnedFd>,
        words: impl Iterator<Item = &'a OsStr>,
        environment: &[(OsString, OsString)],
        inherited: &'a Inherited,
    ) -> Result<Self, Failure> {
        let text = |bytes: &[u8]| {
            CString::new(bytes)
                .map_err(|_| Failure::client("a word of the command has a NUL byte in it"))
        };
        let mut texts = Vec::new();
        let mut arguments = Vec::new();
        for word in words {
            let word = text(word.as_bytes())?;
            arguments.push(word.as_ptr());
            texts.push(word);
        }
        arguments.push(ptr::null());
        let mut variables = Vec::new();
        for (name, value) in environment {
            let variable = text(&[name.as_bytes(), b"=", value.as_bytes()].concat())?;
            variables.push(variable.as_ptr());
            texts.push(variable);
        }
        variables.push(ptr::null());
        Ok(Self {
            switch_to: None,
            inherited,
            own_group: false,
            file,
            path: text(path.as_os_str().as_bytes())?,
            _texts: texts,
            arguments,
            environment: variables,
            groups: vec![0; MOST_GROUPS],
            descriptors: most_descriptors(),
        })
    }

    /// Becomes the payload. Returns only if that fails. Allocates nothing and takes no lock: it runs between fork and exec.
    ///
    /// `parent` is the process that waits, without which the payload shall not be.
    pub fn become_it(&mut self, parent: Option<pid_t>) -> Trouble {
        if let Err(step) = self.prepare(parent) {
            return Trouble::Prepare(step);
        }
        let (arguments, environment) = (self.arguments.as_ptr(), self.environment.as_ptr());
        if let Some(file) = &self.file {
            // SAFETY: an open file, and lists of C strings that end with NULL.
            unsafe {
                libc::syscall(
                    libc::SYS_execveat,
                    file.as_raw_fd(),
                    c"".as_ptr(),
                    arguments,
                    environment,
                    libc::AT_EMPTY_PATH,
                )
            };
            // A kernel without execveat gets the name.
            if Errno::last() != Errno::ENOSYS {
                return Trouble::Execute(Errno::last());
            }
        }
        // SAFETY: a C string, and lists of C strings that end with NULL.
        unsafe { libc::execve(self.path.as_ptr(), arguments, environment) };
        Trouble::Execute(Errno::last())
    }

    fn prepare(&mut self, parent: Option<pid_t>) -> Result<(), Step> {
        let step = |name| move |errno| Step { name, errno };
        if self.own_group {
            // SAFETY: takes numbers.
            Errno::result(unsafe { libc::setpgid(0, 0) }).map_err(step("setpgid"))?;
        }
        // SAFETY: a limit that was in force before.
        Errno::result(unsafe {
            libc::setrlimit(libc::RLIMIT_CORE, &raw const self.inherited.core)
        })
        .map_err(step("setrlimit"))?;
        if let Some(ids) = self.switch_to {
            Root::become_for_good(ids, &mut self.groups)?;
        }
        if let Some(parent) = parent {
            // After the switch, which would take it back; the parent may be gone by now.
            // SAFETY: takes numbers.
            Errno::result(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) })
                .map_err(step("prctl(PR_SET_PDEATHSIG)"))?;
            // SAFETY: asks for a number.
            if unsafe { libc::getppid() } != parent {
                return Err(step("waiting for the parent")(Errno::ESRCH));
            }
        }
        self.close_descriptors();
        umask(self.inherited.umask);
        for signal in &self.inherited.ignored {
            // SAFETY: ignoring is no handler.
            unsafe { libc::signal(*signal, libc::SIG_IGN) };
        }
        sigprocmask(SigmaskHow::SIG_SETMASK, Some(&self.inherited.blocked), None)
            .map_err(step("sigprocmask"))
    }

    /// Whatever a module left open is closed by the execution.
    fn close_descriptors(&self) {
        let flags = libc::CLOSE_RANGE_CLOEXEC;
        // SAFETY: only marks descriptors.
        if unsafe { libc::close_range(3, libc::c_uint::MAX, flags as c_int) } != 0 {
            for descriptor in 3..self.descriptors {
                // SAFETY: only marks a descriptor, which may not be open.
                unsafe { libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC) };
            }
        }
    }
}

/// How a child tells its parent what kept it from executing: fixed bytes, written at once.
pub(crate) mod message {
    use super::{Errno, RawFd, Trouble, c_int};

    /// The longest name of a step that is passed on.
    const NAME: usize = 56;
    /// Kind, error number, length of the name, name.
    pub(crate) const SIZE: usize = 6 + NAME;

    /// Writes a trouble. Allocates nothing.
    pub(crate) fn send(to: RawFd, trouble: Trouble) {
        let mut bytes = [0_u8; SIZE];
        let (kind, errno, name) = match trouble {
            Trouble::Prepare(step) => (1, step.errno, step.name),
            Trouble::Execute(errno) => (2, errno, ""),
        };
        bytes[0] = kind;
        bytes[1..5].copy_from_slice(&(errno as c_int).to_ne_bytes());
        let length = name.len().min(NAME);
        bytes[5] = length as u8;
        bytes[6..6 + length].copy_from_slice(&name.as_bytes()[..length]);
        // SAFETY: bytes that live through the call.
        unsafe { libc::write(to, bytes.as_ptr().cast(), SIZE) };
    }

    /// Reads what was written; nothing means that the command runs.
    pub(crate) fn receive(bytes: &[u8]) -> Option<(bool, Errno, String)> {
        let (head, name) = bytes.split_at_checked(6)?;
        let errno = Errno::from_raw(c_int::from_ne_bytes(head[1..5].try_into().ok()?));
        let name = name.get(..usize::from(head[5]))?;
        Some((
            head[0] == 1,
            errno,
            String::from_utf8_lossy(name).into_owned(),
        ))
    }
}
