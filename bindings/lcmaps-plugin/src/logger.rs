//! Log lines of a module. Text never becomes a format string and never starts a new line.

use std::ffi::CString;
use std::fmt::Display;

use lc_module::{Level, OneLine};

use crate::host;

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
        match self.entry {
            Some(entry) => OneLine::of(format_args!(
                "{}-{}(): {message}",
                self.source,
                entry.name()
            )),
            None => OneLine::of(format_args!("{}: {message}", self.source)),
        }
    }
}

#[cfg(test)]
mod tests {
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
}
