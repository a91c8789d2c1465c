//! Words for a caller's array.

use std::ptr;

use lc_configuration::{TokenizeError, tokenize};
use libc::{c_char, c_int};

use crate::memory::{Malloced, bytes};

/// Splits a string into a caller's array, as `lcas_tokenize` and `lcmaps_tokenize` do.
///
/// # Returns
/// 0 on success: `args` holds `*n` words and a closing NULL. Otherwise `args` holds `*n` words
/// without the NULL, and the result is -1 (memory ran out), -2 (more words than fit), -3 (a quote
/// is not closed) or -4 (`args`, `n` or `separators` is NULL; nothing is stored).
///
/// # Safety
/// - `text`: NULL (no words) or a string; only read.
/// - `args`: NULL or space for `*n` pointers, the closing NULL included. Each word stored is
///   released by the caller with `free()`, after a failure too.
/// - `n`: NULL, or the size of `args`; receives the number of words.
/// - `separators`: NULL or a string of the bytes that separate words; only read.
pub unsafe fn fill(
    text: *const c_char,
    args: *mut *mut c_char,
    n: *mut c_int,
    separators: *const c_char,
) -> c_int {
    // SAFETY: strings or NULL by contract.
    let (text, separators) = unsafe { (bytes(text).unwrap_or_default(), bytes(separators)) };
    // SAFETY: NULL or a number that nobody else uses during the call.
    let (Some(separators), Some(n), false) = (separators, unsafe { n.as_mut() }, args.is_null())
    else {
        return -4;
    };
    let size = usize::try_from(*n).unwrap_or(0);
    *n = 0;
    let Some(room) = size.checked_sub(1) else {
        return -2;
    };
    let (words, code) = match tokenize(text, separators, room) {
        Ok(words) => (words, 0),
        Err(TokenizeError::TooMany(words)) => (words, -2),
        Err(TokenizeError::UnmatchedQuote(words)) => (words, -3),
    };
    for (index, word) in words.iter().enumerate() {
        let Ok(copy) = Malloced::text(Some(word)) else {
            return -1;
        };
        // SAFETY: there are at most `room` words, and `args` has space for one pointer more.
        unsafe { *args.add(index) = copy.into_raw() };
        *n += 1;
    }
    if code == 0 {
        // SAFETY: as above; this is the last place at the most.
        unsafe { *args.add(words.len()) = ptr::null_mut() };
    }
    code
}
