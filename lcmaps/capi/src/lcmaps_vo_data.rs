//! `lcmaps_vo_data.h`: VO attributes and the groups they map to.

use std::ptr;

use lcmaps_sys::vo_data::LCMAPS_NO_GID;
use lcmaps_sys::{lcmaps_vo_data_t, lcmaps_vo_mapping_t};
use libc::{c_char, c_int, gid_t};

use crate::c_memory::{Malloced, OutOfMemory, bytes, free_and_clear};
use crate::guard::guard;
use crate::logging;
use crate::vo_text::{attribute_text, mapping_line, part_line};

/// Makes a VO attribute from its parts.
///
/// # Returns
/// A new structure with copies; free it with `lcmaps_deleteVoData()`. NULL if memory ran out.
///
/// # Safety
/// - `vo`, `group`, `subgroup`, `role`, `capability`: NULL or a string; copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_createVoData(
    vo: *const c_char,
    group: *const c_char,
    subgroup: *const c_char,
    role: *const c_char,
    capability: *const c_char,
) -> *mut lcmaps_vo_data_t {
    guard("lcmaps_createVoData", ptr::null_mut(), || {
        // SAFETY: strings or NULL by contract.
        unsafe { copy_vo_data([vo, group, subgroup, role, capability]) }
            .and_then(|data| boxed(data, free_vo_data))
            .unwrap_or(ptr::null_mut())
    })
}

/// Frees a VO attribute and sets the caller's pointer NULL.
///
/// # Returns
/// 0, also if there is nothing to free; -1 if `vo_data` is NULL.
///
/// # Safety
/// - `vo_data`: NULL, or a pointer to NULL or to a structure from `lcmaps_createVoData()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_deleteVoData(vo_data: *mut *mut lcmaps_vo_data_t) -> c_int {
    guard("lcmaps_deleteVoData", -1, || {
        // SAFETY: NULL or a pointer by contract, to NULL or to a structure.
        unsafe { delete(vo_data, free_vo_data) }
    })
}

/// Frees the parts of a VO attribute and sets them NULL. The structure itself is not freed.
///
/// # Returns
/// 0, or -1 if `vo_data` is NULL.
///
/// # Safety
/// - `vo_data`: NULL, or a structure whose parts are NULL or came from `malloc()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_cleanVoData(vo_data: *mut lcmaps_vo_data_t) -> c_int {
    guard("lcmaps_cleanVoData", -1, || {
        // SAFETY: NULL or a structure that nobody else uses during the call.
        unsafe { vo_data.as_mut() }.map_or(-1, |data| {
            // SAFETY: the parts came from malloc by contract.
            unsafe { free_vo_data(data) };
            0
        })
    })
}

/// Copies a VO attribute with all its parts into a structure of the caller.
///
/// # Returns
/// 0, or -1 if an argument is NULL or memory ran out; the target is not touched then.
///
/// # Safety
/// - `dst_vo_data`: NULL or a structure to overwrite; what it held is not freed. Release the copies
///   with `lcmaps_cleanVoData()`.
/// - `src_vo_data`: NULL or a structure; only read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_copyVoData(
    dst_vo_data: *mut lcmaps_vo_data_t,
    src_vo_data: *const lcmaps_vo_data_t,
) -> c_int {
    guard("lcmaps_copyVoData", -1, || {
        // SAFETY: both are NULL or structures by contract; the parts are strings or NULL.
        unsafe {
            copy_to(dst_vo_data, src_vo_data, |src| {
                copy_vo_data(vo_data_parts(src))
            })
        }
    })
}

/// Logs a VO attribute, one line for each part.
///
/// # Returns
/// 0.
///
/// # Safety
/// - `vo_data`: NULL (nothing is logged) or a structure; only read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_printVoData(
    debug_level: c_int,
    vo_data: *const lcmaps_vo_data_t,
) -> c_int {
    guard("lcmaps_printVoData", 0, || {
        let _ = debug_level;
        // SAFETY: NULL or a structure by contract.
        let Some(data) = (unsafe { vo_data.as_ref() }) else {
            return 0;
        };
        let names = ["VO", "GROUP", "SUBGROUP", "ROLE", "CAPABILITY"];
        for (name, part) in names.into_iter().zip(vo_data_parts(data)) {
            // SAFETY: a string or NULL by contract.
            let part = unsafe { bytes(part) };
            logging::log_message(libc::LOG_DEBUG, &part_line(name, part));
        }
        0
    })
}

/// Writes a VO attribute as text: `/VO=v/GROUP=g[/ROLE=r][/CAPABILITY=c]`.
///
/// Blanks and tabs in front of a part are skipped. A part that is empty or begins with `NULL`
/// counts as missing. The subgroup is never written.
///
/// # Returns
/// 0, or -1 if VO or group is missing, the buffer is too small, or a pointer is NULL; the buffer
/// then holds an empty string, if it has room for one.
///
/// # Safety
/// - `vo_data`: NULL or a structure; only read.
/// - `buffer`: NULL or space for `nchars` bytes, the closing NUL included.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_stringVoData(
    vo_data: *const lcmaps_vo_data_t,
    buffer: *mut c_char,
    nchars: c_int,
) -> c_int {
    guard("lcmaps_stringVoData", -1, || {
        let room = usize::try_from(nchars).unwrap_or(0);
        if buffer.is_null() || room == 0 {
            return -1;
        }
        // SAFETY: NULL or a structure, whose parts are strings or NULL.
        let text = unsafe {
            vo_data.as_ref().and_then(|data| {
                let [vo, group, _, role, capability] = vo_data_parts(data).map(|part| bytes(part));
                attribute_text(vo, group, role, capability)
            })
        };
        let (text, code) = match &text {
            Some(text) if text.len() < room => (text.as_slice(), 0),
            _ => (&[][..], -1),
        };
        // SAFETY: the buffer has `room` bytes by contract, and the text is shorter than that.
        unsafe {
            ptr::copy_nonoverlapping(text.as_ptr().cast(), buffer, text.len());
            *buffer.add(text.len()) = 0;
        }
        code
    })
}

/// Makes a VO mapping: a VO attribute as text, and the group it maps to.
///
/// Without a text the name of the group is not kept either. Group id 0 is not stored:
/// `LCMAPS_NO_GID` takes its place.
///
/// # Returns
/// A new structure with copies; free it with `lcmaps_deleteVoMapping()`. NULL if memory ran out.
///
/// # Safety
/// - `vo_data_string`, `groupname`: NULL or a string; copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_createVoMapping(
    vo_data_string: *const c_char,
    groupname: *const c_char,
    gid: gid_t,
) -> *mut lcmaps_vo_mapping_t {
    guard("lcmaps_createVoMapping", ptr::null_mut(), || {
        let groupname = if vo_data_string.is_null() {
            ptr::null()
        } else {
            groupname
        };
        let gid = if gid == 0 { LCMAPS_NO_GID } else { gid };
        // SAFETY: strings or NULL by contract.
        unsafe { copy_vo_mapping(vo_data_string, groupname, gid) }
            .and_then(|mapping| boxed(mapping, free_vo_mapping))
            .unwrap_or(ptr::null_mut())
    })
}

/// Frees a VO mapping and sets the caller's pointer NULL.
///
/// # Returns
/// 0, also if there is nothing to free; -1 if `vo_mapping` is NULL.
///
/// # Safety
/// - `vo_mapping`: NULL, or a pointer to NULL or to a structure from `lcmaps_createVoMapping()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_deleteVoMapping(
    vo_mapping: *mut *mut lcmaps_vo_mapping_t,
) -> c_int {
    guard("lcmaps_deleteVoMapping", -1, || {
        // SAFETY: NULL or a pointer by contract, to NULL or to a structure.
        unsafe { delete(vo_mapping, free_vo_mapping) }
    })
}

/// Frees the strings of a VO mapping and sets them NULL. The group id stays, and the structure itself is
/// not freed.
///
/// # Returns
/// 0, or -1 if `vo_mapping` is NULL.
///
/// # Safety
/// - `vo_mapping`: NULL, or a structure whose strings are NULL or came from `malloc()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_cleanVoMapping(vo_mapping: *mut lcmaps_vo_mapping_t) -> c_int {
    guard("lcmaps_cleanVoMapping", -1, || {
        // SAFETY: NULL or a structure that nobody else uses during the call.
        unsafe { vo_mapping.as_mut() }.map_or(-1, |mapping| {
            // SAFETY: the strings came from malloc by contract.
            unsafe { free_vo_mapping(mapping) };
            0
        })
    })
}

/// Copies a VO mapping with its strings into a structure of the caller.
///
/// # Returns
/// 0, or -1 if an argument is NULL or memory ran out; the target is not touched then.
///
/// # Safety
/// - `dst_vo_mapping`: NULL or a structure to overwrite; what it held is not freed. Release the
///   copies with `lcmaps_cleanVoMapping()`.
/// - `src_vo_mapping`: NULL or a structure; only read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_copyVoMapping(
    dst_vo_mapping: *mut lcmaps_vo_mapping_t,
    src_vo_mapping: *const lcmaps_vo_mapping_t,
) -> c_int {
    guard("lcmaps_copyVoMapping", -1, || {
        // SAFETY: both are NULL or structures by contract; the strings are strings or NULL.
        unsafe {
            copy_to(dst_vo_mapping, src_vo_mapping, |src| {
                copy_vo_mapping(src.vostring, src.groupname, src.gid)
            })
        }
    })
}

/// Logs a VO mapping.
///
/// # Returns
/// 0.
///
/// # Safety
/// - `vo_mapping`: NULL (nothing is logged) or a structure; only read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_printVoMapping(
    debug_level: c_int,
    vo_mapping: *const lcmaps_vo_mapping_t,
) -> c_int {
    guard("lcmaps_printVoMapping", 0, || {
        // SAFETY: NULL or a structure by contract.
        let Some(mapping) = (unsafe { vo_mapping.as_ref() }) else {
            return 0;
        };
        // SAFETY: strings or NULL by contract.
        let (vostring, groupname) = unsafe { (bytes(mapping.vostring), bytes(mapping.groupname)) };
        logging::log_message(debug_level, &mapping_line(vostring, groupname, mapping.gid));
        0
    })
}

/// The parts in the order of the structure.
fn vo_data_parts(data: &lcmaps_vo_data_t) -> [*const c_char; 5] {
    [
        data.vo,
        data.group,
        data.subgroup,
        data.role,
        data.capability,
    ]
    .map(<*mut c_char>::cast_const)
}

/// A VO attribute with copies of the parts.
///
/// # Safety
/// Each part is NULL or a string.
unsafe fn copy_vo_data(parts: [*const c_char; 5]) -> Result<lcmaps_vo_data_t, OutOfMemory> {
    // SAFETY: strings or NULL by contract.
    let [vo, group, subgroup, role, capability] =
        parts.map(|part| Malloced::text(unsafe { bytes(part) }));
    let (vo, group, subgroup, role, capability) = (vo?, group?, subgroup?, role?, capability?);
    Ok(lcmaps_vo_data_t {
        vo: vo.into_raw(),
        group: group.into_raw(),
        subgroup: subgroup.into_raw(),
        role: role.into_raw(),
        capability: capability.into_raw(),
    })
}

/// A VO mapping with copies of the strings.
///
/// # Safety
/// Each string is NULL or a string.
unsafe fn copy_vo_mapping(
    vostring: *const c_char,
    groupname: *const c_char,
    gid: gid_t,
) -> Result<lcmaps_vo_mapping_t, OutOfMemory> {
    // SAFETY: strings or NULL by contract.
    let (vostring, groupname) = unsafe { (bytes(vostring), bytes(groupname)) };
    let (vostring, groupname) = (Malloced::text(vostring)?, Malloced::text(groupname)?);
    Ok(lcmaps_vo_mapping_t {
        vostring: vostring.into_raw(),
        groupname: groupname.into_raw(),
        gid,
    })
}

/// Frees the parts and sets them NULL.
///
/// # Safety
/// The parts are NULL or came from `malloc`.
unsafe fn free_vo_data(data: &mut lcmaps_vo_data_t) {
    for part in [
        &mut data.vo,
        &mut data.group,
        &mut data.subgroup,
        &mut data.role,
        &mut data.capability,
    ] {
        // SAFETY: the caller vouches for the origin of each part.
        unsafe { free_and_clear(part) };
    }
}

/// Frees the strings and sets them NULL.
///
/// # Safety
/// The strings are NULL or came from `malloc`.
unsafe fn free_vo_mapping(mapping: &mut lcmaps_vo_mapping_t) {
    // SAFETY: the caller vouches for the origin of the strings.
    unsafe {
        free_and_clear(&mut mapping.vostring);
        free_and_clear(&mut mapping.groupname);
    }
}

/// Moves `value` to memory of its own; without memory, `release` frees what it holds.
fn boxed<T: Copy>(mut value: T, release: unsafe fn(&mut T)) -> Result<*mut T, OutOfMemory> {
    Malloced::list(&[value])
        .map(Malloced::into_raw)
        .inspect_err(|_| {
            // SAFETY: `value` was made by one of the copying functions above and goes nowhere else.
            unsafe { release(&mut value) };
        })
}

/// Frees a structure and what it holds, and sets the caller's pointer NULL.
///
/// # Safety
/// `place` is NULL, or points to NULL or to a structure from [`boxed`].
unsafe fn delete<T: Copy>(place: *mut *mut T, release: unsafe fn(&mut T)) -> c_int {
    // SAFETY: NULL or a pointer by contract.
    let Some(place) = (unsafe { place.as_mut() }) else {
        return -1;
    };
    // SAFETY: NULL or a structure by contract, which nobody uses afterwards.
    unsafe {
        if let Some(value) = place.as_mut() {
            release(value);
        }
        free_and_clear(place);
    }
    0
}

/// Overwrites `dst` with what `copy` makes of `src`.
///
/// # Safety
/// Both are NULL or structures; `dst` may be uninitialised.
unsafe fn copy_to<T: Copy>(
    dst: *mut T,
    src: *const T,
    copy: impl FnOnce(&T) -> Result<T, OutOfMemory>,
) -> c_int {
    if ptr::eq(dst, src) && !dst.is_null() {
        return 0;
    }
    // SAFETY: NULL or a structure by contract.
    let (false, Some(src)) = (dst.is_null(), unsafe { src.as_ref() }) else {
        return -1;
    };
    match copy(src) {
        Ok(value) => {
            // SAFETY: not NULL and writable by contract; maybe uninitialised, so no reference.
            unsafe { dst.write(value) };
            0
        }
        Err(OutOfMemory) => -1,
    }
}
