//! Opening the shared library.

use std::ffi::{c_char, c_int, c_ushort};
use std::fmt;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use libc::FILE;
use libloading::os::unix;

use crate::{Error, LogSink, Session};

/// The file name under which every LCAS 1.x library is found.
const SONAME: &str = "liblcas.so.0";

/// Function pointers into a library that stays loaded until the process ends.
#[derive(Clone, Copy)]
pub(crate) struct EntryPoints {
    pub(crate) init: unsafe extern "C" fn(*mut c_char, *mut FILE, c_ushort) -> c_int,
    pub(crate) run: unsafe extern "C" fn(c_int, ...) -> c_int,
    pub(crate) term: unsafe extern "C" fn() -> c_int,
}

/// An open LCAS library. It stays loaded until the process ends, also when this value is dropped.
pub struct Library {
    path: PathBuf,
    entry: EntryPoints,
}

impl Library {
    /// Opens `liblcas.so.0` where the system's loader finds it.
    ///
    /// # Errors
    /// [`Error::Load`] or [`Error::NotLcas`].
    pub fn open() -> Result<Self, Error> {
        Self::open_at(SONAME)
    }

    /// Opens the library at `path`. A name without a slash is searched like any library.
    ///
    /// The file becomes code of this process: name only files that are trusted as much as the program itself.
    ///
    /// # Errors
    /// [`Error::Load`] or [`Error::NotLcas`].
    pub fn open_at(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        // Modules leave the `lcas_*` functions undefined and find them in the global scope only.
        let flags = unix::RTLD_NOW | unix::RTLD_GLOBAL;
        // SAFETY: start-up code of the library runs here; the caller named a library that is trusted to be LCAS.
        let opened = unsafe { unix::Library::open(Some(&path), flags) };
        let library = opened.map_err(|source| Error::Load {
            path: path.clone(),
            source,
        })?;
        let library = ManuallyDrop::new(library);
        // SAFETY: the types are those of the headers of LCAS.
        let entry = unsafe {
            EntryPoints {
                init: find(&library, &path, "lcas_init_and_logfile")?,
                run: find(&library, &path, "lcas_run_va")?,
                term: find(&library, &path, "lcas_term")?,
            }
        };
        Ok(Self { path, entry })
    }

    /// The name under which the library was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Initialises LCAS: reads the environment and the database, loads and initialises all modules.
    ///
    /// # Errors
    /// [`Error::AlreadyStarted`] while another session lives; [`Error::Start`] with the reason in the log.
    pub fn start(&self, log: LogSink) -> Result<Session, Error> {
        Session::start(self.entry, &log)
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// # Safety
/// `T` is the type of the function.
unsafe fn find<T: Copy>(
    library: &unix::Library,
    path: &Path,
    function: &'static str,
) -> Result<T, Error> {
    // SAFETY: the caller vouches for the type.
    let found = unsafe { library.get::<T>(function) };
    found.map(|found| *found).map_err(|_| Error::NotLcas {
        path: path.to_owned(),
        function,
    })
}
