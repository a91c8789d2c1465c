//! The database as a list in C. The original exports these without declaring them anywhere, and no
//! caller is known; the library itself does not use them.

use std::ffi::c_char;
use std::ptr;
use std::sync::{Mutex, PoisonError};

use lc_c_boundary::memory::bytes;
use lcas_core::Database;
use lcas_sys::lcas_db_entry_t;
use libc::c_int;

use crate::config;
use crate::guard::guard;
use crate::logging::log;

/// The first entry of the list that `lcas_db_read()` made last.
struct List(*mut lcas_db_entry_t);

// SAFETY: an address; the entries are malloc'ed, and the lock around the list lets one thread in.
unsafe impl Send for List {}

static LIST: Mutex<List> = Mutex::new(List(ptr::null_mut()));

/// Reads a database into a list; the list before it is freed.
///
/// # Returns
/// The place of the first entry, which is valid until the next call of this function or of
/// `lcas_db_clean()`; NULL if the file cannot be read.
///
/// # Safety
/// - `path`: NULL or a string; only read.
/// - Nobody uses an earlier list meanwhile.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_db_read(path: *mut c_char) -> *mut *mut lcas_db_entry_t {
    guard("lcas_db_read", ptr::null_mut(), || {
        // SAFETY: NULL or a string by contract.
        let Some(name) = (unsafe { bytes(path) }) else {
            return ptr::null_mut();
        };
        let file = config::to_path(name.to_vec());
        let shown = file.display().to_string();
        let read = lc_c_boundary::file::read(&file).map_err(|e| format!("{shown}: {e}"));
        let database =
            read.and_then(|text| Database::parse(&text).map_err(|e| e.in_file(&shown).to_string()));
        let database = match database {
            Ok(database) => database,
            Err(reason) => {
                log(0, &format!("lcas.mod-lcas_db_read(): {reason}"));
                return ptr::null_mut();
            }
        };
        let mut list = LIST.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: our own list, and nobody uses it by contract.
        unsafe { free_list(&raw mut list.0) };
        for entry in &database.entries {
            let Some(new) = filled(&entry.name, &entry.arguments) else {
                log(
                    0,
                    "lcas.mod-lcas_db_read(): an entry is too long, or memory ran out",
                );
                // SAFETY: as above.
                unsafe { free_list(&raw mut list.0) };
                return ptr::null_mut();
            };
            // SAFETY: our own list.
            unsafe { append(&raw mut list.0, new) };
        }
        &raw mut list.0
    })
}

/// Appends a copy of an entry to a list.
///
/// # Returns
/// The new entry, which belongs to the list; NULL if an argument is NULL or memory ran out.
///
/// # Safety
/// - `list`: NULL, or a place with NULL or the first entry of a list.
/// - `entry`: NULL or an entry; only read.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_db_fill_entry(
    list: *mut *mut lcas_db_entry_t,
    entry: *mut lcas_db_entry_t,
) -> *mut lcas_db_entry_t {
    guard("lcas_db_fill_entry", ptr::null_mut(), || {
        if list.is_null() || entry.is_null() {
            return ptr::null_mut();
        }
        // SAFETY: malloc takes any size.
        let copy = unsafe { libc::malloc(size_of::<lcas_db_entry_t>()) }.cast::<lcas_db_entry_t>();
        if copy.is_null() {
            return ptr::null_mut();
        }
        // SAFETY: fresh memory of the right size, and an entry by contract.
        unsafe {
            copy.write(entry.read());
            append(list, copy);
        }
        copy
    })
}

/// Frees a list and sets its place NULL.
///
/// # Returns
/// 0.
///
/// # Safety
/// - `list`: NULL, or a place with NULL or the first entry of a list of these functions.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_db_clean_list(list: *mut *mut lcas_db_entry_t) -> c_int {
    guard("lcas_db_clean_list", 0, || {
        if !list.is_null() {
            // SAFETY: the caller keeps the same promises.
            unsafe { free_list(list) };
        }
        0
    })
}

/// Frees the list of `lcas_db_read()`.
///
/// # Returns
/// 0.
///
/// # Safety
/// Nobody uses the list meanwhile.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcas_db_clean() -> c_int {
    guard("lcas_db_clean", 0, || {
        let mut list = LIST.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: our own list, and nobody uses it by contract.
        unsafe { free_list(&raw mut list.0) };
        0
    })
}

/// A malloc'ed entry; nothing if a text does not fit or memory ran out.
fn filled(name: &[u8], arguments: &[u8]) -> Option<*mut lcas_db_entry_t> {
    // SAFETY: calloc takes any size.
    let entry = unsafe { libc::calloc(1, size_of::<lcas_db_entry_t>()) }.cast::<lcas_db_entry_t>();
    // SAFETY: NULL, or zeroed memory of the right size, which is an entry.
    let place = unsafe { entry.as_mut() }?;
    if name.len() >= place.pluginname.len() || arguments.len() >= place.pluginargs.len() {
        // SAFETY: allocated above.
        unsafe { libc::free(entry.cast()) };
        return None;
    }
    for (to, from) in place.pluginname.iter_mut().zip(name) {
        *to = from.cast_signed() as c_char;
    }
    for (to, from) in place.pluginargs.iter_mut().zip(arguments) {
        *to = from.cast_signed() as c_char;
    }
    Some(entry)
}

/// # Safety
/// `list` is a place with NULL or the first entry of a list, `new` an entry in no list.
unsafe fn append(list: *mut *mut lcas_db_entry_t, new: *mut lcas_db_entry_t) {
    let mut place = list;
    // SAFETY: the walk goes from entry to entry and ends at the place of NULL.
    unsafe {
        (*new).next = ptr::null_mut();
        while !(*place).is_null() {
            place = &raw mut (**place).next;
        }
        *place = new;
    }
}

/// # Safety
/// `list` is a place with NULL or the first entry of a list of malloc'ed entries.
unsafe fn free_list(list: *mut *mut lcas_db_entry_t) {
    // SAFETY: each entry is read before it is freed, and freed once.
    unsafe {
        while !(*list).is_null() {
            let entry = *list;
            *list = (*entry).next;
            libc::free(entry.cast());
        }
    }
}
