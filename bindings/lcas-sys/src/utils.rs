//! `lcas_utils.h`: the variadic function, which the library implements in C.

use libc::{c_char, c_int};

unsafe extern "C" {
    /// Picks the first existing file of `n` paths.
    ///
    /// # Returns
    /// One of the pointers that were passed, or NULL if none of the files exists.
    pub fn lcas_getfexist(n: c_int, ...) -> *mut c_char;
}
