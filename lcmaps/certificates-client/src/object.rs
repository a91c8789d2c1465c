//! Opening the certificate object, once for the life of the process.

use std::ffi::{CStr, OsStr, c_char, c_void};
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use lcmaps_certificates_abi::{ENTRY, Entry, FILE_NAMES, Functions, Header, VERSION};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

/// # Safety
/// `text` is NULL or a string that lives for `'a`.
pub(crate) unsafe fn text<'a>(text: *const c_char) -> &'a CStr {
    if text.is_null() {
        return c"";
    }
    // SAFETY: not NULL, and a string by this function's contract.
    unsafe { CStr::from_ptr(text) }
}

/// The functions of the certificate object.
///
/// # Errors
/// Why it cannot be loaded, in the words of a log line; the same at every call.
pub(crate) fn functions() -> Result<&'static Functions, String> {
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
    if unsafe { libc::dladdr(own_directory as *const c_void, info.as_mut_ptr()) } == 0 {
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
