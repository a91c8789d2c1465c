//! Memory that crosses the C boundary: views of what callers pass in, and copies that callers
//! release with `free()`.

use std::ffi::CStr;
use std::ptr;

use libc::c_char;

/// `malloc` found no memory.
#[derive(Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// The bytes of a caller's string without the closing NUL; `None` for NULL.
///
/// # Safety
/// `text` is NULL or points to a NUL-terminated string that stays unchanged for `'a`.
#[must_use]
pub unsafe fn bytes<'a>(text: *const c_char) -> Option<&'a [u8]> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not NULL, and the caller vouches for the rest.
    Some(unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// A `malloc`ed array of plain values that is freed unless it is given away. May be NULL.
#[derive(Debug)]
pub struct Malloced<T: Copy>(*mut T);

impl<T: Copy> Malloced<T> {
    /// A copy of `values`; NULL if there are none.
    ///
    /// # Errors
    /// [`OutOfMemory`] if `malloc` fails.
    pub fn list(values: &[T]) -> Result<Self, OutOfMemory> {
        if values.is_empty() {
            return Ok(Self(ptr::null_mut()));
        }
        let copy = Self::room(values.len())?;
        // SAFETY: `room` gave space for as many values, and fresh memory overlaps nothing.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr(), copy.0, values.len()) };
        Ok(copy)
    }

    /// Uninitialised space for `count` values, `count` > 0.
    fn room(count: usize) -> Result<Self, OutOfMemory> {
        let size = count.checked_mul(size_of::<T>()).ok_or(OutOfMemory)?;
        // SAFETY: malloc takes any size.
        let room = unsafe { libc::malloc(size) };
        if room.is_null() {
            return Err(OutOfMemory);
        }
        Ok(Self(room.cast()))
    }

    /// Gives the array away; the receiver frees it with `free()`.
    #[must_use]
    pub fn into_raw(self) -> *mut T {
        let array = self.0;
        std::mem::forget(self);
        array
    }
}

impl Malloced<c_char> {
    /// A NUL-terminated copy of `text`; NULL for `None`.
    ///
    /// # Errors
    /// [`OutOfMemory`] if `malloc` fails.
    pub fn text(text: Option<&[u8]>) -> Result<Self, OutOfMemory> {
        let Some(text) = text else {
            return Ok(Self(ptr::null_mut()));
        };
        let copy = Self::room(text.len().checked_add(1).ok_or(OutOfMemory)?)?;
        // SAFETY: `room` gave one byte more than `text` has, and fresh memory overlaps nothing.
        unsafe {
            ptr::copy_nonoverlapping(text.as_ptr().cast(), copy.0, text.len());
            *copy.0.add(text.len()) = 0;
        }
        Ok(copy)
    }
}

impl<T: Copy> Drop for Malloced<T> {
    fn drop(&mut self) {
        // SAFETY: the array came from malloc and nobody else has it; free ignores NULL.
        unsafe { libc::free(self.0.cast()) };
    }
}

/// Frees what `place` points to and sets it NULL.
///
/// # Safety
/// `*place` is NULL or came from `malloc`, and no other pointer to it is used afterwards.
pub unsafe fn free_and_clear<T>(place: &mut *mut T) {
    // SAFETY: the caller vouches for the origin of the pointer; free ignores NULL.
    unsafe { libc::free(place.cast()) };
    *place = ptr::null_mut();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_copied_with_its_end() {
        let copy = Malloced::text(Some(b"abc")).unwrap();
        // SAFETY: the copy is a NUL-terminated string that lives to the end of the test.
        assert_eq!(unsafe { bytes(copy.0) }, Some(&b"abc"[..]));
    }

    #[test]
    fn an_empty_text_differs_from_none() {
        let copy = Malloced::text(Some(b"")).unwrap();
        // SAFETY: as above.
        assert_eq!(unsafe { bytes(copy.0) }, Some(&b""[..]));
        assert!(Malloced::text(None).unwrap().0.is_null());
    }

    #[test]
    fn a_list_is_copied_and_an_empty_list_is_null() {
        let copy = Malloced::list(&[1_u32, 2, 3]).unwrap();
        // SAFETY: three values were copied.
        assert_eq!(unsafe { std::slice::from_raw_parts(copy.0, 3) }, [1, 2, 3]);
        assert!(Malloced::<u32>::list(&[]).unwrap().0.is_null());
    }

    #[test]
    fn a_size_beyond_the_address_space_is_out_of_memory() {
        assert_eq!(
            Malloced::<u64>::room(usize::MAX / 2).unwrap_err(),
            OutOfMemory
        );
    }

    #[test]
    fn freeing_clears_the_pointer() {
        let mut raw = Malloced::text(Some(b"x")).unwrap().into_raw();
        // SAFETY: `raw` came from malloc and is used nowhere else.
        unsafe { free_and_clear(&mut raw) };
        assert!(raw.is_null());
    }
}
