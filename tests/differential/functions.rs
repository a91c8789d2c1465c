//! Helper functions, both libraries in this process.
//!
//! Avoided: NULL and sizes below one, which crash the original.

use std::ffi::{CStr, CString, c_char, c_int};
use std::path::Path;
use std::ptr;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use proptest::prelude::*;
use support::{original_library, our_library, skip};

use crate::cases;

type GenerateFileName =
    unsafe extern "C" fn(*const c_char, *const c_char, *const c_char) -> *mut c_char;
type Tokenize =
    unsafe extern "C" fn(*const c_char, *mut *mut c_char, *mut c_int, *const c_char) -> c_int;
type StringVoData = unsafe extern "C" fn(*const [*const c_char; 5], *mut c_char, c_int) -> c_int;

/// A library, closed at the end of the test.
struct Functions(Library);

impl Functions {
    fn open(path: &Path) -> Self {
        // SAFETY: neither library does anything when it is loaded.
        Self(unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.expect("the library"))
    }

    fn get<T: Copy>(&self, name: &str) -> T {
        // SAFETY: the callers below name each function with its type.
        *unsafe { self.0.get::<T>(name) }.expect("the function")
    }

    fn file_name(&self, parts: &[CString; 3]) -> Vec<u8> {
        let function: GenerateFileName = self.get("lcmaps_genfilename");
        // SAFETY: three strings; the result is malloc'ed, copied and freed.
        unsafe {
            let name = function(parts[0].as_ptr(), parts[1].as_ptr(), parts[2].as_ptr());
            let copy = CStr::from_ptr(name).to_bytes().to_vec();
            libc::free(name.cast());
            copy
        }
    }

    /// Result, number of words, words, and whether the list is closed.
    fn words(
        &self,
        text: &CStr,
        room: usize,
        separators: &CStr,
    ) -> (c_int, c_int, Vec<Vec<u8>>, bool) {
        let function: Tokenize = self.get("lcmaps_tokenize");
        let unset = ptr::dangling_mut();
        let mut list = vec![unset; room];
        let mut count = c_int::try_from(room).expect("a small number");
        // SAFETY: strings, and a list with `count` places.
        let code = unsafe {
            function(
                text.as_ptr(),
                list.as_mut_ptr(),
                &mut count,
                separators.as_ptr(),
            )
        };
        let stored = usize::try_from(count).expect("a number of words");
        let words = list[..stored].iter().map(|word| {
            // SAFETY: `count` malloc'ed words were stored.
            unsafe {
                let copy = CStr::from_ptr(*word).to_bytes().to_vec();
                libc::free(word.cast());
                copy
            }
        });
        (
            code,
            count,
            words.collect(),
            list.get(stored).is_some_and(|end| end.is_null()),
        )
    }

    /// Result and, on success, the text.
    fn vo_text(&self, parts: &[Option<CString>; 5], room: usize) -> (c_int, Vec<u8>) {
        let function: StringVoData = self.get("lcmaps_stringVoData");
        let data = parts
            .each_ref()
            .map(|part| part.as_ref().map_or(ptr::null(), |p| p.as_ptr()));
        let mut buffer = vec![0; room];
        // SAFETY: a structure of five strings or NULL, and a buffer of this size.
        let code = unsafe {
            function(
                &data,
                buffer.as_mut_ptr(),
                c_int::try_from(room).expect("a small number"),
            )
        };
        let text = buffer
            .iter()
            .take_while(|byte| **byte != 0)
            .map(|byte| byte.cast_unsigned());
        (
            code,
            if code == 0 {
                text.collect()
            } else {
                Vec::new()
            },
        )
    }
}

/// Opens both libraries or ends the test.
macro_rules! both {
    () => {{
        let Some(original) = original_library() else {
            skip!("the original is not installed");
        };
        (Functions::open(&original), Functions::open(&our_library()))
    }};
}

fn text(pattern: &str) -> impl Strategy<Value = CString> + use<> {
    proptest::string::string_regex(pattern)
        .expect("a pattern")
        .prop_map(|text| CString::new(text).expect("no NUL"))
}

#[test]
fn file_names_are_built_alike() {
    let (original, ours) = both!();
    let part = || text("[/ab. ]{0,4}");
    proptest!(cases(2000), |(prefix in part(), path in part(), suffix in part())| {
        let parts = [prefix, path, suffix];
        prop_assert_eq!(original.file_name(&parts), ours.file_name(&parts));
    });
}

#[test]
fn words_are_split_alike() {
    let (original, ours) = both!();
    proptest!(cases(2000), |(
        line in text("[ab \":\t\\\\]{0,14}"),
        room in 1..6_usize,
        separators in text("[ :\ta\"]{0,3}"),
    )| {
        prop_assert_eq!(
            original.words(&line, room, &separators),
            ours.words(&line, room, &separators)
        );
    });
}

#[test]
fn vo_attributes_are_written_alike() {
    let (original, ours) = both!();
    let part = || prop::option::of(text("[ \tNULabc/=]{0,6}"));
    proptest!(cases(2000), |(vo in part(), group in part(), subgroup in part(), role in part(),
                          capability in part(), room in 1..64_usize)| {
        let parts = [vo, group, subgroup, role, capability];
        prop_assert_eq!(original.vo_text(&parts, room), ours.vo_text(&parts, room));
    });
}
