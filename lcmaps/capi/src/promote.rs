//! Makes the library's symbols visible to the modules it loads.
//!
//! Modules leave `lcmaps_log`, `addCredentialData`, … undefined. They resolve when the program linked
//! the library or opened it RTLD_GLOBAL. A program that used RTLD_LOCAL gets it promoted here.

use std::ffi::CStr;
use std::mem::MaybeUninit;

use lc_log::Level;
use libc::c_void;

use crate::logging;

/// What modules would find under the names they need.
enum Visible {
    Ours,
    Nothing,
    SomebodyElses,
}

/// Ensures that modules opened from now on find this library.
pub fn ensure_visible() {
    match visible() {
        Visible::Ours => {}
        Visible::Nothing => {
            promote();
            if !matches!(visible(), Visible::Ours) {
                logging::log(
                    Level::Warning,
                    "liblcmaps was opened with RTLD_LOCAL and cannot make itself visible to modules: \
                     open it with RTLD_NOW|RTLD_GLOBAL",
                );
            }
        }
        Visible::SomebodyElses => logging::log(
            Level::Warning,
            "another LCMAPS library is loaded in this process: modules will talk to that one, and \
             mappings will find no account",
        ),
    }
}

fn own_address() -> *const c_void {
    crate::lcmaps_cred_data::addCredentialData as *const c_void
}

fn visible() -> Visible {
    let found = in_global_scope(c"addCredentialData");
    if found.is_null() {
        return Visible::Nothing;
    }
    // A program that was linked against the library may see its own PLT entry; the file tells.
    if found.cast_const() == own_address()
        || file_base(found.cast_const()) == file_base(own_address())
    {
        Visible::Ours
    } else {
        Visible::SomebodyElses
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
fn promote() {
    let Some(info) = info(own_address()) else {
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
