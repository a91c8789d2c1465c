//! What a module learns when it is initialised.

use std::ffi::CStr;

use lc_module::argument_vector;
use libc::{c_char, c_int};

use crate::{Logger, Version, Words, host};

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

    /// The words after the module's name in the policy file.
    #[must_use]
    pub fn words(&self) -> Words<'_> {
        Words::new(&self.words)
    }

    /// The path of the module's file as the host found it.
    #[must_use]
    pub fn module_path(&self) -> &'a CStr {
        self.path
    }

    /// The version of the host, `None` when it cannot tell.
    #[must_use]
    pub fn host_version(&self) -> Option<Version> {
        host::version()
    }

    /// The log of the host.
    #[must_use]
    pub fn log(&self) -> Logger {
        self.log
    }
}
