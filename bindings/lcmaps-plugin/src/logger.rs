//! Log lines of a module. Text never becomes a format string and never starts a new line.

use std::ffi::CString;
use std::fmt::{self, Display, Write as _};

use libc::c_int;

use crate::host;

/// How important a line is: the syslog priorities that the framework uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something is broken and needs an administrator.
    Error,
    /// Something is odd but was dealt with.
    Warning,
    /// A decision that an operator wants to see: a refusal, for one.
    Notice,
    /// What happened, in a sentence.
    Info,
    /// Details for somebody who looks for a fault.
    Debug,
}

impl Level {
    /// The syslog priority.
    pub(crate) fn priority(self) -> c_int {
        match self {
            Self::Error => libc::LOG_ERR,
            Self::Warning => libc::LOG_WARNING,
            Self::Notice => libc::LOG_NOTICE,
            Self::Info => libc::LOG_INFO,
            Self::Debug => libc::LOG_DEBUG,
        }
    }
}

/// Which call of the framework a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Initialize,
    Introspect,
    Run,
    Verify,
    Terminate,
}

impl Entry {
    fn name(self) -> &'static str {
        match self {
            Self::Initialize => "plugin_initialize",
            Self::Introspect => "plugin_introspect",
            Self::Run => "plugin_run",
            Self::Verify => "plugin_verify",
            Self::Terminate => "plugin_terminate",
        }
    }
}

/// Writes lines to the log of the host, each with the name of the module and of the call in front:
/// `lcmaps_localaccount-plugin_run(): …`.
#[derive(Debug, Clone, Copy)]
pub struct Logger {
    source: &'static str,
    entry: Option<Entry>,
}

impl Logger {
    pub(crate) const fn new(module: &'static str, entry: Entry) -> Self {
        Self {
            source: module,
            entry: Some(entry),
        }
    }

    /// The same log with another name in front of its lines, for a part of a module whose lines
    /// operators know under that name: `lcmaps_gridmapfile: …`.
    #[must_use]
    pub fn named(self, source: &'static str) -> Self {
        Self {
            source,
            entry: None,
        }
    }

    /// Writes one line.
    pub fn log(self, level: Level, message: impl Display) {
        host::log(level.priority(), &self.line(message));
    }

    /// Writes one line at [`Level::Error`].
    pub fn error(self, message: impl Display) {
        self.log(Level::Error, message);
    }

    /// Writes one line at [`Level::Warning`].
    pub fn warning(self, message: impl Display) {
        self.log(Level::Warning, message);
    }

    /// Writes one line at [`Level::Notice`].
    pub fn notice(self, message: impl Display) {
        self.log(Level::Notice, message);
    }

    /// Writes one line at [`Level::Info`].
    pub fn info(self, message: impl Display) {
        self.log(Level::Info, message);
    }

    /// Writes one line at [`Level::Debug`].
    pub fn debug(self, message: impl Display) {
        self.log(Level::Debug, message);
    }

    /// The line as it goes to the host, without its newline.
    fn line(self, message: impl Display) -> CString {
        let mut line = OneLine(Vec::with_capacity(128));
        // Writing to a Vec cannot fail; a Display that gives up leaves the part it wrote.
        let _ = match self.entry {
            Some(entry) => write!(line, "{}-{}(): {message}", self.source, entry.name()),
            None => write!(line, "{}: {message}", self.source),
        };
        CString::new(line.0).unwrap_or_default()
    }
}

/// Collects text with every ASCII control character written as `\xNN`, so that a line stays one
/// line and holds no NUL.
struct OneLine(Vec<u8>);

impl fmt::Write for OneLine {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(u8::is_ascii_control) {
            self.0.extend_from_slice(&rest[..at]);
            self.0
                .extend_from_slice(format!("\\x{:02x}", rest[at]).as_bytes());
            rest = &rest[at + 1..];
        }
        self.0.extend_from_slice(rest);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_starts_with_the_module_and_the_call() {
        let logger = Logger::new("lcmaps_x", Entry::Run);
        assert_eq!(
            logger.line("hello").to_bytes(),
            b"lcmaps_x-plugin_run(): hello"
        );
        assert_eq!(
            logger.named("lcmaps_gridmapfile").line("hi").to_bytes(),
            b"lcmaps_gridmapfile: hi"
        );
    }

    #[test]
    fn a_newline_from_a_user_does_not_start_a_line() {
        let line = Logger::new("m", Entry::Verify).line("a\nlcmaps[1] LOG_NOTICE: b\0c\x1b[0m");
        assert_eq!(
            line.to_bytes(),
            b"m-plugin_verify(): a\\x0alcmaps[1] LOG_NOTICE: b\\x00c\\x1b[0m"
        );
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_line(text in any::<String>()) {
            let line = Logger::new("m", Entry::Run).line(&text);
            prop_assert!(!line.to_bytes().iter().any(u8::is_ascii_control));
            prop_assert!(line.to_bytes().len() >= text.len());
        }
    }
}
