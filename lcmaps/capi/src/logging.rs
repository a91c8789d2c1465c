//! Where log lines go: the caller's stream, a file, syslog, and the report of the current run.
//!
//! One target for the process, as the API has it. Everything is forgotten at `lcmaps_term` and after
//! a failed initialisation: a stream of the caller is never touched after that.

use std::fs::File;
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use lc_c_boundary::stream::Stream;
use lc_log::{Level, Line, Message, Threshold};
use libc::c_int;

use crate::{context, fork};

/// The target of lines that do not go to syslog.
#[derive(Debug)]
pub enum Output {
    /// Nowhere.
    None,
    /// A stream of the caller.
    Stream(Stream),
    /// A file opened by the library.
    File(File),
}

/// What an initialisation configures.
#[derive(Debug)]
pub struct Settings {
    /// Stream or file.
    pub output: Output,
    /// Whether lines go to syslog (too).
    pub syslog: bool,
    /// The least urgent priority that is written.
    pub threshold: Threshold,
    /// `LCMAPS_LOG_STRING`.
    pub extra: Option<Vec<u8>>,
}

struct State {
    output: Output,
    syslog: bool,
    extra: Option<Vec<u8>>,
    warned_of_old_module: bool,
}

static STATE: Mutex<State> = Mutex::new(State {
    output: Output::None,
    syslog: false,
    extra: None,
    warned_of_old_module: false,
});

/// Priority number of the threshold; INFO until the first initialisation.
static THRESHOLD: AtomicI32 = AtomicI32::new(libc::LOG_INFO);

fn state() -> MutexGuard<'static, State> {
    // A panic while writing leaves nothing half done that a later line could trip over.
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// For a thread that forks: the target, if no line is stuck on its way there.
pub fn try_hold() -> Option<fork::Held> {
    fork::try_hold(&STATE)
}

/// Takes new settings.
pub fn configure(settings: Settings) {
    if fork::log_lost() {
        return;
    }
    THRESHOLD.store(settings.threshold.priority(), Ordering::Relaxed);
    let mut state = state();
    state.output = settings.output;
    state.syslog = settings.syslog;
    state.extra = settings.extra;
}

/// Forgets stream, file, syslog and extra text; the threshold stays.
pub fn close() {
    if fork::log_lost() {
        return;
    }
    let mut state = state();
    state.output = Output::None;
    state.syslog = false;
    state.extra = None;
}

/// Whether a message of this priority is written.
#[must_use]
pub fn enabled(priority: c_int) -> bool {
    priority <= THRESHOLD.load(Ordering::Relaxed)
}

/// Logs a text of ours; a newline is added.
pub fn log(level: Level, text: &str) {
    if enabled(level.priority()) {
        let mut line = text.as_bytes().to_vec();
        line.push(b'\n');
        write(level.priority(), &line);
    }
}

/// Logs a message that brings its own newline, as modules and callers do.
///
/// # Returns
/// 0 written, 1 filtered.
pub fn log_message(priority: c_int, text: &[u8]) -> c_int {
    if !enabled(priority) {
        return 1;
    }
    write(priority, text);
    0
}

/// Sends one message to syslog whatever the settings, for problems with the settings themselves.
pub fn log_to_syslog(level: Level, text: &str) {
    syslog(level.priority(), None, &Message::new(text.as_bytes()));
}

/// Reports a panic that was stopped at the C boundary.
pub fn log_panic(function: &str, message: &str) {
    log(
        Level::Error,
        &format!("{function}: internal error, treated as failure: {message}"),
    );
}

fn write(priority: c_int, text: &[u8]) {
    let message = Message::new(text);
    context::remember_message(priority, &message);
    if fork::log_lost() {
        return;
    }
    let mut state = state();
    let State {
        output,
        syslog: to_syslog,
        extra,
        warned_of_old_module,
    } = &mut *state;
    let extra = extra.as_deref();
    match output {
        Output::None => {}
        Output::Stream(stream) => stream.write(&file_line(priority, extra, &message)),
        Output::File(file) => {
            // A full disk must not fail a mapping, and there is nowhere left to report it.
            let _ = file.write_all(&file_line(priority, extra, &message));
        }
    }
    if *to_syslog {
        if priority < Level::Error.priority() && !*warned_of_old_module {
            *warned_of_old_module = true;
            let warning = "Warning: detected an old plug-in based on its verbose output.";
            syslog(
                Level::Warning.priority(),
                None,
                &Message::new(warning.as_bytes()),
            );
        }
        syslog(priority.max(Level::Error.priority()), extra, &message);
    }
}

fn file_line(priority: c_int, extra: Option<&[u8]>, message: &Message) -> Vec<u8> {
    let ident = std::env::var_os("LCMAPS_LOG_IDENT").map(OsStringExt::into_vec);
    let time = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs().cast_signed());
    Line {
        ident: ident.as_deref(),
        program: "lcmaps",
        pid: std::process::id(),
        priority,
        time,
        extra,
        message,
    }
    .to_bytes()
}

fn syslog(priority: c_int, extra: Option<&[u8]>, message: &Message) {
    let mut text = b"lcmaps: ".to_vec();
    if let Some(extra) = extra {
        text.extend_from_slice(Message::new(extra).as_bytes());
        text.extend_from_slice(b": ");
    }
    text.extend_from_slice(message.as_bytes());
    text.push(0);
    // SAFETY: both strings end in NUL (`Message` has none inside), and the format takes one string.
    unsafe { libc::syslog(priority, c"%s".as_ptr(), text.as_ptr()) };
}

/// A path as text for messages.
#[must_use]
pub fn shown(path: &Path) -> String {
    String::from_utf8_lossy(path.as_os_str().as_bytes()).into_owned()
}
