//! Where log lines go: the caller's stream, a file, syslog.
//!
//! One target for the process, as the API has it. It stays until the next initialisation, also
//! after the end of a session; the tag in front of lines ends with the session.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use lc_c_boundary::stream::{Stream, open_log_file};
use lc_log::{MAX_MESSAGE, Message, stamp};
use lcas_core::environment;
use libc::c_int;

use crate::config;

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

/// What a caller asks for.
#[derive(Debug)]
pub enum Wanted {
    /// Nothing but syslog, if at all.
    Nothing,
    /// A stream.
    Stream(Stream),
    /// A file of this name.
    File(PathBuf),
    /// Stream or file, without saying which.
    Unnamed,
}

/// The shapes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Of `lcas_log`: three blanks.
    Log,
    /// Of `lcas_log_a_string`: one blank.
    String,
    /// Of `lcas_log_time`: with the time.
    Time,
}

struct State {
    output: Output,
    syslog: bool,
    tag: Option<Vec<u8>>,
}

static STATE: Mutex<State> = Mutex::new(State {
    output: Output::None,
    syslog: false,
    tag: None,
});

static LEVEL: AtomicI32 = AtomicI32::new(0);

fn state() -> MutexGuard<'static, State> {
    // A panic while writing leaves nothing half done that a later line could trip over.
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets up logging for a session; what an earlier session set is forgotten.
///
/// # Errors
/// There is nowhere to log although the caller wants it, or the debug level is none. It was said on
/// standard error; from then on nothing is logged.
pub fn open(wanted: Wanted, to_syslog: bool) -> Result<(), ()> {
    forget();
    let output = match wanted {
        Wanted::Nothing => Output::None,
        Wanted::Stream(stream) => Output::Stream(stream),
        Wanted::File(path) => match open_log_file(&path) {
            Ok(file) => Output::File(file),
            Err(e) => {
                let problem = format!("Cannot open logfile {}: {e}", shown(&path));
                tell(&problem);
                if to_syslog {
                    syslog(libc::LOG_ERR, &clean(problem.as_bytes()));
                }
                return Err(());
            }
        },
        Wanted::Unnamed => {
            tell("logging to a file is asked for, but no stream and no file name is given");
            return Err(());
        }
    };
    let level = environment::debug_level(&config::variable).map_err(|e| tell(&e.to_string()))?;
    LEVEL.store(level, Ordering::Relaxed);
    *state() = State {
        output,
        syslog: to_syslog,
        tag: environment::log_tag(&config::variable),
    };
    if level > 0 {
        log(
            0,
            &format!("lcas_log_open(): setting debugging level to {level}"),
        );
    }
    Ok(())
}

/// Forgets the tag. Stream, file and syslog stay.
pub fn close() {
    state().tag = None;
}

/// Forgets everything: the stream may be closed from now on.
pub fn forget() {
    LEVEL.store(0, Ordering::Relaxed);
    *state() = State {
        output: Output::None,
        syslog: false,
        tag: None,
    };
}

/// The debug level.
#[must_use]
pub fn level() -> c_int {
    LEVEL.load(Ordering::Relaxed)
}

/// Logs a text of ours; a newline is added.
pub fn log(priority: c_int, text: &str) {
    let mut line = text.as_bytes().to_vec();
    line.push(b'\n');
    write(Shape::Log, priority, &line);
}

/// Logs a text of ours if the debug level is `level` or more.
pub fn debug(level: c_int, text: impl FnOnce() -> String) {
    if level <= self::level() {
        log(1, &text());
    }
}

/// Reports a panic that was stopped at the C boundary.
pub fn log_panic(function: &str, message: &str) {
    log(
        0,
        &format!("{function}(): internal error, treated as failure: {message}"),
    );
}

/// Says something to whoever started the program: logging does not work (yet).
pub fn tell(text: &str) {
    let line = format!("LCAS: {text}\n");
    // A closed standard error is no reason to fail.
    let _ = io::stderr().write_all(&clean(line.as_bytes()));
}

/// Logs a message that brings its own newline, as modules and callers do.
pub fn write(shape: Shape, priority: c_int, text: &[u8]) {
    let mut state = state();
    if matches!(state.output, Output::None) && !state.syslog {
        return;
    }
    let text = clean(text);
    let tag = state.tag.as_ref().map(|tag| clean_word(tag));
    let mark = match (shape, tag) {
        (Shape::Time, None) => Some(stamp(now()).into_bytes()),
        (_, tag) => tag,
    };
    let mark = mark
        .map(|mark| [&mark[..], b" : "].concat())
        .unwrap_or_default();
    let head = match shape {
        Shape::Log | Shape::Time => format!("LCAS   {priority}: "),
        Shape::String => format!("LCAS {priority}: "),
    };
    let line = [head.as_bytes(), &mark, &text].concat();
    match &mut state.output {
        Output::None => {}
        Output::Stream(stream) => stream.write(&line),
        Output::File(file) => {
            // A full disk must not fail a decision, and there is nowhere left to report it.
            let _ = file.write_all(&line);
        }
    }
    if state.syslog {
        // 0 would be shown to everybody who is logged in.
        match (shape, priority) {
            (_, 0) => syslog(1, &text),
            (Shape::Time, priority) => syslog(priority, &[&mark[..], &text].concat()),
            (_, priority) => syslog(priority, &text),
        }
    }
}

/// A message as it is written: printable, of limited length, a newline at its end only.
fn clean(text: &[u8]) -> Vec<u8> {
    match text.get(..MAX_MESSAGE) {
        Some(first) if text.len() > MAX_MESSAGE => {
            let mut cut = Message::new(first).as_bytes().to_vec();
            cut.push(b'\n');
            cut
        }
        _ => Message::new(text).as_bytes().to_vec(),
    }
}

/// The same for what stands inside a line.
fn clean_word(text: &[u8]) -> Vec<u8> {
    clean(text).trim_ascii_end().to_vec()
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs().cast_signed())
}

fn syslog(priority: c_int, text: &[u8]) {
    let mut text = text.to_vec();
    text.push(0);
    // SAFETY: both strings end in NUL (a clean message has none inside), and the format takes one
    // string.
    unsafe { libc::syslog(priority, c"%s".as_ptr(), text.as_ptr()) };
}

/// The time as it stands in log lines.
#[must_use]
pub fn time_stamp() -> String {
    stamp(now())
}

/// A path as text for messages.
#[must_use]
pub fn shown(path: &Path) -> String {
    String::from_utf8_lossy(path.as_os_str().as_bytes()).into_owned()
}
