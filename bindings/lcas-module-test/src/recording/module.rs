//! A module under the recording host.

use std::ffi::{CString, c_char, c_int, c_void};
use std::path::Path;
use std::ptr;

use lcas_sys::lcas_cred_id_t;
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW, Symbol};

use super::RecordingHost;

type Select = unsafe extern "C" fn(*mut *mut c_char) -> c_int;
type Confirm = unsafe extern "C" fn(*mut c_char, lcas_cred_id_t) -> c_int;
type ConfirmFromX509 =
    unsafe extern "C" fn(*mut c_char, lcas_cred_id_t, *mut c_void, *mut c_void) -> c_int;

/// A module under the recording host.
#[derive(Debug)]
pub struct LoadedModule {
    library: Library,
    path: CString,
}

/// What a module was initialised with. The vector lives as long as this.
#[derive(Debug)]
pub struct Instance {
    words: Vec<CString>,
    vector: Vec<*mut c_char>,
}

// SAFETY: the pointers lead to `words`, which nobody changes.
unsafe impl Send for Instance {}
// SAFETY: as above.
unsafe impl Sync for Instance {}

/// A request and who makes it.
#[derive(Debug, Clone)]
pub struct Question {
    request: Option<CString>,
    dn: Option<CString>,
    gss: *mut c_void,
    certificates: Option<(*mut c_void, *mut c_void)>,
}

// SAFETY: addresses that the test vouches for.
unsafe impl Send for Question {}
// SAFETY: as above.
unsafe impl Sync for Question {}

impl Question {
    /// This user wants something, without a word about what.
    ///
    /// # Panics
    /// When the DN has a NUL.
    #[must_use]
    pub fn of(dn: impl Into<Vec<u8>>) -> Self {
        Self {
            dn: Some(CString::new(dn).expect("a DN without NUL")),
            ..Self::of_nobody()
        }
    }

    /// Somebody without a DN wants something.
    #[must_use]
    pub fn of_nobody() -> Self {
        Self {
            request: None,
            dn: None,
            gss: ptr::null_mut(),
            certificates: None,
        }
    }

    /// The user wants this.
    ///
    /// # Panics
    /// When the request has a NUL.
    #[must_use]
    pub fn request(mut self, request: impl Into<Vec<u8>>) -> Self {
        self.request = Some(CString::new(request).expect("a request without NUL"));
        self
    }

    /// The user has this `gss_cred_id_t`.
    #[must_use]
    pub fn gss(mut self, credential: *mut c_void) -> Self {
        self.gss = credential;
        self
    }

    /// The user has this `X509` and this `STACK_OF(X509)`, either of which may be NULL: the module
    /// is asked by `plugin_confirm_authorization_from_x509`. Both must outlive the question.
    #[must_use]
    pub fn certificates(mut self, leaf: *mut c_void, chain: *mut c_void) -> Self {
        self.certificates = Some((leaf, chain));
        self
    }
}

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
    ///
    /// # Errors
    /// What it returns when that is not 0; then the module was terminated, as a host does.
    ///
    /// # Panics
    /// When a word has a NUL, or terminating fails.
    pub fn start(&self, words: &[&str]) -> Result<Instance, c_int> {
        let words: Vec<CString> = words
            .iter()
            .map(|word| CString::new(*word).expect("a word without NUL"))
            .collect();
        let mut vector: Vec<*mut c_char> = vec![self.path.as_ptr().cast_mut()];
        vector.extend(words.iter().map(|word| word.as_ptr().cast_mut()));
        let argc = c_int::try_from(vector.len()).expect("a number of words that a test can want");
        vector.push(ptr::null_mut());
        let mut instance = Instance { words, vector };
        let call: Symbol<unsafe extern "C" fn(c_int, *mut *mut c_char) -> c_int> =
            self.entry(b"plugin_initialize\0");
        // SAFETY: argc C strings and a NULL, which the caller gets and keeps.
        match unsafe { call(argc, instance.vector.as_mut_ptr()) } {
            0 => Ok(instance),
            code => {
                if self.select(&instance) == 0 {
                    assert_eq!(self.terminate(), 0);
                }
                Err(code)
            }
        }
    }

    /// `plugin_select_instance`: what a host that knows it calls first.
    pub fn select(&self, instance: &Instance) -> c_int {
        let call: Symbol<Select> = self.entry(b"plugin_select_instance\0");
        debug_assert_eq!(instance.vector.len(), instance.words.len() + 2);
        // SAFETY: only the address is looked at.
        unsafe { call(instance.vector.as_ptr().cast_mut()) }
    }

    /// `plugin_confirm_authorization`, or `…_from_x509` when the question has certificates.
    pub fn confirm(&self, question: &Question) -> c_int {
        let text = |text: &Option<CString>| {
            text.as_ref()
                .map_or(ptr::null_mut(), |text| text.as_ptr().cast_mut())
        };
        let credential = lcas_cred_id_t {
            cred: question.gss,
            dn: text(&question.dn),
        };
        match question.certificates {
            None => {
                let call: Symbol<Confirm> = self.entry(b"plugin_confirm_authorization\0");
                // SAFETY: C strings that live through the call.
                unsafe { call(text(&question.request), credential) }
            }
            Some((leaf, chain)) => {
                let call: Symbol<ConfirmFromX509> =
                    self.entry(b"plugin_confirm_authorization_from_x509\0");
                // SAFETY: C strings that live through the call; the test vouches for the rest.
                unsafe { call(text(&question.request), credential, leaf, chain) }
            }
        }
    }

    /// Selects an instance and asks it.
    ///
    /// # Panics
    /// When the module does not know the instance.
    pub fn confirm_as(&self, instance: &Instance, question: &Question) -> c_int {
        assert_eq!(self.select(instance), 0);
        self.confirm(question)
    }

    /// `plugin_terminate`.
    pub fn terminate(&self) -> c_int {
        let call: Symbol<unsafe extern "C" fn() -> c_int> = self.entry(b"plugin_terminate\0");
        // SAFETY: takes nothing.
        unsafe { call() }
    }

    /// Whether the module exports this symbol.
    #[must_use]
    pub fn exports(&self, name: &str) -> bool {
        // SAFETY: the symbol is not used.
        unsafe { self.library.get::<*const c_void>(name.as_bytes()) }.is_ok()
    }

    fn entry<F>(&self, name: &[u8]) -> Symbol<F> {
        // SAFETY: the callers name the types of the module interface.
        unsafe { self.library.get(name) }.expect("the module has the entry point")
    }
}
