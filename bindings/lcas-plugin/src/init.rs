//! What a module learns when it is initialised.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use lc_module::argument_vector;
use libc::{c_char, c_int};

use crate::{Failure, Logger, Shown, Words, host};

/// The configuration of one instance of a module.
#[derive(Debug)]
pub struct Init<'a> {
    log: Logger,
    path: &'a CStr,
    words: Vec<&'a CStr>,
}

impl<'a> Init<'a> {
    /// Reads the argument vector that the host passes.
    ///
    /// # Safety
    /// `argv` is NULL or an array of `argc` elements, each NULL or a C string, that live through `'a`.
    pub(crate) unsafe fn from_c(log: Logger, argc: c_int, argv: *const *mut c_char) -> Self {
        // SAFETY: the caller's promise.
        let (path, words) = unsafe { argument_vector(argc, argv) };
        Self { log, path, words }
    }

    /// The words of `pluginargs` in the database. A word has neither blanks nor commas.
    #[must_use]
    pub fn words(&self) -> Words<'_> {
        Words::new(&self.words)
    }

    /// The path of the module's file as the host found it.
    #[must_use]
    pub fn module_path(&self) -> &'a CStr {
        self.path
    }

    /// The path of a file that the configuration names. A relative name is one in the host's
    /// directory for such files (`/etc/lcas` as a rule).
    ///
    /// # Errors
    /// There is no such file. One that cannot be looked at is a file; opening it says why.
    pub fn find_file(&self, name: &CStr) -> Result<PathBuf, Failure> {
        match host::find_file(name) {
            Some(path) => Ok(OsStr::from_bytes(path.to_bytes()).into()),
            None if name.to_bytes().starts_with(b"/") => Err(Failure::error(format_args!(
                "there is no file {}",
                Shown(name.to_bytes())
            ))),
            None => Err(Failure::error(format_args!(
                "there is no file {} in the directory that LCAS was built with for such files; \
                 create it there or give the whole path",
                Shown(name.to_bytes())
            ))),
        }
    }

    /// The log of the host.
    #[must_use]
    pub fn log(&self) -> Logger {
        self.log
    }
}
