//! The door to everything that needs OpenSSL, opened on the first certificate.
//!
//! `liblcmaps_certificates.so.0` lies beside this library; a program that maps by DN never loads
//! it. It is looked for in the directory that this library itself was loaded from, then as the
//! dynamic linker finds it, once for the life of the process, and stays loaded.

use std::ffi::{CStr, OsStr, c_char, c_void};
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::OnceLock;

use lcmaps_certificates_abi::{
    Chain as Opaque, ENTRY, Entry, FILE_NAMES, Functions, Header, Refusal, VERSION,
};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

/// A chain of certificates bound to one identity. The pointers it gives out end with it.
pub struct Chain {
    raw: NonNull<Opaque>,
    functions: &'static Functions,
}

// SAFETY: the chain behind the pointer is immutable, and its certificates are counted by OpenSSL
// with atomic operations; it may be used and freed on any thread.
unsafe impl Send for Chain {}
// SAFETY: as above; nothing is changed through a shared reference.
unsafe impl Sync for Chain {}

impl Chain {
    /// Reads the certificates of a PEM text, the first one being the leaf.
    ///
    /// # Errors
    /// The text binds no identity to the leaf, or the certificate library cannot be loaded; in
    /// the words of a log line.
    pub fn from_pem(pem: &CStr) -> Result<Self, String> {
        let text = pem.to_bytes();
        Self::make(|functions, refusal| {
            // SAFETY: the text lives during the call, and nothing of it is kept.
            unsafe { (functions.chain_from_pem)(text.as_ptr().cast(), text.len(), refusal) }
        })
    }

    /// Takes the certificates of a stack, leaf first. The stack stays the caller's.
    ///
    /// # Errors
    /// As for [`from_pem`](Self::from_pem); also when `stack` is NULL.
    ///
    /// # Safety
    /// `stack` is NULL or a valid `STACK_OF(X509) *` that nobody changes during the call.
    pub unsafe fn from_stack(stack: *mut c_void) -> Result<Self, String> {
        Self::make(|functions, refusal| {
            // SAFETY: NULL or a valid stack, by this function's contract.
            unsafe { (functions.chain_from_stack)(stack, refusal) }
        })
    }

    /// Takes the certificates of a Globus credential, which stays the caller's.
    ///
    /// # Errors
    /// As for [`from_pem`](Self::from_pem); also when `credential` is NULL or Globus is not
    /// loaded in this process.
    ///
    /// # Safety
    /// `credential` is NULL or a valid `gss_cred_id_t` of Globus.
    pub unsafe fn from_gss(credential: *mut c_void) -> Result<Self, String> {
        Self::make(|functions, refusal| {
            // SAFETY: NULL or a valid credential, by this function's contract.
            unsafe { (functions.chain_from_gss)(credential, refusal) }
        })
    }

    fn make(
        call: impl FnOnce(&'static Functions, *const Refusal) -> *mut Opaque,
    ) -> Result<Self, String> {
        let functions = functions()?;
        let mut reason = String::new();
        let refusal = Refusal {
            context: (&raw mut reason).cast(),
            take: take_reason,
        };
        match NonNull::new(call(functions, &refusal)) {
            Some(raw) => Ok(Self { raw, functions }),
            None => Err(reason),
        }
    }

    /// The user's DN: the subject of the end entity as OpenSSL writes it on one line.
    #[must_use]
    pub fn dn(&self) -> &CStr {
        // SAFETY: a live chain; the result is NULL or a string of the chain.
        let dn = unsafe { (self.functions.chain_dn)(self.raw.as_ptr()) };
        // SAFETY: NULL or NUL-terminated and as long-lived as the chain.
        unsafe { text(dn) }
    }

    /// The leaf, an `X509 *` of the chain.
    #[must_use]
    pub fn leaf(&self) -> *mut c_void {
        // SAFETY: a live chain.
        unsafe { (self.functions.chain_leaf)(self.raw.as_ptr()) }
    }

    /// A `STACK_OF(X509) *` of the chain: the linked certificates, leaf first, then other CAs.
    #[must_use]
    pub fn stack(&self) -> *mut c_void {
        // SAFETY: a live chain.
        unsafe { (self.functions.chain_stack)(self.raw.as_ptr()) }
    }

    /// The certificates of the input that are not in the stack, each with its reason.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        // SAFETY: a live chain.
        let count = unsafe { (self.functions.chain_warning_count)(self.raw.as_ptr()) };
        (0..count)
            .map(|index| {
                // SAFETY: a live chain; the result is NULL or a string of the chain.
                let warning = unsafe { (self.functions.chain_warning)(self.raw.as_ptr(), index) };
                // SAFETY: NULL or NUL-terminated and as long-lived as the chain.
                unsafe { text(warning) }.to_string_lossy().into_owned()
            })
            .collect()
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        // SAFETY: a live chain, freed once.
        unsafe { (self.functions.chain_free)(self.raw.as_ptr()) };
    }
}

/// # Safety
/// `text` is NULL or a string that lives for `'a`.
unsafe fn text<'a>(text: *const c_char) -> &'a CStr {
    if text.is_null() {
        return c"";
    }
    // SAFETY: not NULL, and a string by this function's contract.
    unsafe { CStr::from_ptr(text) }
}

/// # Safety
/// `context` is a `String` that nobody else uses meanwhile; `text` has `length` bytes.
unsafe extern "C" fn take_reason(context: *mut c_void, text: *const c_char, length: usize) {
    if context.is_null() || text.is_null() {
        return;
    }
    // SAFETY: by this function's contract.
    let (reason, words) = unsafe {
        (
            &mut *context.cast::<String>(),
            std::slice::from_raw_parts(text.cast::<u8>(), length),
        )
    };
    *reason = String::from_utf8_lossy(words).into_owned();
}

fn functions() -> Result<&'static Functions, String> {
    static FUNCTIONS: OnceLock<Result<&'static Functions, String>> = OnceLock::new();
    FUNCTIONS
        .get_or_init(|| {
            load().map_err(|reason| format!("cannot load the certificate library: {reason}"))
        })
        .clone()
}

/// Opens the first of the files that exists.
fn load() -> Result<&'static Functions, String> {
    let beside = own_directory().into_iter().flat_map(|directory| {
        FILE_NAMES
            .map(|name| directory.join(name))
            .into_iter()
            .filter(|file| file.exists())
    });
    let mut first_failure = None;
    for file in beside.chain(FILE_NAMES.map(PathBuf::from)) {
        match open(&file) {
            Ok(functions) => return Ok(functions),
            Err(reason) => {
                first_failure.get_or_insert(reason);
            }
        }
    }
    Err(first_failure.unwrap_or_default())
}

fn open(file: &Path) -> Result<&'static Functions, String> {
    // SAFETY: our own object, whose initialisers are those of Rust and libcrypto.
    let library =
        unsafe { Library::open(Some(file), RTLD_NOW | RTLD_LOCAL) }.map_err(linker_words)?;
    // SAFETY: the symbol of our own object has this type in every version.
    let entry: Entry = *unsafe { library.get(ENTRY) }.map_err(linker_words)?;
    // The table must outlive everything, so the object is never unloaded.
    std::mem::forget(library);
    // SAFETY: the entry point takes nothing and returns its table.
    let header = unsafe { entry() };
    // SAFETY: a table begins with a header and lives as long as the process.
    let Header { version, size } = unsafe { *header };
    if version != VERSION || size < Functions::SIZE {
        return Err(format!(
            "{} is of another release (table {version} of {size} bytes, not {VERSION} of at least \
             {}); install both from one package, and restart this program",
            file.display(),
            Functions::SIZE
        ));
    }
    // SAFETY: of our version and at least as long as we know the table.
    Ok(unsafe { &*header.cast::<Functions>() })
}

/// What the dynamic linker says; libloading's own text names the failed call only.
fn linker_words(error: libloading::Error) -> String {
    std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string)
}

/// The directory of the file that this code was loaded from.
fn own_directory() -> Option<PathBuf> {
    let mut info = MaybeUninit::<libc::Dl_info>::uninit();
    // SAFETY: an address of this object, and a place for the answer.
    if unsafe { libc::dladdr(take_reason as *const c_void, info.as_mut_ptr()) } == 0 {
        return None;
    }
    // SAFETY: filled in, as the call succeeded; the name lives as long as this object.
    let name = unsafe {
        let name = info.assume_init().dli_fname;
        (!name.is_null()).then(|| CStr::from_ptr(name))?
    };
    let path = Path::new(OsStr::from_bytes(name.to_bytes()));
    let file = if path.is_absolute() {
        path.to_owned()
    } else {
        // Loaded by a relative path, and the working directory may have changed since: only the
        // dynamic linker remembers where that was.
        origin(name)?.join(path.file_name()?)
    };
    Some(file.canonicalize().ok()?.parent()?.to_owned())
}

/// The directory that the linker noted when it loaded the object of this name.
fn origin(name: &CStr) -> Option<PathBuf> {
    // SAFETY: RTLD_NOLOAD only looks up what is loaded.
    let object = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_NOLOAD) };
    if object.is_null() {
        return None;
    }
    let mut directory = [0; 2 * libc::PATH_MAX as usize];
    // SAFETY: an open handle. The answer is at most a working directory and a file name, each
    // below PATH_MAX.
    let found = unsafe {
        let found = libc::dlinfo(object, libc::RTLD_DI_ORIGIN, directory.as_mut_ptr().cast());
        libc::dlclose(object);
        found
    };
    if found != 0 {
        return None;
    }
    let length = directory.iter().position(|&byte| byte == 0)?;
    let directory: Vec<u8> = directory[..length].to_vec();
    Some(PathBuf::from(OsStr::from_bytes(&directory)))
}
