//! What a user asks for.

use std::ffi::CStr;

use lcas_sys::lcas_request_t;

use crate::Logger;

/// One request.
#[derive(Debug)]
pub struct Request<'a> {
    log: Logger,
    text: Option<&'a CStr>,
}

impl<'a> Request<'a> {
    /// # Safety
    /// `text` is NULL or a C string that lives through `'a`.
    pub(crate) unsafe fn from_c(log: Logger, text: lcas_request_t) -> Self {
        // SAFETY: the caller's promise.
        let text = (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) });
        Self { log, text }
    }

    /// The text of the request as the application passes it. Gatekeepers and gLExec pass RSL; others
    /// pass an empty text, a word of their own, or nothing.
    #[must_use]
    pub fn text(&self) -> Option<&'a CStr> {
        self.text
    }

    /// The log of the host.
    #[must_use]
    pub fn log(&self) -> Logger {
        self.log
    }
}
