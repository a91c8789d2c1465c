//! The certificates of a Globus credential.
//!
//! A `gss_cred_id_t` of Globus points to a structure whose first member is the handle of
//! libglobus_gsi_credential; its functions give copies of the certificates. The library is never
//! loaded from here: a credential exists only where it is in the process already, and a pointer
//! that some other GSS library made must not be read as if Globus had made it.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::sync::OnceLock;

use foreign_types::ForeignType;
use libloading::os::unix::{Library, RTLD_NOW};
use openssl::stack::Stack;
use openssl::x509::X509;
use openssl_sys as ffi;

const LIBRARY: &str = "libglobus_gsi_credential.so.1";

/// Why a credential has no certificates for us.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("there is no GSS credential")]
    NoCredential,
    #[error(
        "the GSS credential cannot be read: {LIBRARY} is not loaded in this program, \
         so it is not a Globus credential"
    )]
    NoGlobus,
    #[error("the GSS credential cannot be read: {LIBRARY} is not as expected: {0}")]
    Unsuitable(String),
    #[error("the GSS credential cannot be read: Globus cannot start its credential module")]
    NotActivated,
    #[error("Globus gives no {what} for the GSS credential: {reason}")]
    Refused { what: &'static str, reason: String },
    #[error("the GSS credential is empty: it has no certificate")]
    Empty,
}

impl From<libloading::Error> for Error {
    fn from(error: libloading::Error) -> Self {
        use std::error::Error as _;
        // What the dynamic linker says; libloading's own text names the failed call only.
        let words = error.source().map(ToString::to_string);
        Self::Unsuitable(words.unwrap_or_else(|| error.to_string()))
    }
}

type CredentialHandle = *mut c_void;
/// `globus_result_t`: 0, or the number of an error that waits to be fetched.
type GlobusResult = u32;

/// What is needed of Globus.
struct Globus {
    module: *mut c_void,
    activate: unsafe extern "C" fn(*mut c_void) -> c_int,
    deactivate: unsafe extern "C" fn(*mut c_void) -> c_int,
    get_cert: unsafe extern "C" fn(CredentialHandle, *mut *mut ffi::X509) -> GlobusResult,
    get_cert_chain:
        unsafe extern "C" fn(CredentialHandle, *mut *mut ffi::stack_st_X509) -> GlobusResult,
    error_get: unsafe extern "C" fn(GlobusResult) -> *mut c_void,
    error_text: unsafe extern "C" fn(*mut c_void) -> *mut c_char,
    object_free: unsafe extern "C" fn(*mut c_void),
}

// SAFETY: function addresses, and a module descriptor that Globus guards itself.
unsafe impl Send for Globus {}
// SAFETY: as above.
unsafe impl Sync for Globus {}

/// The certificates of a credential, the leaf first. The copies are ours.
///
/// # Safety
/// `credential` is NULL or a valid `gss_cred_id_t` of Globus.
pub(crate) unsafe fn certificates(credential: *mut c_void) -> Result<Vec<X509>, Error> {
    if credential.is_null() {
        return Err(Error::NoCredential);
    }
    let globus = find()?;
    // SAFETY: not NULL; the handle is the first member.
    let handle = unsafe { credential.cast::<CredentialHandle>().read() };
    if handle.is_null() {
        return Err(Error::Empty);
    }
    // SAFETY: a module descriptor of Globus; counted, undone below.
    if unsafe { (globus.activate)(globus.module) } != 0 {
        return Err(Error::NotActivated);
    }
    // SAFETY: a valid handle of the active module.
    let certificates = unsafe { globus.certificates(handle) };
    // SAFETY: as it was activated above.
    unsafe { (globus.deactivate)(globus.module) };
    certificates
}

impl Globus {
    /// # Safety
    /// `handle` is a valid `globus_gsi_cred_handle_t`; the module is active.
    unsafe fn certificates(&self, handle: CredentialHandle) -> Result<Vec<X509>, Error> {
        let mut leaf = ptr::null_mut();
        // SAFETY: a valid handle and a place for the result, which is a copy.
        let result = unsafe { (self.get_cert)(handle, &mut leaf) };
        // SAFETY: NULL or a copy that is ours from here on, also after a failure.
        let leaf = (!leaf.is_null()).then(|| unsafe { X509::from_ptr(leaf) });
        self.check(result, "certificate")?;
        let mut certificates = vec![leaf.ok_or(Error::Empty)?];

        let mut stack = ptr::null_mut();
        // SAFETY: a valid handle and a place for the result, a stack of copies.
        let result = unsafe { (self.get_cert_chain)(handle, &mut stack) };
        // SAFETY: NULL or a stack that is ours with all in it, also after a failure.
        let stack = (!stack.is_null()).then(|| unsafe { Stack::<X509>::from_ptr(stack) });
        self.check(result, "certificate chain")?;
        if let Some(stack) = stack {
            certificates.extend(stack);
        }
        Ok(certificates)
    }

    fn check(&self, result: GlobusResult, what: &'static str) -> Result<(), Error> {
        if result == 0 {
            return Ok(());
        }
        // SAFETY: takes any number; an unknown one yields a static object.
        let error = unsafe { (self.error_get)(result) };
        let mut reason = "no reason given".to_owned();
        if !error.is_null() {
            // SAFETY: a valid error object; the result is NULL or a malloc'ed string.
            let text = unsafe { (self.error_text)(error) };
            if !text.is_null() {
                // SAFETY: not NULL, hence NUL-terminated.
                let words = unsafe { CStr::from_ptr(text) }.to_string_lossy();
                reason = words.split_whitespace().collect::<Vec<_>>().join(" ");
                // SAFETY: malloc'ed, freed once.
                unsafe { libc::free(text.cast()) };
            }
            // SAFETY: the object was handed to us by `error_get`.
            unsafe { (self.object_free)(error) };
        }
        Err(Error::Refused { what, reason })
    }
}

/// Globus as it is in this process. A failure is not remembered: the program may load it later.
fn find() -> Result<&'static Globus, Error> {
    static GLOBUS: OnceLock<Globus> = OnceLock::new();
    if let Some(globus) = GLOBUS.get() {
        return Ok(globus);
    }
    // SAFETY: with RTLD_NOLOAD nothing is loaded and no code runs.
    let library = unsafe { Library::open(Some(LIBRARY), RTLD_NOW | libc::RTLD_NOLOAD) }
        .map_err(|_| Error::NoGlobus)?;
    // SAFETY: the types are those of the Globus headers (globus_gsi_credential.h,
    // globus_module.h, globus_error.h, globus_object.h).
    let globus = unsafe {
        Globus {
            module: library
                .get::<*mut c_void>(c"globus_i_gsi_credential_module")?
                .into_raw(),
            activate: *library.get(c"globus_module_activate")?,
            deactivate: *library.get(c"globus_module_deactivate")?,
            get_cert: *library.get(c"globus_gsi_cred_get_cert")?,
            get_cert_chain: *library.get(c"globus_gsi_cred_get_cert_chain")?,
            error_get: *library.get(c"globus_error_get")?,
            error_text: *library.get(c"globus_error_print_friendly")?,
            object_free: *library.get(c"globus_object_free")?,
        }
    };
    // The addresses stay valid: the reference to the library is never given back.
    std::mem::forget(library);
    Ok(GLOBUS.get_or_init(|| globus))
}
