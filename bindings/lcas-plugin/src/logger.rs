//! Log lines of a module. Text never becomes a format string and never starts a new line.

use std::ffi::CString;
use std::fmt::Display;

use lc_module::{Level, OneLine};
use libc::c_int;

use crate::host;

/// Which call of the framework a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Initialize,
    Confirm,
    ConfirmFromX509,
    SelectInstance,
    Terminate,
}

impl Entry {
    fn name(self) -> &'static str {
        match self {
            Self::Initialize => "plugin_initialize",
            Self::Confirm => "plugin_confirm_authorization",
            Self::ConfirmFromX509 => "plugin_confirm_authorization_from_x509",
            Self::SelectInstance => "plugin_select_instance",
            Self::Terminate => "plugin_terminate",
        }
    }
}

/// The least `LCAS_DEBUG_LEVEL` at which lines of a level are written.
fn needed_debug_level(level: Level) -> c_int {
    match level {
        Level::Error | Level::Warning | Level::Notice => 0,
        Level::Info => 1,
        Level::Debug => 3,
    }
}

/// Writes lines to the log of the host, each with the name of the module and of the call in front:
/// `lcas_userban-plugin_confirm_authorization(): …`.
///
/// Errors, warnings and notices are always written; lines at info need `LCAS_DEBUG_LEVEL` 1, lines
/// at debug need 3.
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

    /// The same log with another name in front of its lines, for a part of a module.
    #[must_use]
    pub fn named(self, source: &'static str) -> Self {
        Self {
            source,
            entry: None,
        }
    }

    /// Writes one line.
    pub fn log(self, level: Level, message: impl Display) {
        // The level is looked at here: lcas_log_debug() of LCAS 1.3.19 takes text for a format.
        if host::debug_level() >= needed_debug_level(level) {
            host::log(level.priority(), &self.line(message));
        }
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
        let logger = Logger::new("lcas_x", Entry::Confirm);
        assert_eq!(
            logger.line("hello").to_bytes(),
            b"lcas_x-plugin_confirm_authorization(): hello"
        );
        assert_eq!(
            logger.named("lcas_rsl").line("hi").to_bytes(),
            b"lcas_rsl: hi"
        );
    }

    #[test]
    fn a_newline_from_a_user_does_not_start_a_line() {
        let line = Logger::new("m", Entry::Initialize).line("a\nLCAS   1: granted");
        assert_eq!(
            line.to_bytes(),
            b"m-plugin_initialize(): a\\x0aLCAS   1: granted"
        );
    }
}
