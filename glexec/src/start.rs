//! The first thing that runs: the process is made deaf to what its caller left in it.

use std::ffi::{OsStr, OsString};
use std::os::fd::IntoRawFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{env, fs, mem, panic, ptr};

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::sys::stat::{Mode, umask};

use crate::failure::Failure;
use crate::root::{Ids, Root};

/// What the search for commands and LCMAPS get as `PATH`, and so does the payload.
pub const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// What the caller left, for the payload.
#[derive(Debug)]
pub struct Inherited {
    /// The environment: names with values, in order; of a repeated name the first.
    pub environment: Vec<(OsString, OsString)>,
    /// The file mode mask.
    pub umask: Mode,
    /// The signals that were blocked.
    pub blocked: SigSet,
    /// The signals that were ignored.
    pub ignored: Vec<libc::c_int>,
    /// The limit on core files.
    pub core: libc::rlimit,
}

/// A process that is ready to work.
#[derive(Debug)]
pub struct Started {
    /// Who started it.
    pub caller: Ids,
    /// Root, if the set-uid bit gave it.
    pub root: Option<Root>,
    /// What is for the payload.
    pub inherited: Inherited,
}

/// Prepares the process. Call once, first.
///
/// # Errors
/// The process cannot be made safe, or the set-uid bit did not work.
pub fn start() -> Result<Started, Failure> {
    panic::set_hook(Box::new(|problem| {
        eprintln!("glexec: internal error: {problem}");
        // SAFETY: ends the process without running anything, whatever it was doing.
        unsafe { libc::_exit(202) };
    }));
    let failed = |problem: Errno| Failure::internal(format_args!("cannot prepare: {problem}"));
    prctl::set_dumpable(false).map_err(failed)?;
    standard_descriptors()?;
    close_others();
    let inherited = Inherited {
        core: no_core().map_err(failed)?,
        ignored: ignored_signals(),
        blocked: hold_signals().map_err(failed)?,
        umask: umask(Mode::from_bits_truncate(0o077)),
        environment: take_environment(),
    };
    let caller = Ids::of_caller().map_err(failed)?;
    let root = Root::at_start(&caller)?;
    if root.is_none() {
        refuse_lost_bit()?;
    }
    Ok(Started {
        caller,
        root,
        inherited,
    })
}

/// Descriptors 0 to 2 are open, or the first files of this program would become them.
fn standard_descriptors() -> Result<(), Failure> {
    loop {
        let null = fs::OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/null");
        let null =
            null.map_err(|e| Failure::internal(format_args!("cannot open /dev/null: {e}")))?;
        let descriptor = null.into_raw_fd();
        if descriptor > 2 {
            // SAFETY: just opened, and nobody else's.
            unsafe { libc::close(descriptor) };
            return Ok(());
        }
        // SAFETY: the three belong to the payload, which is to have them open.
        unsafe { libc::fcntl(descriptor, libc::F_SETFD, 0) };
    }
}

/// Whatever else is open is the caller's secret.
fn close_others() {
    // SAFETY: nothing of this program is open yet.
    if unsafe { libc::close_range(3, libc::c_uint::MAX, 0) } != 0 {
        for descriptor in 3..most_descriptors() {
            // SAFETY: as above.
            unsafe { libc::close(descriptor) };
        }
    }
}

/// Where a walk over all descriptors ends on a kernel without `close_range`.
pub(crate) fn most_descriptors() -> libc::c_int {
    // SAFETY: asks for a number.
    let most = unsafe { libc::sysconf(libc::_SC_OPEN_MAX) };
    libc::c_int::try_from(most)
        .unwrap_or(1 << 16)
        .clamp(256, 1 << 16)
}

/// Takes the soft limit on core files away and returns what it was.
fn no_core() -> Result<libc::rlimit, Errno> {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: a place for the limit.
    Errno::result(unsafe { libc::getrlimit(libc::RLIMIT_CORE, &raw mut limit) })?;
    let none = libc::rlimit {
        rlim_cur: 0,
        ..limit
    };
    // SAFETY: a limit.
    Errno::result(unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const none) })?;
    Ok(limit)
}

/// Whether SIGPIPE was ignored before the runtime of the language made it so.
static PIPE_WAS_IGNORED: AtomicBool = AtomicBool::new(false);

/// Runs before `main` and the runtime in front of it.
extern "C" fn look_at_pipe_signal() {
    PIPE_WAS_IGNORED.store(is_ignored(libc::SIGPIPE), Ordering::Relaxed);
}

// SAFETY: the loader calls the functions in this section, with arguments that this one does not look at.
#[used]
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = look_at_pipe_signal;

fn is_ignored(signal: libc::c_int) -> bool {
    // SAFETY: zeroes are an action, which the call fills.
    let mut action: libc::sigaction = unsafe { mem::zeroed() };
    // SAFETY: asks for the action of a signal.
    let asked = unsafe { libc::sigaction(signal, ptr::null(), &raw mut action) };
    asked == 0 && action.sa_sigaction == libc::SIG_IGN
}

/// The signals that the caller ignores. All have their default action afterwards.
fn ignored_signals() -> Vec<libc::c_int> {
    let mut ignored = Vec::new();
    for signal in 1..=libc::SIGRTMAX() {
        let was_ignored = match signal {
            libc::SIGPIPE => PIPE_WAS_IGNORED.load(Ordering::Relaxed),
            signal => is_ignored(signal),
        };
        if was_ignored {
            ignored.push(signal);
        }
        // SAFETY: the default action is no handler; the C library refuses signals that are its own.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    // SAFETY: stops a timer of the caller, which would send SIGALRM.
    unsafe { libc::alarm(0) };
    for timer in [libc::ITIMER_REAL, libc::ITIMER_VIRTUAL, libc::ITIMER_PROF] {
        // SAFETY: all zeroes is a timer that is off.
        unsafe {
            let off: libc::itimerval = mem::zeroed();
            libc::syscall(
                libc::SYS_setitimer,
                timer,
                &raw const off,
                ptr::null::<libc::itimerval>(),
            );
        }
    }
    ignored
}

/// Signals wait until there is a payload to pass them on to.
fn hold_signals() -> Result<SigSet, Errno> {
    let mut before = SigSet::empty();
    sigprocmask(
        SigmaskHow::SIG_SETMASK,
        Some(&SigSet::all()),
        Some(&mut before),
    )?;
    Ok(before)
}

/// Takes the environment out of the process: before any library looks at it.
fn take_environment() -> Vec<(OsString, OsString)> {
    let mut taken: Vec<(OsString, OsString)> = Vec::new();
    for (name, value) in env::vars_os() {
        // The standard library takes "=A=b" for a variable of the name "=A".
        let is_name = !name.is_empty() && !name.as_bytes().contains(&b'=');
        if is_name && taken.iter().all(|(have, _)| *have != name) {
            taken.push((name, value));
        }
    }
    clear_environment();
    taken
}

/// Leaves `PATH` only.
pub(crate) fn clear_environment() {
    // SAFETY: this process has one thread.
    unsafe {
        libc::clearenv();
        env::set_var("PATH", PATH);
    }
}

/// Sets a variable for the libraries.
pub(crate) fn set_variable(name: &str, value: impl AsRef<OsStr>) {
    // SAFETY: this process has one thread.
    unsafe { env::set_var(name, value) };
}

/// A program that should be root and is not must not run the payload as the pilot.
fn refuse_lost_bit() -> Result<(), Failure> {
    let own = fs::metadata("/proc/self/exe").map_err(|e| {
        Failure::internal(format_args!(
            "cannot look at /proc/self/exe, to see who this program should be: {e}"
        ))
    })?;
    if own.uid() == 0 && own.mode() & libc::S_ISUID != 0 {
        return Err(Failure::internal(
            "this program is set-uid root and was started without root: \
             the caller has no-new-privileges set, traces it, or its file system is mounted nosuid",
        ));
    }
    Ok(())
}
