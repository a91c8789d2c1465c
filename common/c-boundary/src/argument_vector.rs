//! The argument vector of a module.

use std::ffi::{CString, c_char, c_int};
use std::ptr;

/// An argument vector with stable addresses, closed by NULL. Modules keep pointers into it.
#[derive(Debug)]
pub struct ArgumentVector {
    pointers: Vec<*mut c_char>,
    _strings: Vec<CString>,
}

// SAFETY: the pointers lead to the strings beside them, which move with the vector.
unsafe impl Send for ArgumentVector {}
// SAFETY: as above; through a shared reference nothing is written.
unsafe impl Sync for ArgumentVector {}

impl ArgumentVector {
    /// The vector of these strings.
    #[must_use]
    pub fn new(strings: Vec<CString>) -> Self {
        let mut pointers: Vec<*mut c_char> = strings
            .iter()
            .map(|text| text.as_ptr().cast_mut())
            .collect();
        pointers.push(ptr::null_mut());
        Self {
            pointers,
            _strings: strings,
        }
    }

    /// The number of strings.
    #[must_use]
    pub fn count(&self) -> c_int {
        c_int::try_from(self.pointers.len() - 1).unwrap_or(c_int::MAX)
    }

    /// The address of the first pointer; the same as long as the vector lives.
    #[must_use]
    pub fn as_ptr(&self) -> *mut *mut c_char {
        self.pointers.as_ptr().cast_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_ends_with_null_and_keeps_its_address_when_it_moves() {
        let vector = ArgumentVector::new(vec![c"a".to_owned(), c"b".to_owned()]);
        let address = vector.as_ptr();
        let moved = Box::new(vector);
        assert_eq!((moved.count(), moved.as_ptr()), (2, address));
        // SAFETY: two strings and a NULL.
        assert!(unsafe { *address.add(2) }.is_null());
    }
}
