//! What can go wrong between a program and LCAS.

use std::path::PathBuf;

/// A failure to ask. None of these is a decision; do not go on as if the answer were yes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The library cannot be loaded.
    #[error("cannot load {}: {}", path.display(), words(source))]
    Load {
        /// The library.
        path: PathBuf,
        /// What the loader says.
        source: libloading::Error,
    },
    /// The file is a library, but no LCAS.
    #[error("{} is no LCAS library: it has no function {function}", path.display())]
    NotLcas {
        /// The library.
        path: PathBuf,
        /// The missing function.
        function: &'static str,
    },
    /// A session lives in this process already.
    #[error("LCAS is already started in this process; one session can exist at a time")]
    AlreadyStarted,
    /// Initialisation failed: database, modules or their arguments. The log says which.
    #[error("LCAS could not be initialised; its log names the file or module at fault")]
    Start,
    /// A module says that it did not end.
    #[error("a module of LCAS did not end; the log names it")]
    End,
    /// A text for C contains a NUL byte.
    #[error("{what} contains a NUL byte")]
    NulByte {
        /// Which text.
        what: &'static str,
    },
    /// The environment cannot be set, or the current directory cannot be told.
    #[error(transparent)]
    Environment(#[from] lcmaps_client::Error),
}

/// What the loader says; libloading's own text names the failed call only.
fn words(error: &libloading::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}
