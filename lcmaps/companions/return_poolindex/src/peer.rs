//! The certificates of the other side of a GSS context.
//!
//! Globus is asked by way of its public functions; the structure behind a context is its own business. It is never
//! loaded from here: a context exists only where Globus is in the process already.

use std::ffi::{CString, c_void};
use std::{ptr, slice};

use libloading::os::unix::{Library, RTLD_NOW};
use pem_rfc7468::LineEnding;

const LIBRARY: &str = "libglobus_gssapi_gsi.so.4";

/// More bytes of certificates than these are no chain of a user.
const MOST: usize = 1 << 20;

/// Why a context has no certificates for us.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("there is no GSS context")]
    NoContext,
    #[error(
        "the GSS context cannot be read: {LIBRARY} is not loaded in this program, so it is not a Globus context"
    )]
    NoGlobus,
    #[error("the GSS context cannot be read: {LIBRARY} is not as expected: {0}")]
    Unsuitable(#[from] libloading::Error),
    #[error(
        "Globus gives no certificates of the peer (major status {0:#x}): is the context established?"
    )]
    Refused(u32),
    #[error("the peer of the GSS context has no certificate")]
    Anonymous,
    #[error("the peer of the GSS context has more than {MOST} bytes of certificates")]
    TooLarge,
}

/// `gss_buffer_desc`
#[repr(C)]
struct Buffer {
    length: usize,
    value: *const u8,
}

/// `gss_buffer_set_desc`
#[repr(C)]
struct BufferSet {
    count: usize,
    elements: *const Buffer,
}

type Inquire =
    unsafe extern "C" fn(*mut u32, *mut c_void, *const c_void, *mut *mut BufferSet) -> u32;
type Release = unsafe extern "C" fn(*mut u32, *mut *mut BufferSet) -> u32;

/// The certificates of the peer as PEM text, the leaf first.
///
/// # Safety
/// `context` is NULL or a valid `gss_ctx_id_t` of Globus.
pub(crate) unsafe fn certificates(context: *mut c_void) -> Result<CString, Error> {
    if context.is_null() {
        return Err(Error::NoContext);
    }
    // SAFETY: with RTLD_NOLOAD nothing is loaded and no code runs.
    let library = unsafe { Library::open(Some(LIBRARY), RTLD_NOW | libc::RTLD_NOLOAD) }
        .map_err(|_| Error::NoGlobus)?;
    // SAFETY: the types are those of the Globus headers (gssapi.h).
    let (inquire, release, chain) = unsafe {
        (
            *library.get::<Inquire>(c"gss_inquire_sec_context_by_oid")?,
            *library.get::<Release>(c"gss_release_buffer_set")?,
            **library.get::<*const *const c_void>(c"gss_ext_x509_cert_chain_oid")?,
        )
    };
    let mut minor = 0;
    let mut set = ptr::null_mut();
    // SAFETY: a valid context, an object identifier of Globus, and a place for the result.
    let major = unsafe { inquire(&mut minor, context, chain, &mut set) };
    let pem = if major != 0 {
        Err(Error::Refused(major))
    } else {
        // SAFETY: NULL or a set of buffers, as Globus made it.
        unsafe { set.as_ref() }.map_or(Err(Error::Anonymous), |set| unsafe { pem(set) })
    };
    if !set.is_null() {
        // SAFETY: the set is ours to release, once.
        unsafe { release(&mut minor, &mut set) };
    }
    pem
}

/// # Safety
/// The set and its buffers are readable.
unsafe fn pem(set: &BufferSet) -> Result<CString, Error> {
    if set.count == 0 || set.elements.is_null() {
        return Err(Error::Anonymous);
    }
    // SAFETY: the caller vouches for the number.
    let buffers = unsafe { slice::from_raw_parts(set.elements, set.count) };
    let mut text = String::new();
    for buffer in buffers {
        if buffer.value.is_null() || buffer.length > MOST.saturating_sub(text.len()) {
            return Err(Error::TooLarge);
        }
        // SAFETY: not NULL, and the caller vouches for the length.
        let certificate = unsafe { slice::from_raw_parts(buffer.value, buffer.length) };
        let certificate = pem_rfc7468::encode_string("CERTIFICATE", LineEnding::LF, certificate)
            .map_err(|_| Error::TooLarge)?;
        text.push_str(&certificate);
    }
    // PEM text has no NUL.
    CString::new(text).map_err(|_| Error::Anonymous)
}
