//! A host that records.

mod module;

use std::ffi::{CStr, CString, c_char, c_int};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW, Symbol};

pub use module::{Instance, LoadedModule, Question};

/// The recording host. There is one in a process: [`RecordingHost::take`] gives it to one test at a
/// time, with everything forgotten.
#[derive(Debug)]
pub struct RecordingHost {
    library: &'static Library,
    _turn: MutexGuard<'static, ()>,
}

impl RecordingHost {
    /// Waits for the host and forgets what it recorded. The debug level is 5.
    ///
    /// # Panics
    /// When the host does not load.
    #[must_use]
    pub fn take() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        static LIBRARY: OnceLock<Library> = OnceLock::new();
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let library = LIBRARY.get_or_init(|| {
            let path = concat!(env!("OUT_DIR"), "/liblcas_recording_host.so");
            // SAFETY: our own shared object; loading it runs nothing.
            unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) }
                .expect("the recording host loads")
        });
        let host = Self {
            library,
            _turn: turn,
        };
        // SAFETY: takes nothing; this test is alone with the host.
        unsafe { host.function::<unsafe extern "C" fn()>(c"recording_host_reset")() };
        host
    }

    /// The log so far, a line `<PRIORITY>text` each.
    #[must_use]
    pub fn log(&self) -> String {
        let log = self.function::<unsafe extern "C" fn() -> *const c_char>(c"recording_host_log");
        // SAFETY: returns a static C string.
        unsafe { CStr::from_ptr(log()) }
            .to_string_lossy()
            .into_owned()
    }

    /// From now on `lcas_get_debug_level` says this.
    pub fn set_debug_level(&self, level: c_int) {
        let set = self.function::<unsafe extern "C" fn(c_int)>(c"recording_host_debug_level");
        // SAFETY: takes any number.
        unsafe { set(level) };
    }

    /// From now on relative names of configuration files are looked for here.
    ///
    /// # Panics
    /// When the path has a NUL.
    pub fn set_directory(&self, directory: &Path) {
        let path = CString::new(directory.as_os_str().as_encoded_bytes()).expect("no NUL");
        let set = self.function::<unsafe extern "C" fn(*const c_char)>(c"recording_host_directory");
        // SAFETY: a C string, which the host copies.
        unsafe { set(path.as_ptr()) };
    }

    /// Fails the test when no line of the log contains this text.
    ///
    /// # Panics
    /// Then.
    #[track_caller]
    pub fn expect_log(&self, text: &str) {
        let log = self.log();
        assert!(log.contains(text), "no line with\n  {text}\nin\n{log}");
    }

    fn function<F: Copy>(&self, name: &CStr) -> F {
        // SAFETY: every caller names the type that host.c gives the function.
        let symbol: Symbol<F> =
            unsafe { self.library.get(name.to_bytes_with_nul()) }.expect("host.c defines it");
        *symbol
    }
}
