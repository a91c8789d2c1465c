//! Waiting for the payload: signals go to it, its end comes back, and nothing of it stays.
//!
//! All signals are blocked since the start and taken one by one, so there are no handlers. Whoever is killed here is a child of this
//! process that has not been waited for, hence its number cannot belong to somebody else: as a sub-reaper the process becomes the parent
//! of whatever the payload left behind.
//!
//! The effective uid is the target's meanwhile. That is what lets this process, and the kernel if this process is killed, send signals to
//! the payload; the payload cannot send any back, for that goes by the real and the saved uid.

use std::fs::{self, File, OpenOptions};
use std::io::Read as _;
use std::mem;
use std::os::fd::AsRawFd as _;
use std::time::{Duration, Instant};

use libc::{c_int, pid_t};
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::prctl;
use nix::unistd::{getpid, pipe2};

use crate::failure::{Failure, exit_code_of};
use crate::log::{Level, Log};
use crate::payload::{Payload, message};

/// How long leftovers of the payload have after SIGTERM.
const LEFTOVER_GRACE: Duration = Duration::from_secs(2);

/// How long this process goes on killing what is left.
const LEFTOVER_LIMIT: Duration = Duration::from_secs(10);

/// The waiting process.
struct Waiting<'a> {
    log: &'a Log,
    payload: pid_t,
    /// Whether the payload leads a group of its own.
    own_group: bool,
    /// Children that modules made before.
    strangers: Vec<pid_t>,
}

/// How the payload ended.
struct End {
    status: c_int,
    usage: libc::rusage,
}

/// Starts the payload, waits for it, and returns the exit code for it. Call with the effective ids of the target.
///
/// # Errors
/// It could not be started.
pub fn run(payload: &mut Payload<'_>, log: &Log, grace: Duration) -> Result<u8, Failure> {
    let failed =
        |what: &'static str| move |e: Errno| Failure::internal(format_args!("{what}: {e}"));
    let strangers = children();
    prctl::set_child_subreaper(true).map_err(failed("prctl(PR_SET_CHILD_SUBREAPER)"))?;
    let (read, write) = pipe2(OFlag::O_CLOEXEC).map_err(failed("cannot make a pipe"))?;
    let own = getpid().as_raw();
    // SAFETY: this process has one thread, and the child does nothing that is not safe in a signal handler.
    let child = Errno::result(unsafe { libc::fork() }).map_err(failed("cannot start a process"))?;
    if child == 0 {
        let trouble = payload.become_it(Some(own));
        message::send(write.as_raw_fd(), trouble);
        // SAFETY: ends the child without running anything of the parent's.
        unsafe { libc::_exit(202) };
    }
    drop(write);
    let mut told = Vec::with_capacity(message::SIZE);
    let heard = File::from(read).read_to_end(&mut told);
    let waiting = Waiting {
        log,
        payload: child,
        own_group: payload.own_group,
        strangers,
    };
    if heard.is_err() || !told.is_empty() {
        wait_for(child, 0);
        return Err(not_started(&told));
    }
    let_go_of_standard_descriptors();
    let end = waiting.until_the_end(grace);
    waiting.end_leftovers();
    Ok(waiting.tell(&end))
}

fn not_started(told: &[u8]) -> Failure {
    match message::receive(told) {
        Some((true, errno, step)) => Failure::internal(format_args!(
            "the payload was not started: {step} failed: {errno}"
        )),
        Some((false, errno, _)) => {
            Failure::not_executable(format_args!("the command cannot be executed: {errno}"))
        }
        None => Failure::internal("the payload was not started"),
    }
}

/// Who reads the payload's output to its end must not wait for this process.
fn let_go_of_standard_descriptors() {
    let Ok(null) = OpenOptions::new().read(true).write(true).open("/dev/null") else {
        return;
    };
    for descriptor in 0..=2 {
        // SAFETY: both are open; the three are the payload's from now on.
        unsafe { libc::dup2(null.as_raw_fd(), descriptor) };
    }
    // A directory that nobody can unmount is one as well.
    let _ = std::env::set_current_dir("/");
}

impl Waiting<'_> {
    fn until_the_end(&self, grace: Duration) -> End {
        let mut kill_at: Option<Instant> = None;
        loop {
            match next_signal(kill_at) {
                None => {
                    if kill_at.is_some_and(|at| at <= Instant::now()) {
                        self.send(libc::SIGKILL);
                        kill_at = Some(Instant::now() + grace);
                    }
                }
                Some(signal) if signal.number == libc::SIGCHLD => {
                    while let Some((pid, end)) = wait_for(-1, libc::WNOHANG) {
                        if pid == self.payload {
                            return end;
                        }
                        self.log.write(
                            Level::Info,
                            format_args!("process {pid} ended, which is not the payload"),
                        );
                    }
                }
                Some(signal) => {
                    self.pass_on(&signal);
                    if signal.number == libc::SIGTERM {
                        kill_at.get_or_insert(Instant::now() + grace);
                    }
                }
            }
        }
    }

    fn pass_on(&self, signal: &Signal) {
        let is_own = signal.from == getpid().as_raw() && signal.code <= 0;
        // What a terminal sends goes to the payload already if it is in this group.
        if is_own || (signal.code > 0 && !self.own_group) {
            return;
        }
        self.log.write(
            Level::Info,
            format_args!("signal {} is passed on to the payload", signal.number),
        );
        self.send(signal.number);
        if [libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU].contains(&signal.number) {
            // SAFETY: takes numbers; the process stops until somebody continues it.
            unsafe { libc::kill(libc::getpid(), libc::SIGSTOP) };
        }
    }

    /// Sends a signal to the payload, with its group if it has one of its own.
    fn send(&self, signal: c_int) {
        let whom = if self.own_group {
            -self.payload
        } else {
            self.payload
        };
        self.kill(whom, signal);
    }

    fn kill(&self, whom: pid_t, signal: c_int) {
        // SAFETY: takes numbers; whom is a child that was not waited for, or its group.
        match Errno::result(unsafe { libc::kill(whom, signal) }) {
            Ok(_) | Err(Errno::ESRCH) => {}
            Err(problem) => self.log.write(
                Level::Error,
                format_args!("cannot send signal {signal}: {problem}"),
            ),
        }
    }

    /// Ends what the payload left running.
    fn end_leftovers(&self) {
        let started = Instant::now();
        let mut told = Vec::new();
        loop {
            while wait_for(-1, libc::WNOHANG).is_some() {}
            let mut left = children();
            left.retain(|pid| !self.strangers.contains(pid));
            if left.is_empty() || started.elapsed() > LEFTOVER_LIMIT {
                return;
            }
            for pid in left {
                if started.elapsed() > LEFTOVER_GRACE {
                    self.kill(pid, libc::SIGKILL);
                } else if !told.contains(&pid) {
                    self.log.write(
                        Level::Notice,
                        format_args!("process {pid} outlives the payload and is ended"),
                    );
                    told.push(pid);
                    self.kill(pid, libc::SIGTERM);
                }
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Writes the line about the end and returns the exit code.
    fn tell(&self, end: &End) -> u8 {
        let (user, system) = (end.usage.ru_utime, end.usage.ru_stime);
        let (how, code) = if libc::WIFEXITED(end.status) {
            let code = u8::try_from(libc::WEXITSTATUS(end.status)).unwrap_or(255);
            (format!("exit code {code}"), exit_code_of(code))
        } else {
            let signal = libc::WTERMSIG(end.status);
            (
                format!("signal {signal}"),
                u8::try_from(128 + signal).unwrap_or(255),
            )
        };
        self.log.write(
            Level::Notice,
            format_args!(
                "payload {} ended with {how}; user {}.{:02} s, system {}.{:02} s",
                self.payload,
                user.tv_sec,
                user.tv_usec / 10_000,
                system.tv_sec,
                system.tv_usec / 10_000
            ),
        );
        code
    }
}

/// A signal that was taken.
struct Signal {
    number: c_int,
    code: c_int,
    from: pid_t,
}

/// Waits for any signal, to the given moment; `None` when that has come or the wait was disturbed.
fn next_signal(until: Option<Instant>) -> Option<Signal> {
    // SAFETY: zeroes are a set and an information.
    let (mut all, mut info): (libc::sigset_t, libc::siginfo_t) = unsafe { mem::zeroed() };
    // SAFETY: a place for the set.
    unsafe { libc::sigfillset(&raw mut all) };
    // A minute at most: the clock of the deadline stands while the machine sleeps.
    let wait = until.map_or(Duration::from_secs(60), |at| {
        at.saturating_duration_since(Instant::now())
    });
    let wait = libc::timespec {
        tv_sec: wait.as_secs().try_into().unwrap_or(60),
        tv_nsec: wait.subsec_nanos().into(),
    };
    // SAFETY: a set, a place for the information, and a time.
    let number = unsafe { libc::sigtimedwait(&raw const all, &raw mut info, &raw const wait) };
    // SAFETY: the kernel fills the number for every signal; what is no process's reads as something else and is not used.
    let from = unsafe { info.si_pid() };
    (number > 0).then_some(Signal {
        number,
        code: info.si_code,
        from,
    })
}

/// Waits for a child; `None` when there is none that ended.
fn wait_for(pid: pid_t, flags: c_int) -> Option<(pid_t, End)> {
    // SAFETY: zeroes are a usage.
    let (mut status, mut usage) = (0, unsafe { mem::zeroed::<libc::rusage>() });
    loop {
        // SAFETY: two places for the answer.
        let ended = unsafe { libc::wait4(pid, &raw mut status, flags, &raw mut usage) };
        match ended {
            -1 if Errno::last() == Errno::EINTR => {}
            pid if pid > 0 => return Some((pid, End { status, usage })),
            _ => return None,
        }
    }
}

/// The children of this process.
fn children() -> Vec<pid_t> {
    let own = getpid().as_raw();
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let numbers =
        processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<pid_t>().ok());
    numbers.filter(|pid| parent_of(*pid) == Some(own)).collect()
}

fn parent_of(pid: pid_t) -> Option<pid_t> {
    let status = fs::read(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program, in brackets, may have anything in it.
    let end = status.iter().rposition(|byte| *byte == b')')?;
    let rest = std::str::from_utf8(status.get(end + 1..)?).ok()?;
    rest.split_ascii_whitespace().nth(1)?.parse().ok()
}
