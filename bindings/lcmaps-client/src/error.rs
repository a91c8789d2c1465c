//! What can go wrong between a program and LCMAPS.

use std::path::PathBuf;

/// Why a call did not give what was asked for. Only [`Error::Refused`] is LCMAPS's own decision.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The shared library could not be opened.
    #[error("cannot load the LCMAPS library {}: {source}", path.display())]
    Load {
        /// What was to be opened.
        path: PathBuf,
        /// The loader's answer.
        source: libloading::Error,
    },
    /// The library lacks a function without which no session is possible.
    #[error("{} is no LCMAPS library: it has no function {function}", path.display())]
    NotLcmaps {
        /// The library.
        path: PathBuf,
        /// The missing function.
        function: &'static str,
    },
    /// The library is an LCMAPS without this interface (for example one built without certificates).
    #[error("this LCMAPS library does not offer {function}")]
    NotOffered {
        /// The missing function.
        function: &'static str,
    },
    /// A session lives in this process already.
    #[error("LCMAPS is already started in this process; one session can exist at a time")]
    AlreadyStarted,
    /// Initialisation failed: policy file, modules or their options. The log says which.
    #[error("LCMAPS could not be initialised; its log names the file or module at fault")]
    Start,
    /// The credential is not mapped, or not to the account it was to be verified against.
    #[error("LCMAPS refused the mapping")]
    Refused,
    /// A text for C contains a NUL byte.
    #[error("{what} contains a NUL byte")]
    NulByte {
        /// Which text.
        what: &'static str,
    },
    /// A number or a list does not fit the C interface.
    #[error("{what} is too large for the LCMAPS interface")]
    TooLarge {
        /// Which value.
        what: &'static str,
    },
    /// The library reported success and an account that makes no sense. Treat it as a refusal.
    #[error("LCMAPS answered with an unusable account: {what}")]
    BadAnswer {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The run report is not the JSON it should be.
    #[error("the run report of LCMAPS cannot be read: {0}")]
    BadReport(#[from] serde_json::Error),
    /// Environment variables cannot be set any more.
    #[error(
        "the environment can only be set while the process has one thread, and it has {threads}"
    )]
    NotSingleThreaded {
        /// Threads found.
        threads: usize,
    },
    /// A file could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A file is no PEM text, or is far too large to be one.
    #[error("{} is not a certificate or proxy in PEM form: {why}", path.display())]
    NotPem {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The system gave no stream for log lines.
    #[error("cannot make a log stream: {0}")]
    LogStream(std::io::Error),
}
