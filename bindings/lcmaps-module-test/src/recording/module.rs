//! A module under the recording host.

use std::ffi::{CString, c_char, c_int};
use std::path::Path;
use std::ptr;

use lcmaps_sys::lcmaps_argument_t;
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW, Symbol};

use super::{Arguments, RecordingHost, text};

/// A module under the recording host.
#[derive(Debug)]
pub struct LoadedModule {
    library: Library,
    path: CString,
}

/// The table of run arguments that a module returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instance {
    /// Number of run arguments.
    pub argc: c_int,
    /// The table.
    pub argv: *mut lcmaps_argument_t,
}

// SAFETY: an address and a number; the calls that use them are the tests' business.
unsafe impl Send for Instance {}
// SAFETY: as above.
unsafe impl Sync for Instance {}

impl LoadedModule {
    /// Loads a module as a host does: everything resolved at once, nothing published.
    ///
    /// # Panics
    /// When it does not load.
    #[must_use]
    pub fn load(host: &RecordingHost, path: &Path) -> Self {
        let _ = host;
        // SAFETY: a module that this workspace built; loading it runs nothing of its own.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) };
        let library =
            library.unwrap_or_else(|error| panic!("{} does not load: {error}", path.display()));
        Self {
            library,
            path: CString::new(path.as_os_str().as_encoded_bytes()).expect("a path without NUL"),
        }
    }

    /// `plugin_initialize` with these words after the path.
    pub fn initialize(&self, words: &[&str]) -> c_int {
        let words: Vec<CString> = words
            .iter()
            .map(|word| CString::new(*word).expect("a word without NUL"))
            .collect();
        let mut argv: Vec<*mut c_char> = vec![self.path.as_ptr().cast_mut()];
        argv.extend(words.iter().map(|word| word.as_ptr().cast_mut()));
        let argc = c_int::try_from(argv.len()).expect("a number of words that a test can want");
        argv.push(ptr::null_mut());
        let call: Symbol<unsafe extern "C" fn(c_int, *mut *mut c_char) -> c_int> =
            self.entry(b"plugin_initialize\0");
        // SAFETY: argc C strings and a NULL.
        unsafe { call(argc, argv.as_mut_ptr()) }
    }

    /// `plugin_introspect`.
    ///
    /// # Errors
    /// What it returns when that is not 0.
    pub fn introspect(&self) -> Result<Instance, c_int> {
        let mut instance = Instance {
            argc: 0,
            argv: ptr::null_mut(),
        };
        let call: Symbol<unsafe extern "C" fn(*mut c_int, *mut *mut lcmaps_argument_t) -> c_int> =
            self.entry(b"plugin_introspect\0");
        // SAFETY: two places for the result.
        match unsafe { call(&raw mut instance.argc, &raw mut instance.argv) } {
            0 => Ok(instance),
            code => Err(code),
        }
    }

    /// `plugin_initialize` and `plugin_introspect`, which both must succeed.
    ///
    /// # Panics
    /// When they do not.
    #[must_use]
    pub fn start(&self, words: &[&str]) -> Instance {
        assert_eq!(self.initialize(words), 0, "plugin_initialize fails");
        self.introspect().expect("plugin_introspect succeeds")
    }

    /// `plugin_run`.
    pub fn run(&self, instance: Instance, arguments: &Arguments) -> c_int {
        self.call(b"plugin_run\0", instance, arguments)
    }

    /// `plugin_run` with whatever stands in the table, and without a look at it: for tables that are
    /// no more.
    pub fn run_unseen(&self, instance: Instance) -> c_int {
        self.enter(b"plugin_run\0", instance)
    }

    /// `plugin_verify`.
    pub fn verify(&self, instance: Instance, arguments: &Arguments) -> c_int {
        self.call(b"plugin_verify\0", instance, arguments)
    }

    /// `plugin_terminate`.
    pub fn terminate(&self) -> c_int {
        let call: Symbol<unsafe extern "C" fn() -> c_int> = self.entry(b"plugin_terminate\0");
        // SAFETY: takes nothing.
        unsafe { call() }
    }

    /// `plugin_multi_instance`.
    pub fn multi_instance(&self) -> c_int {
        let call: Symbol<unsafe extern "C" fn() -> c_int> = self.entry(b"plugin_multi_instance\0");
        // SAFETY: takes nothing.
        unsafe { call() }
    }

    /// Name and type of each run argument of an instance.
    #[must_use]
    pub fn names(&self, instance: Instance) -> Vec<(String, String)> {
        let mut names = Vec::new();
        for at in 0.. {
            // SAFETY: the table ends with an element without a name, where the walk stops.
            let element = unsafe { *instance.argv.add(at) };
            if element.argName.is_null() {
                break;
            }
            names.push((
                text(element.argName.cast_mut()),
                text(element.argType.cast_mut()),
            ));
        }
        names
    }

    fn call(&self, entry: &[u8], instance: Instance, arguments: &Arguments) -> c_int {
        for (at, (name, kind)) in self.names(instance).into_iter().enumerate() {
            let variable = arguments.variable(&name, &kind);
            let variable =
                variable.unwrap_or_else(|| panic!("no host has an argument {name} of type {kind}"));
            // SAFETY: names saw this element.
            unsafe { (*instance.argv.add(at)).value = variable.cast_mut() };
        }
        self.enter(entry, instance)
    }

    fn enter(&self, entry: &[u8], instance: Instance) -> c_int {
        let call: Symbol<unsafe extern "C" fn(c_int, *mut lcmaps_argument_t) -> c_int> =
            self.entry(entry);
        // SAFETY: the module's own table with values of its types, or an address that it must not know.
        unsafe { call(instance.argc, instance.argv) }
    }

    fn entry<F>(&self, name: &[u8]) -> Symbol<F> {
        // SAFETY: the callers name the types of the module interface.
        unsafe { self.library.get(name) }.expect("the module has the entry point")
    }
}
