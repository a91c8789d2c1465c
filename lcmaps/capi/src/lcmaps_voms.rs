//! The VOMS part of `lcmaps_basic.h`: switches for the verification of attributes.

use libc::{EINVAL, c_int, c_uint, time_t};

use crate::guard::guard;
use crate::voms_switches::{self, ALL, VerificationTime};

/// Switches every check of VOMS attributes off.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_disable_voms_attributes_verification() {
    voms_switches::set_flags(0);
}

/// Switches every check of VOMS attributes on, which is the default.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_enable_voms_attributes_verification() {
    voms_switches::set_flags(ALL);
}

/// Whether every check of VOMS attributes is on.
///
/// # Returns
/// 1 or 0.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_is_set_to_verify_voms_attributes() -> c_int {
    c_int::from(voms_switches::verifies_everything())
}

/// Sets the flag word of VOMS attribute verification.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_set_voms_attributes_verification(verify_flags: c_uint) {
    voms_switches::set_flags(verify_flags);
}

/// The flag word of VOMS attribute verification.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_get_voms_attributes_verification() -> c_uint {
    voms_switches::flags()
}

/// Sets the time at which VOMS attributes have to be valid: absolute (`flags` 0), relative to notBefore
/// (1) or to notAfter (2) of the leaf certificate. 0 with flags 0 is now.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_set_voms_verification_time(verify_time: time_t, flags: c_int) {
    guard("lcmaps_set_voms_verification_time", (), || {
        voms_switches::set_verification_time(VerificationTime {
            time: verify_time,
            flags,
        });
    });
}

/// Reads what `lcmaps_set_voms_verification_time` set.
///
/// # Returns
/// 0, or -1 with errno EINVAL for a NULL pointer.
///
/// # Safety
/// - `verify_time`, `flags`: NULL or writable.
// SAFETY: the name is the original's public one; nothing else in the library defines it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcmaps_get_voms_verification_time(
    verify_time: *mut time_t,
    flags: *mut c_int,
) -> c_int {
    guard("lcmaps_get_voms_verification_time", -1, || {
        if verify_time.is_null() || flags.is_null() {
            // SAFETY: errno of this thread can always be written.
            unsafe { *libc::__errno_location() = EINVAL };
            return -1;
        }
        let set = voms_switches::verification_time();
        // SAFETY: neither is NULL, and the caller says that both can be written to.
        unsafe {
            *verify_time = set.time;
            *flags = set.flags;
        }
        0
    })
}
