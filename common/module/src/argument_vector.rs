//! The argument vector of `plugin_initialize`.

use std::ffi::{CStr, c_char, c_int};
use std::slice;

/// The path of the module and the words after it. What is missing is empty: hosts have been seen to
/// count wrongly.
///
/// # Safety
/// `argv` is NULL or an array of `argc` elements, each NULL or a C string, that live through `'a`.
#[must_use]
pub unsafe fn argument_vector<'a>(
    argc: c_int,
    argv: *const *mut c_char,
) -> (&'a CStr, Vec<&'a CStr>) {
    let count = usize::try_from(argc).unwrap_or(0);
    let elements: &'a [*mut c_char] = if argv.is_null() {
        &[]
    } else {
        // SAFETY: the caller's promise.
        unsafe { slice::from_raw_parts(argv, count) }
    };
    let mut words = elements
        .iter()
        .take_while(|word| !word.is_null())
        .map(|&word| {
            // SAFETY: not NULL, so a C string that lives through 'a.
            unsafe { CStr::from_ptr(word) }
        });
    let path = words.next().unwrap_or_default();
    (path, words.collect())
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;

    fn words_of(argc: c_int, argv: *const *mut c_char) -> (String, Vec<String>) {
        // SAFETY: the tests below pass arrays of argc elements.
        let (path, words) = unsafe { argument_vector(argc, argv) };
        let text = |word: &CStr| word.to_string_lossy().into_owned();
        (text(path), words.into_iter().map(text).collect())
    }

    #[test]
    fn the_first_word_is_the_path_of_the_module() {
        let argv = [
            c"/m.mod".as_ptr().cast_mut(),
            c"-a".as_ptr().cast_mut(),
            c"b".as_ptr().cast_mut(),
            ptr::null_mut(),
        ];
        assert_eq!(
            words_of(3, argv.as_ptr()),
            ("/m.mod".to_owned(), vec!["-a".to_owned(), "b".to_owned()])
        );
    }

    #[test]
    fn a_null_vector_and_a_silly_count_are_no_words() {
        assert_eq!(words_of(3, ptr::null()), (String::new(), vec![]));
        assert_eq!(
            words_of(-1, [c"x".as_ptr().cast_mut()].as_ptr()),
            (String::new(), vec![])
        );
        assert_eq!(
            words_of(2, [ptr::null_mut(), c"x".as_ptr().cast_mut()].as_ptr()),
            (String::new(), vec![])
        );
    }
}
