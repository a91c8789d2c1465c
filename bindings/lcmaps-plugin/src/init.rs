//! What a module learns when it is initialised.

use std::ffi::CStr;
use std::slice;

use libc::{c_char, c_int};

use crate::{Logger, Version, Words, host};

/// The configuration of one instance of a module.
#[derive(Debug)]
pub struct Init<'a> {
    log: Logger,
    path: &'a CStr,
    words: Vec<&'a CStr>,
}

impl<'a> Init<'a> {
    /// Reads the argument vector that the host passes.
    ///
    /// # Safety
    /// `argv` is NULL or an array of `argc` elements, each NULL or a C string, that live through `'a`.
    pub(crate) unsafe fn from_c(log: Logger, argc: c_int, argv: *const *mut c_char) -> Self {
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
        Self {
            log,
            path,
            words: words.collect(),
        }
    }

    /// The words after the module's name in the policy file.
    #[must_use]
    pub fn words(&self) -> Words<'_> {
        Words::new(&self.words)
    }

    /// The path of the module's file as the host found it.
    #[must_use]
    pub fn module_path(&self) -> &'a CStr {
        self.path
    }

    /// The version of the host, `None` when it cannot tell.
    #[must_use]
    pub fn host_version(&self) -> Option<Version> {
        host::version()
    }

    /// The log of the host.
    #[must_use]
    pub fn log(&self) -> Logger {
        self.log
    }
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;
    use crate::logger::Entry;

    fn words_of(argc: c_int, argv: *const *mut c_char) -> (String, Vec<String>) {
        let log = Logger::new("m", Entry::Initialize);
        // SAFETY: the tests below pass arrays of argc elements.
        let init = unsafe { Init::from_c(log, argc, argv) };
        let text = |word: &CStr| word.to_string_lossy().into_owned();
        (text(init.module_path()), init.words().map(text).collect())
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
