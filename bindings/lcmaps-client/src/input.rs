//! Texts on their way to C. The C interface takes `char *`, so each text gets a buffer of its own that may be written to.

use std::ffi::c_char;
use std::ptr;

use libc::c_int;

use crate::Error;

/// A NUL-terminated text.
pub(crate) struct CText(Vec<u8>);

impl CText {
    /// Copies `text`; `what` names it in the error.
    pub(crate) fn new(what: &'static str, text: impl AsRef<[u8]>) -> Result<Self, Error> {
        let text = text.as_ref();
        if text.contains(&0) {
            return Err(Error::NulByte { what });
        }
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text);
        bytes.push(0);
        Ok(Self(bytes))
    }

    pub(crate) fn as_mut_ptr(&mut self) -> *mut c_char {
        self.0.as_mut_ptr().cast()
    }
}

/// A text that may be absent (NULL).
pub(crate) fn optional_ptr(text: Option<&mut CText>) -> *mut c_char {
    text.map_or(ptr::null_mut(), CText::as_mut_ptr)
}

/// A list of texts as C passes it: an array of pointers and a count. Empty lists are NULL and 0.
pub(crate) struct CTextList {
    // The pointers point into these buffers, which do not move when the Vec does.
    _texts: Vec<CText>,
    pointers: Vec<*mut c_char>,
    count: c_int,
}

impl CTextList {
    /// Copies `texts`; `what` names one of them in the error.
    pub(crate) fn new(what: &'static str, texts: &[&str]) -> Result<Self, Error> {
        let count = c_int::try_from(texts.len()).map_err(|_| Error::TooLarge { what })?;
        let mut texts = texts
            .iter()
            .map(|text| CText::new(what, text))
            .collect::<Result<Vec<_>, _>>()?;
        let pointers = texts.iter_mut().map(CText::as_mut_ptr).collect();
        Ok(Self {
            _texts: texts,
            pointers,
            count,
        })
    }

    pub(crate) fn count(&self) -> c_int {
        self.count
    }

    pub(crate) fn as_mut_ptr(&mut self) -> *mut *mut c_char {
        if self.pointers.is_empty() {
            ptr::null_mut()
        } else {
            self.pointers.as_mut_ptr()
        }
    }
}

/// A map counter as C passes it: -1 stands for none.
pub(crate) fn map_counter(counter: Option<u32>) -> Result<c_int, Error> {
    match counter {
        None => Ok(-1),
        Some(n) => c_int::try_from(n).map_err(|_| Error::TooLarge {
            what: "the map counter",
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_with_a_nul_byte_is_refused_and_named() {
        let refused = CText::new("the DN", "/CN=a\0/CN=root")
            .err()
            .map(|e| e.to_string());
        assert_eq!(refused.as_deref(), Some("the DN contains a NUL byte"));
        assert!(CTextList::new("an FQAN", &["/vo", "/v\0o"]).is_err());
    }

    #[test]
    fn an_empty_list_is_null_and_zero() -> Result<(), Error> {
        let mut none = CTextList::new("an FQAN", &[])?;
        assert!(none.as_mut_ptr().is_null());
        assert_eq!(none.count(), 0);
        Ok(())
    }

    #[test]
    fn no_counter_is_minus_one_and_a_huge_one_an_error() {
        assert_eq!(map_counter(None).ok(), Some(-1));
        assert_eq!(map_counter(Some(7)).ok(), Some(7));
        assert!(map_counter(Some(u32::MAX)).is_err());
    }

    proptest! {
        #[test]
        fn c_reads_every_list_back_as_it_was(texts in prop::collection::vec("[^\0]{0,20}", 0..6)) {
            let slices: Vec<&str> = texts.iter().map(String::as_str).collect();
            let mut list = CTextList::new("an FQAN", &slices).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let count = usize::try_from(list.count()).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(count, texts.len());
            let pointers = list.as_mut_ptr();
            for (i, text) in texts.iter().enumerate() {
                // SAFETY: the list has `count` NUL-terminated texts and is alive.
                let back = unsafe { CStr::from_ptr(*pointers.add(i)) };
                prop_assert_eq!(back.to_bytes(), text.as_bytes());
            }
        }
    }
}
