//! What callers pass in, checked and turned into values. Errors are reasons for refusing the run.

use std::ffi::{CStr, CString, c_char, c_int};
use std::slice;

use lcmaps_core::Selection;

/// Longest name in bytes: far more than any certificate has, little enough to look up at once.
const LONGEST_NAME: usize = 64 << 10;

/// A name that has to be there.
///
/// # Errors
/// For NULL, and for a text that is no name by its length.
///
/// # Safety
/// `text` is NULL or a NUL-terminated string.
pub unsafe fn required(text: *const c_char, what: &str) -> Result<CString, String> {
    if text.is_null() {
        return Err(format!("{what} empty: the caller passed none"));
    }
    // SAFETY: not NULL, and the caller vouches for the rest.
    let text = unsafe { CStr::from_ptr(text) };
    if text.count_bytes() > LONGEST_NAME {
        return Err(format!("{what} is longer than {LONGEST_NAME} bytes"));
    }
    Ok(text.to_owned())
}

/// A string that may be missing.
///
/// # Safety
/// `text` is NULL or a NUL-terminated string.
#[must_use]
pub unsafe fn optional(text: *const c_char) -> Option<CString> {
    // SAFETY: not NULL, and the caller vouches for the rest.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_owned())
}

/// A counted list of strings. No list, or a count below 1, is an empty list.
///
/// # Errors
/// For a count without a list and for elements that are NULL: guessing could grant too much.
///
/// # Safety
/// `list` is NULL or points to `count` pointers, each NULL or a NUL-terminated string.
unsafe fn strings(
    list: *const *mut c_char,
    count: c_int,
    what: &str,
) -> Result<Vec<CString>, String> {
    let count = usize::try_from(count).unwrap_or(0);
    if count == 0 {
        return Ok(Vec::new());
    }
    if list.is_null() {
        return Err(format!("{count} {what} announced, but the list is NULL"));
    }
    // SAFETY: the caller vouches for the number of elements.
    let list = unsafe { slice::from_raw_parts(list, count) };
    let mut texts = Vec::with_capacity(list.len());
    for (index, &text) in list.iter().enumerate() {
        // SAFETY: the caller vouches for the elements.
        let text = unsafe { optional(text) };
        texts.push(text.ok_or_else(|| format!("element {index} of the list of {what} is NULL"))?);
    }
    Ok(texts)
}

/// The FQANs of the FQAN interfaces. Without a list there are none, whatever the count says.
///
/// # Errors
/// See [`strings`].
///
/// # Safety
/// As for [`strings`].
pub unsafe fn fqans(list: *const *mut c_char, count: c_int) -> Result<Vec<CString>, String> {
    if list.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: the caller keeps the same promises.
    unsafe { strings(list, count, "FQANs") }
}

/// The policies that the caller selects; none means all.
///
/// # Errors
/// A count without names is refused: it must not turn into "all".
///
/// # Safety
/// As for [`strings`].
pub unsafe fn selection(names: *const *mut c_char, count: c_int) -> Result<Selection, String> {
    // SAFETY: the caller keeps the same promises.
    let names = unsafe { strings(names, count, "policy names") }?;
    Ok(Selection::of(
        names.into_iter().map(CString::into_bytes).collect(),
    ))
}
