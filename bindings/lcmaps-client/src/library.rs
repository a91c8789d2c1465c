//! Opening the shared library.

use std::fmt;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use libloading::os::unix;

use crate::entry_points::EntryPoints;
use crate::{Error, LogSink, Session};

/// The file name under which every LCMAPS 1.x library is found.
const SONAME: &str = "liblcmaps.so.0";

/// An open LCMAPS library. It stays loaded until the process ends, also when this value is dropped.
pub struct Library {
    path: PathBuf,
    entry: EntryPoints,
}

impl Library {
    /// Opens `liblcmaps.so.0` where the system's loader finds it.
    ///
    /// # Errors
    /// [`Error::Load`] or [`Error::NotLcmaps`].
    pub fn open() -> Result<Self, Error> {
        Self::open_at(SONAME)
    }

    /// Opens the library at `path`. A name without a slash is searched like any library.
    ///
    /// The file becomes code of this process: name only files that are trusted as much as the program itself.
    ///
    /// # Errors
    /// [`Error::Load`] or [`Error::NotLcmaps`].
    pub fn open_at(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        // Modules leave the `lcmaps_*` functions undefined and find them in the global scope only.
        let flags = unix::RTLD_NOW | unix::RTLD_GLOBAL;
        // SAFETY: start-up code of the library runs here; the caller named a library that is trusted to be LCMAPS.
        let opened = unsafe { unix::Library::open(Some(&path), flags) };
        let library = opened.map_err(|source| Error::Load {
            path: path.clone(),
            source,
        })?;
        let library = ManuallyDrop::new(library);
        let entry = EntryPoints::find(&library, &path)?;
        Ok(Self { path, entry })
    }

    /// The name under which the library was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The version that the library reports; `None` if it is older than the version functions.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        let [major, minor, patch] = self.entry.version?;
        // SAFETY: the three functions take nothing and have no precondition.
        Some(unsafe {
            Version {
                major: major(),
                minor: minor(),
                patch: patch(),
            }
        })
    }

    /// True if sessions of this library can give a [`Report`](crate::Report) of their runs.
    #[must_use]
    pub fn has_reports(&self) -> bool {
        self.entry.report.is_some()
    }

    /// Initialises LCMAPS: reads the environment and the policy file, loads and initialises all modules.
    ///
    /// # Errors
    /// [`Error::AlreadyStarted`] while another session lives; [`Error::Start`] with the reason in the log.
    pub fn start(&self, log: LogSink) -> Result<Session, Error> {
        Session::start(self.entry, log)
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// A version of the library's interface, `1.6.6` for example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// First number.
    pub major: i32,
    /// Second number.
    pub minor: i32,
    /// Third number.
    pub patch: i32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}
