//! Taking the reasons that the certificate object tells.

use std::ffi::{c_char, c_void};

use lcmaps_certificates_abi::Refusal;

/// The reasons of one call.
#[derive(Debug, Default)]
pub(crate) struct Reasons(Vec<String>);

impl Reasons {
    /// What to pass to a function of the table. Valid for as long as `self` is borrowed for it.
    pub(crate) fn refusal(&mut self) -> Refusal {
        Refusal {
            context: (&raw mut self.0).cast(),
            take,
        }
    }

    /// The reasons, one for each that was told.
    pub(crate) fn into_list(self) -> Vec<String> {
        self.0
    }

    /// The reasons as one text.
    pub(crate) fn joined(self) -> String {
        self.0.join("; ")
    }
}

/// # Safety
/// `context` is a list of strings that nobody else uses meanwhile; `text` has `length` bytes.
unsafe extern "C" fn take(context: *mut c_void, text: *const c_char, length: usize) {
    if context.is_null() || text.is_null() {
        return;
    }
    // SAFETY: by this function's contract.
    let (reasons, words) = unsafe {
        (
            &mut *context.cast::<Vec<String>>(),
            std::slice::from_raw_parts(text.cast::<u8>(), length),
        )
    };
    reasons.push(String::from_utf8_lossy(words).into_owned());
}
