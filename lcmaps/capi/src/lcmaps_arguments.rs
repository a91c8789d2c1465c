//! `lcmaps_arguments.h`: finding, reading and setting the run arguments of a module.

use std::ptr;

use lcmaps_sys::lcmaps_argument_t;
use libc::{c_char, c_int, c_void};

use crate::c_memory::bytes;
use crate::guard::guard;

/// Number of elements of a list in front of the one without a name.
///
/// # Returns
/// The number; 0 for NULL.
///
/// # Safety
/// - `argvx`: NULL, or a list that ends with an element whose `argName` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_cntArgs(argvx: *mut lcmaps_argument_t) -> c_int {
    guard("lcmaps_cntArgs", 0, || {
        // SAFETY: the list ends itself by contract.
        let count = unsafe { elements(argvx, usize::MAX) }.count();
        c_int::try_from(count).unwrap_or(c_int::MAX)
    })
}

/// Index of the first element with this name.
///
/// # Returns
/// The index, or -1 if there is none or an argument is NULL.
///
/// # Safety
/// - `argName`: NULL or a string; only read.
/// - `argvx`: NULL, or a list of `argcx` elements; one without a name ends it earlier. Only read.
#[unsafe(no_mangle)]
#[allow(non_snake_case)]
pub unsafe extern "C" fn lcmaps_findArgName(
    argName: *const c_char,
    argcx: c_int,
    argvx: *mut lcmaps_argument_t,
) -> c_int {
    guard("lcmaps_findArgName", -1, || {
        // SAFETY: a string or NULL by contract.
        let Some(name) = (unsafe { bytes(argName) }) else {
            return -1;
        };
        // SAFETY: `argcx` elements by contract, whose names are strings.
        let found = unsafe { elements(argvx, length(argcx)) }
            .position(|argument| unsafe { bytes((*argument).argName) } == Some(name));
        as_index(found)
    })
}

/// Index of the first element with this name and this type.
///
/// # Returns
/// The index, or -1 if there is none or an argument is NULL.
///
/// # Safety
/// - `argName`, `argType`: NULL or a string; only read.
/// - `argvx`: NULL, or a list of `argcx` elements; one without a name ends it earlier. Only read.
#[unsafe(no_mangle)]
#[allow(non_snake_case)]
pub unsafe extern "C" fn lcmaps_findArgNameAndType(
    argName: *const c_char,
    argType: *const c_char,
    argcx: c_int,
    argvx: *mut lcmaps_argument_t,
) -> c_int {
    guard("lcmaps_findArgNameAndType", -1, || {
        // SAFETY: what the caller vouches for.
        as_index(unsafe { find(argName, argType, argcx, argvx) }.map(|(index, _)| index))
    })
}

/// Value of the first element with this name and this type.
///
/// # Returns
/// The element's value pointer, which belongs to the list; NULL if there is no such element.
///
/// # Safety
/// - `argName`, `argType`: NULL or a string; only read.
/// - `argvx`: NULL, or a list of `argcx` elements; one without a name ends it earlier. Only read.
#[unsafe(no_mangle)]
#[allow(non_snake_case)]
pub unsafe extern "C" fn lcmaps_getArgValue(
    argName: *const c_char,
    argType: *const c_char,
    argcx: c_int,
    argvx: *mut lcmaps_argument_t,
) -> *mut c_void {
    guard("lcmaps_getArgValue", ptr::null_mut(), || {
        // SAFETY: what the caller vouches for; an element that was found can be read.
        unsafe { find(argName, argType, argcx, argvx).map(|(_, argument)| (*argument).value) }
            .unwrap_or(ptr::null_mut())
    })
}

/// Sets the value of the first element with this name and this type.
///
/// # Returns
/// 0, or -1 if there is no such element or an argument is NULL.
///
/// # Safety
/// - `argName`, `argType`: NULL or a string; only read.
/// - `value`: stored as it is; must stay valid as long as the list is used.
/// - `argvx`: NULL, or a pointer to a list of `argcx` elements or to NULL; one without a name ends
///   the list earlier.
#[unsafe(no_mangle)]
#[allow(non_snake_case)]
pub unsafe extern "C" fn lcmaps_setArgValue(
    argName: *const c_char,
    argType: *const c_char,
    value: *mut c_void,
    argcx: c_int,
    argvx: *mut *mut lcmaps_argument_t,
) -> c_int {
    guard("lcmaps_setArgValue", -1, || {
        if argvx.is_null() {
            return -1;
        }
        // SAFETY: `argvx` is not NULL; the rest is what the caller vouches for.
        match unsafe { find(argName, argType, argcx, *argvx) } {
            Some((_, argument)) => {
                // SAFETY: an element that was found can be written.
                unsafe { (*argument).value = value };
                0
            }
            None => -1,
        }
    })
}

/// First element with this name and type, and its index.
///
/// # Safety
/// As for [`lcmaps_getArgValue`].
unsafe fn find(
    name: *const c_char,
    ty: *const c_char,
    count: c_int,
    list: *mut lcmaps_argument_t,
) -> Option<(usize, *mut lcmaps_argument_t)> {
    // SAFETY: strings or NULL by contract.
    let (name, ty) = unsafe { (bytes(name)?, bytes(ty)?) };
    // SAFETY: `count` elements by contract, whose names and types are strings or NULL.
    unsafe { elements(list, length(count)) }
        .enumerate()
        .find(|(_, argument)| unsafe {
            bytes((**argument).argName) == Some(name) && bytes((**argument).argType) == Some(ty)
        })
}

/// The elements of a list: at most `count`, and none from the first without a name on.
///
/// # Safety
/// `list` is NULL, or has `count` elements or an element without a name before that.
unsafe fn elements(
    list: *mut lcmaps_argument_t,
    count: usize,
) -> impl Iterator<Item = *mut lcmaps_argument_t> {
    let count = if list.is_null() { 0 } else { count };
    (0..count)
        // SAFETY: the elements up to the end are there, and `take_while` asks for none behind it.
        .map(move |index| unsafe { list.add(index) })
        // SAFETY: as above.
        .take_while(|argument| unsafe { !(**argument).argName.is_null() })
}

/// A caller's count; a negative one is 0.
fn length(count: c_int) -> usize {
    usize::try_from(count).unwrap_or(0)
}

/// An index as C code sees it.
fn as_index(index: Option<usize>) -> c_int {
    index
        .and_then(|index| c_int::try_from(index).ok())
        .unwrap_or(-1)
}
