//! gLExec's own log: syslog or a file, and failures on standard error as well.

use std::cell::Cell;
use std::ffi::CString;
use std::fmt::Display;
use std::fs::File;
use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use lc_log::{Line, Message};
use libc::c_int;

use crate::failure::Failure;

/// How important a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 1
    Error = 1,
    /// 2
    Warning = 2,
    /// 3
    Notice = 3,
    /// 4
    Info = 4,
    /// 5
    Debug = 5,
}

impl Level {
    fn priority(self) -> c_int {
        match self {
            Self::Error => libc::LOG_ERR,
            Self::Warning => libc::LOG_WARNING,
            Self::Notice => libc::LOG_NOTICE,
            Self::Info => libc::LOG_INFO,
            Self::Debug => libc::LOG_DEBUG,
        }
    }
}

/// Where the lines go.
#[derive(Debug)]
enum Sink {
    Syslog,
    File(File),
}

/// The log.
#[derive(Debug)]
pub struct Log {
    sink: Sink,
    /// Lines above this are left out; 0 leaves out all.
    verbosity: Cell<u8>,
    /// Whether failures stay away from standard error.
    silent: Cell<bool>,
}

/// What the log has before the configuration is read: 3, as upstream recommends.
const FIRST_VERBOSITY: u8 = 3;

impl Log {
    /// A log in syslog.
    #[must_use]
    pub fn syslog(facility: c_int) -> Self {
        // SAFETY: the name lives for ever.
        unsafe { libc::openlog(c"glexec".as_ptr(), libc::LOG_PID, facility) };
        Self::to(Sink::Syslog)
    }

    /// A log in a file.
    #[must_use]
    pub fn file(file: File) -> Self {
        Self::to(Sink::File(file))
    }

    fn to(sink: Sink) -> Self {
        Self {
            sink,
            verbosity: Cell::new(FIRST_VERBOSITY),
            silent: Cell::new(false),
        }
    }

    /// Sets the level, 0 to 5.
    pub fn set_verbosity(&self, verbosity: u8) {
        self.verbosity.set(verbosity);
    }

    /// Keeps failures away from standard error.
    pub fn be_silent(&self) {
        self.silent.set(true);
    }

    /// Writes one line: whatever is in the text, it stays one, and is cut at the length of a message.
    pub fn write(&self, level: Level, text: impl Display) {
        if level as u8 > self.verbosity.get() {
            return;
        }
        let message = Message::new(one_line(&text.to_string()).as_bytes());
        match &self.sink {
            Sink::Syslog => to_syslog(level, &message),
            Sink::File(file) => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH);
                let line = Line {
                    ident: None,
                    program: "glexec",
                    pid: std::process::id(),
                    priority: level.priority(),
                    time: now
                        .ok()
                        .and_then(|t| t.as_secs().try_into().ok())
                        .unwrap_or(0),
                    extra: None,
                    message: &message,
                };
                let mut bytes = line.to_bytes();
                if bytes.last() != Some(&b'\n') {
                    bytes.push(b'\n');
                }
                // One write a line: others write to the file as well.
                let mut file = file;
                if file.write_all(&bytes).is_err() {
                    to_syslog(level, &message);
                }
            }
        }
    }

    /// Tells a failure here and, unless that is silent, the caller.
    pub fn fail(&self, failure: &Failure) {
        self.write(
            Level::Error,
            format_args!("{failure} (exit code {})", failure.code()),
        );
        if !self.silent.get() {
            tell_caller(failure);
        }
    }
}

/// Tells a failure on standard error.
pub fn tell_caller(failure: &Failure) {
    let text = format!("glexec: {}\n", one_line(&failure.to_string()));
    // Nobody is left to tell that standard error is broken.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// A text from a caller for a line: control characters, quotes and backslashes escaped.
#[must_use]
pub fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => text.extend(['\\', c]),
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            text += &format!("\\x{byte:02x}");
        }
    }
    text.push('"');
    one_line(&text)
}

/// Control characters as `\xNN`.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_control() => line += &format!("\\x{:02x}", u32::from(c)),
            c => line.push(c),
        }
    }
    line
}

fn to_syslog(level: Level, message: &Message) {
    if let Ok(text) = CString::new(message.as_bytes()) {
        // SAFETY: a format with one string, and that string.
        unsafe { libc::syslog(level.priority(), c"%s".as_ptr(), text.as_ptr()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_says_stays_inside_its_quotes_and_its_line() {
        assert_eq!(
            quoted(b"a\nglexec[1]: \"ok\" \\ \xff\x1b"),
            "\"a\\x0aglexec[1]: \\\"ok\\\" \\\\ \\xff\\x1b\""
        );
    }

    #[test]
    fn a_line_of_a_file_is_one_line_and_lines_above_the_level_are_left_out() {
        let path = tempfile::NamedTempFile::new().expect("a file");
        let log = Log::file(path.reopen().expect("the file again"));
        log.set_verbosity(2);
        log.write(Level::Notice, "no");
        log.write(Level::Error, "one\ntwo");
        let text = std::fs::read_to_string(path.path()).expect("the log");
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.ends_with("one\\x0atwo\n"), "{text}");
    }
}
