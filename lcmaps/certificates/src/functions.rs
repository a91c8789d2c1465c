//! The functions of the table: check, convert, call, convert back.
//!
//! `# Safety` of all of them: pointers are as the table's documentation says. A panic becomes the
//! function's failure value.

use std::ffi::{CString, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::{ptr, slice};

use foreign_types::ForeignTypeRef;
use lcmaps_certificates_abi::{Chain as Opaque, Refusal};
use openssl::stack::Stack;
use openssl::x509::X509;

use crate::globus;

/// What an opaque chain is.
pub(crate) struct Handle {
    pub(crate) chain: lc_x509::Chain,
    /// Made when it is first asked for; nothing if memory was out then.
    without_leaf: OnceLock<Option<Stack<X509>>>,
    warnings: Vec<CString>,
}

// A chain may be used and freed on another thread than the one that made it.
const _: fn() = || {
    fn movable<T: Send + Sync>() {}
    movable::<Handle>();
};

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_from_pem(
    text: *const c_char,
    length: usize,
    refusal: *const Refusal,
) -> *mut Opaque {
    let make = || {
        if text.is_null() {
            return Err("there is no PEM text".to_owned());
        }
        // SAFETY: not NULL, and `length` bytes by contract.
        let text = unsafe { slice::from_raw_parts(text.cast::<u8>(), length) };
        lc_x509::Chain::from_pem(text).map_err(|error| error.to_string())
    };
    // SAFETY: `refusal` is the caller's, by contract.
    unsafe { hand_out(make, refusal) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_from_stack(
    stack: *mut c_void,
    refusal: *const Refusal,
) -> *mut Opaque {
    let make = || {
        if stack.is_null() {
            return Err("there is no certificate stack".to_owned());
        }
        // SAFETY: not NULL, and a stack of certificates by contract.
        unsafe { lc_x509::Chain::from_stack(stack.cast()) }.map_err(|error| error.to_string())
    };
    // SAFETY: `refusal` is the caller's, by contract.
    unsafe { hand_out(make, refusal) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_from_gss(
    credential: *mut c_void,
    refusal: *const Refusal,
) -> *mut Opaque {
    let make = || {
        // SAFETY: NULL or a Globus credential, by contract.
        let certificates =
            unsafe { globus::certificates(credential) }.map_err(|error| error.to_string())?;
        lc_x509::Chain::from_certificates(certificates).map_err(|error| error.to_string())
    };
    // SAFETY: `refusal` is the caller's, by contract.
    unsafe { hand_out(make, refusal) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_dn(chain: *const Opaque) -> *const c_char {
    // SAFETY: a live chain, by contract.
    unsafe { look(chain, ptr::null(), |handle| handle.chain.dn().as_ptr()) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_leaf(chain: *const Opaque) -> *mut c_void {
    let leaf = |handle: &Handle| handle.chain.leaf().as_ptr().cast();
    // SAFETY: a live chain, by contract.
    unsafe { look(chain, ptr::null_mut(), leaf) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_stack(chain: *const Opaque) -> *mut c_void {
    let stack = |handle: &Handle| handle.chain.stack().as_ptr().cast();
    // SAFETY: a live chain, by contract.
    unsafe { look(chain, ptr::null_mut(), stack) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_stack_without_leaf(chain: *const Opaque) -> *mut c_void {
    let rest = |handle: &Handle| {
        let rest = handle
            .without_leaf
            .get_or_init(|| lc_x509::new_stack(handle.chain.stack().iter().skip(1)));
        rest.as_ref()
            .map_or(ptr::null_mut(), |rest| rest.as_ptr().cast())
    };
    // SAFETY: a live chain, by contract.
    unsafe { look(chain, ptr::null_mut(), rest) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_warning_count(chain: *const Opaque) -> usize {
    // SAFETY: a live chain, by contract.
    unsafe { look(chain, 0, |handle| handle.warnings.len()) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_warning(chain: *const Opaque, index: usize) -> *const c_char {
    let warning = |handle: &Handle| match handle.warnings.get(index) {
        Some(warning) => warning.as_ptr(),
        None => ptr::null(),
    };
    // SAFETY: a live chain, by contract.
    unsafe { look(chain, ptr::null(), warning) }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_free(chain: *mut Opaque) {
    if chain.is_null() {
        return;
    }
    // SAFETY: made by `hand_out` and freed once, by contract.
    let handle = unsafe { Box::from_raw(chain.cast::<Handle>()) };
    let _ = guard(|| drop(handle));
}

/// Makes a chain the caller's; a refusal or a panic is told and becomes NULL.
///
/// # Safety
/// `refusal` is NULL or valid.
unsafe fn hand_out(
    make: impl FnOnce() -> Result<lc_x509::Chain, String>,
    refusal: *const Refusal,
) -> *mut Opaque {
    let outcome = guard(|| {
        let chain = make()?;
        // Warnings are printable ASCII, so none is lost.
        let warnings = (chain.left_out().iter())
            .filter_map(|left_out| CString::new(left_out.to_string()).ok())
            .collect();
        let handle = Handle {
            chain,
            without_leaf: OnceLock::new(),
            warnings,
        };
        Ok(Box::into_raw(Box::new(handle)).cast())
    });
    let outcome = outcome
        .unwrap_or_else(|panic| Err(format!("internal error in the certificate code: {panic}")));
    outcome.unwrap_or_else(|reason| {
        // SAFETY: as for this function.
        unsafe { tell(refusal, &reason) };
        ptr::null_mut()
    })
}

/// Tells a reason.
///
/// # Safety
/// `refusal` is NULL or valid.
pub(crate) unsafe fn tell(refusal: *const Refusal, reason: &str) {
    // SAFETY: NULL or valid by this function's contract.
    if let Some(refusal) = unsafe { refusal.as_ref() } {
        // SAFETY: the text lives during the call; the context is the one that goes with it.
        unsafe { (refusal.take)(refusal.context, reason.as_ptr().cast(), reason.len()) };
    }
}

/// Reads something of a chain; `failure` when there is none, or after a panic.
///
/// # Safety
/// `chain` is NULL or a chain that `hand_out` made and nobody freed.
pub(crate) unsafe fn look<T>(
    chain: *const Opaque,
    failure: T,
    read: impl FnOnce(&Handle) -> T,
) -> T {
    // SAFETY: NULL or a live handle, by this function's contract.
    match unsafe { chain.cast::<Handle>().as_ref() } {
        Some(handle) => guard(|| read(handle)).unwrap_or(failure),
        None => failure,
    }
}

/// Runs `body`; a panic becomes its message.
pub(crate) fn guard<T>(body: impl FnOnce() -> T) -> Result<T, String> {
    // Nothing that a panicking body leaves behind is used again.
    catch_unwind(AssertUnwindSafe(body)).map_err(|payload| {
        let message = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message")
            .to_owned();
        // Dropping a payload can panic again.
        std::mem::forget(payload);
        message
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" fn take(context: *mut c_void, text: *const c_char, length: usize) {
        // SAFETY: the tests pass a `String`; the text has `length` bytes.
        unsafe {
            *context.cast::<String>() =
                String::from_utf8_lossy(slice::from_raw_parts(text.cast(), length)).into_owned();
        }
    }

    fn refused(call: impl FnOnce(*const Refusal) -> *mut Opaque) -> String {
        let mut reason = String::new();
        let refusal = Refusal {
            context: (&raw mut reason).cast(),
            take,
        };
        assert!(call(&refusal).is_null());
        reason
    }

    #[test]
    fn a_panic_becomes_a_refusal_that_quotes_it() {
        // SAFETY: a valid refusal.
        let reason =
            refused(|refusal| unsafe { hand_out(|| panic!("of {}", "the test"), refusal) });
        assert_eq!(
            reason,
            "internal error in the certificate code: of the test"
        );
    }

    #[test]
    fn a_panic_while_reading_a_chain_is_caught() {
        assert_eq!(
            guard(|| -> u32 { panic!("plain") }),
            Err("plain".to_owned())
        );
    }

    #[test]
    fn null_arguments_are_refused_in_words() {
        // SAFETY: NULL is allowed.
        unsafe {
            let reason = refused(|refusal| chain_from_pem(ptr::null(), 0, refusal));
            assert_eq!(reason, "there is no PEM text");
            let reason = refused(|refusal| chain_from_stack(ptr::null_mut(), refusal));
            assert_eq!(reason, "there is no certificate stack");
            let reason = refused(|refusal| chain_from_gss(ptr::null_mut(), refusal));
            assert_eq!(reason, "there is no GSS credential");
            assert!(chain_from_pem(ptr::null(), 0, ptr::null()).is_null());
            assert!(chain_dn(ptr::null()).is_null());
            assert!(chain_leaf(ptr::null()).is_null());
            assert!(chain_stack(ptr::null()).is_null());
            assert!(chain_warning(ptr::null(), 0).is_null());
            assert_eq!(chain_warning_count(ptr::null()), 0);
            chain_free(ptr::null_mut());
        }
    }

    #[test]
    fn a_pointer_of_another_gss_library_is_not_read() {
        // Globus is not loaded in this test program.
        let foreign = std::ptr::without_provenance_mut(8);
        // SAFETY: the pointer is not looked at.
        let reason = refused(|refusal| unsafe { chain_from_gss(foreign, refusal) });
        assert!(reason.contains("not a Globus credential"), "{reason}");
    }
}
