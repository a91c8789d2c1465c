//! `lcmaps_utils.h`: file names, words, groups of an account.

use std::ffi::CStr;
use std::ptr;

use lc_c_boundary::word_list;
use lc_log::Level;
use libc::{c_char, c_int, gid_t};

use crate::c_memory::{Malloced, bytes};
use crate::file_name;
use crate::guard::guard;
use crate::logging::log;

/// Builds a file name: `path`, behind `prefix` if it is relative, with `suffix` as a further part.
///
/// NULL counts as an empty string. A slash is put between two parts where neither brings one.
///
/// # Returns
/// The name, to be released with `free()`; NULL if memory ran out.
///
/// # Safety
/// - `prefix`, `path`, `suffix`: NULL or a string; only read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_genfilename(
    prefix: *const c_char,
    path: *const c_char,
    suffix: *const c_char,
) -> *mut c_char {
    guard("lcmaps_genfilename", ptr::null_mut(), || {
        // SAFETY: strings or NULL by contract.
        let [prefix, path, suffix] =
            [prefix, path, suffix].map(|part| unsafe { bytes(part) }.unwrap_or_default());
        Malloced::text(Some(&file_name::join(prefix, path, suffix)))
            .map_or(ptr::null_mut(), Malloced::into_raw)
    })
}

/// Splits a string into words.
///
/// A double quote at the start of a word protects separators up to the next double quote; text
/// directly behind it starts another word. A quote inside a word is an ordinary character.
///
/// # Returns
/// 0 on success: `args` holds `*n` words and a closing NULL. Otherwise `args` holds `*n` words
/// without the NULL, and the result is -1 (memory ran out), -2 (more words than fit), -3 (a quote
/// is not closed) or -4 (`args`, `n` or `sep` is NULL; nothing is stored).
///
/// # Safety
/// - `cmd`: NULL (no words) or a string; only read.
/// - `args`: NULL or space for `*n` pointers, the closing NULL included. Each word stored is
///   released by the caller with `free()`, after a failure too.
/// - `n`: NULL, or the size of `args`; receives the number of words.
/// - `sep`: NULL or a string of the bytes that separate words; only read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_tokenize(
    cmd: *const c_char,
    args: *mut *mut c_char,
    n: *mut c_int,
    sep: *const c_char,
) -> c_int {
    guard("lcmaps_tokenize", -1, || {
        // SAFETY: the same contract.
        unsafe { word_list::fill(cmd, args, n, sep) }
    })
}

/// Finds the groups of an account, its primary group included.
///
/// # Returns
/// 0 on success; 1 if there is no such account, the groups cannot be read or an argument is NULL;
/// -1 if memory ran out. Nothing is stored after a failure.
///
/// # Safety
/// - `username`: NULL or a string; only read.
/// - `ngroups`: NULL or a place for the number of groups.
/// - `group_list`: NULL or a place for the list, which the caller releases with `free()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_get_gidlist(
    username: *const c_char,
    ngroups: *mut c_int,
    group_list: *mut *mut gid_t,
) -> c_int {
    guard("lcmaps_get_gidlist", 1, || {
        if username.is_null() || ngroups.is_null() || group_list.is_null() {
            return 1;
        }
        // SAFETY: not NULL, and a string by contract.
        let name = unsafe { CStr::from_ptr(username) };
        let groups: Vec<gid_t> = match lc_os::account_by_name(name)
            .and_then(|account| account.map(|account| account.groups()).transpose())
        {
            Ok(Some(groups)) => groups.into_iter().map(lc_os::Gid::as_raw).collect(),
            Ok(None) => return 1,
            Err(e) => {
                log(Level::Error, &format!("lcmaps_get_gidlist(): {e}"));
                return 1;
            }
        };
        let (Ok(count), Ok(list)) = (c_int::try_from(groups.len()), Malloced::list(&groups)) else {
            return -1;
        };
        // SAFETY: neither is NULL, and both are places to write to by contract.
        unsafe {
            *ngroups = count;
            *group_list = list.into_raw();
        }
        0
    })
}
