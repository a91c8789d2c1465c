//! Makes a library's symbols visible to the modules it loads.
//!
//! Modules leave the functions that they call undefined. They resolve when the program linked the
//! library or opened it RTLD_GLOBAL. A program that used RTLD_LOCAL gets it promoted here.

use std::ffi::CStr;
use std::mem::MaybeUninit;

use libc::c_void;

/// What modules find under the names they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Visibility {
    /// This library.
    Ours,
    /// Nothing: the library is hidden and cannot be promoted.
    Nothing,
    /// Another library of the same kind.
    SomebodyElses,
}

/// Ensures that modules opened from now on find this library, as far as possible.
///
/// `symbol` is a function that modules call, `own` is its address in this library.
pub fn ensure(symbol: &CStr, own: *const c_void) -> Visibility {
    match visible(symbol, own) {
        Visibility::Nothing => {
            promote(own);
            visible(symbol, own)
        }
        known => known,
    }
}

fn visible(symbol: &CStr, own: *const c_void) -> Visibility {
    let found = in_global_scope(symbol);
    if found.is_null() {
        return Visibility::Nothing;
    }
    // A program that was linked against the library may see its own PLT entry; the file tells.
    if found.cast_const() == own || file_base(found.cast_const()) == file_base(own) {
        Visibility::Ours
    } else {
        Visibility::SomebodyElses
    }
}

/// A symbol as a freshly opened module would find it. `RTLD_DEFAULT` will not do: asked from inside
/// this library it searches the library's own scope as well.
fn in_global_scope(name: &CStr) -> *mut c_void {
    // SAFETY: without a name dlopen gives a handle for the program and its global scope.
    let program = unsafe { libc::dlopen(std::ptr::null(), libc::RTLD_NOW | libc::RTLD_NOLOAD) };
    if program.is_null() {
        return std::ptr::null_mut();
    }
    // SAFETY: the handle is open, and the name ends in NUL.
    let found = unsafe { libc::dlsym(program, name.as_ptr()) };
    // SAFETY: the handle is ours and is not used any more.
    unsafe { libc::dlclose(program) };
    found
}

fn info(address: *const c_void) -> Option<libc::Dl_info> {
    let mut info = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: dladdr fills the structure for any address, or returns 0.
    let known = unsafe { libc::dladdr(address, info.as_mut_ptr()) };
    // SAFETY: dladdr has filled it.
    (known != 0).then(|| unsafe { info.assume_init() })
}

fn file_base(address: *const c_void) -> Option<*mut c_void> {
    info(address).map(|info| info.dli_fbase)
}

/// Opens the library once more, without loading it, into the global scope.
fn promote(own: *const c_void) {
    let Some(info) = info(own) else {
        return;
    };
    if info.dli_fname.is_null() {
        return;
    }
    // SAFETY: dladdr gives the NUL-terminated name under which the library was loaded.
    let name = unsafe { CStr::from_ptr(info.dli_fname) };
    let flags = libc::RTLD_NOW | libc::RTLD_NOLOAD | libc::RTLD_GLOBAL;
    // SAFETY: RTLD_NOLOAD runs no code; the name is NUL-terminated.
    let handle = unsafe { libc::dlopen(name.as_ptr(), flags) };
    if !handle.is_null() {
        // The promotion outlasts the handle; keeping the reference would keep the library for ever.
        // SAFETY: the handle is ours, and the caller's own reference keeps the library loaded.
        unsafe { libc::dlclose(handle) };
    }
}
