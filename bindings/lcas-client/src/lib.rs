//! SDK for programs that use LCAS: opens `liblcas.so.0` and offers typed calls.
//!
//! LCAS belongs to the process, not to a value in it: database, modules and log level are environment variables
//! that it reads when a [`Session`] starts, and there is one session at a time.

use std::ffi::{CStr, c_char, c_int, c_ushort};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use libloading::os::unix;

/// Type of `lcas_init_and_logfile`.
type Init = unsafe extern "C" fn(*mut c_char, *mut libc::FILE, c_ushort) -> c_int;
/// Type of `lcas_run_va`.
type Run = unsafe extern "C" fn(c_int, ...) -> c_int;
/// Type of `lcas_term`.
type Term = unsafe extern "C" fn() -> c_int;

/// The log goes to a file.
const LOG_TO_FILE: c_ushort = 1;
/// The user is PEM text.
const PEM: c_int = 0;

/// Whether a session lives in this process.
static STARTED: AtomicBool = AtomicBool::new(false);

/// Why a call did not give what was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The shared library could not be opened.
    #[error("cannot load the LCAS library {}: {source}", path.display())]
    Load {
        /// What was to be opened.
        path: PathBuf,
        /// The loader's answer.
        source: libloading::Error,
    },
    /// The library lacks a function.
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
}

/// What LCAS decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Decision {
    /// Every module grants it.
    Granted,
    /// A module refuses it.
    Refused,
    /// It could not be evaluated, which refuses it as well.
    NotEvaluated,
}

/// An open LCAS library. It stays loaded until the process ends.
#[derive(Debug)]
pub struct Library {
    init: Init,
    run: Run,
    term: Term,
}

impl Library {
    /// Opens the library at `path`. A name without a slash is searched like any library.
    ///
    /// The file becomes code of this process: name only files that are trusted as much as the program itself.
    ///
    /// # Errors
    /// [`Error::Load`] or [`Error::NotLcas`].
    pub fn open_at(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        // Modules leave the `lcas_*` functions undefined and find them in the global scope only.
        let flags = unix::RTLD_NOW | unix::RTLD_GLOBAL;
        // SAFETY: start-up code of the library runs here; the caller trusts it to be LCAS.
        let opened = unsafe { unix::Library::open(Some(path), flags) };
        let library = ManuallyDrop::new(opened.map_err(|source| Error::Load {
            path: path.to_owned(),
            source,
        })?);
        let missing = |function| Error::NotLcas {
            path: path.to_owned(),
            function,
        };
        // SAFETY: the functions of LCAS with these names have these types; the library stays loaded.
        unsafe {
            Ok(Self {
                init: *library
                    .get(b"lcas_init_and_logfile\0")
                    .map_err(|_| missing("lcas_init_and_logfile"))?,
                run: *library
                    .get(b"lcas_run_va\0")
                    .map_err(|_| missing("lcas_run_va"))?,
                term: *library
                    .get(b"lcas_term\0")
                    .map_err(|_| missing("lcas_term"))?,
            })
        }
    }

    /// Reads the environment and the database, loads and initialises all modules. The log is appended to a file.
    ///
    /// # Errors
    /// [`Error::AlreadyStarted`] while another session lives; [`Error::Start`] with the reason in the log.
    pub fn start(&self, log: &CStr) -> Result<Session<'_>, Error> {
        if STARTED.swap(true, Ordering::AcqRel) {
            return Err(Error::AlreadyStarted);
        }
        // SAFETY: a C string, which the library only reads, and no stream.
        let result = unsafe { (self.init)(log.as_ptr().cast_mut(), ptr::null_mut(), LOG_TO_FILE) };
        if result != 0 {
            STARTED.store(false, Ordering::Release);
            return Err(Error::Start);
        }
        Ok(Session { library: self })
    }
}

/// LCAS with its modules, until this value is dropped.
#[derive(Debug)]
pub struct Session<'l> {
    library: &'l Library,
}

impl Session<'_> {
    /// Asks whether the user with this PEM text may make this request.
    pub fn decide(&mut self, pem: &CStr, request: Option<&CStr>) -> Decision {
        let request = request.map_or(ptr::null_mut(), |text| text.as_ptr().cast_mut());
        // SAFETY: for this type of argument the function takes two strings, which it only reads; the second one may
        // be missing.
        let result = unsafe { (self.library.run)(PEM, pem.as_ptr().cast_mut(), request) };
        match result {
            0 => Decision::Granted,
            5 => Decision::Refused,
            _ => Decision::NotEvaluated,
        }
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // SAFETY: takes nothing; the session lives.
        unsafe { (self.library.term)() };
        STARTED.store(false, Ordering::Release);
    }
}
