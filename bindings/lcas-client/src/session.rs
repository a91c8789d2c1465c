//! An initialised LCAS and the questions to it.

use std::ffi::{CString, c_int, c_ushort, c_void};
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use lcas_sys::run::{
    LCAS_ARG_GSS, LCAS_ARG_PEM, LCAS_LOG_TO_FILE, LCAS_LOG_TO_SYSLOG, LCAS_RUN_GRANTED,
    LCAS_RUN_REFUSED,
};
use libc::FILE;

use crate::library::EntryPoints;
use crate::{Error, LogStream, PemText};

/// Set while a [`Session`] lives: LCAS keeps one state for the whole process.
static STARTED: AtomicBool = AtomicBool::new(false);

/// Where the log lines of a session go. The level is the environment's (`LCAS_DEBUG_LEVEL`).
#[derive(Debug)]
#[non_exhaustive]
pub enum LogSink {
    /// To a stream.
    Stream(LogStream),
    /// To the end of a file. A session does not start if it cannot be opened.
    File(PathBuf),
    /// To syslog.
    Syslog,
    /// To nowhere.
    Silent,
}

impl LogSink {
    /// The three arguments of `lcas_init_and_logfile`.
    fn arguments(&self) -> Result<(Option<CString>, *mut FILE, c_ushort), Error> {
        Ok(match self {
            Self::Stream(stream) => (None, stream.as_file().as_ptr(), LCAS_LOG_TO_FILE),
            Self::File(path) => {
                let path = CString::new(path.as_os_str().as_bytes());
                let path = path.map_err(|_| Error::NulByte {
                    what: "the name of the log file",
                })?;
                (Some(path), ptr::null_mut(), LCAS_LOG_TO_FILE)
            }
            Self::Syslog => (None, ptr::null_mut(), LCAS_LOG_TO_SYSLOG),
            Self::Silent => (None, ptr::null_mut(), 0),
        })
    }
}

/// LCAS's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Decision {
    /// Every module grants it.
    Granted,
    /// A module refuses it.
    Refused,
    /// It could not be evaluated: no module, no usable certificate. That refuses it as well.
    NotEvaluated,
}

impl Decision {
    /// Whether the user may go on. There is one answer that says so.
    #[must_use]
    pub fn is_granted(self) -> bool {
        self == Self::Granted
    }

    /// Every number but two is an answer that nobody knows, and no yes.
    fn from_c(code: c_int) -> Self {
        match code {
            LCAS_RUN_GRANTED => Self::Granted,
            LCAS_RUN_REFUSED => Self::Refused,
            _ => Self::NotEvaluated,
        }
    }
}

/// An initialised LCAS. Dropping it terminates LCAS; [`Session::end`] tells whether that went well.
pub struct Session {
    entry: EntryPoints,
    /// LCAS 1.3.19 bears one caller at a time.
    turn: Mutex<()>,
    ended: bool,
}

impl Session {
    pub(crate) fn start(entry: EntryPoints, log: &LogSink) -> Result<Self, Error> {
        let (path, stream, kind) = log.arguments()?;
        if STARTED.swap(true, Ordering::AcqRel) {
            return Err(Error::AlreadyStarted);
        }
        let path = path.as_ref().map_or(ptr::null(), |path| path.as_ptr());
        // SAFETY: the path is a C string or NULL, the stream is open for ever or NULL.
        if unsafe { (entry.init)(path.cast_mut(), stream, kind) } != 0 {
            STARTED.store(false, Ordering::Release);
            return Err(Error::Start);
        }
        Ok(Self {
            entry,
            turn: Mutex::new(()),
            ended: false,
        })
    }

    /// Asks whether the user with this certificate chain, the leaf first, may do what the request asks
    /// for (RSL, as a rule).
    ///
    /// # Errors
    /// [`Error::NulByte`]: the request cannot be handed over.
    pub fn decide(&self, user: &PemText, request: Option<&str>) -> Result<Decision, Error> {
        let pem = user.as_c_str().as_ptr();
        // SAFETY: a PEM text, which lives through the call and is only read.
        unsafe { self.ask(LCAS_ARG_PEM, pem.cast_mut().cast(), request) }
    }

    /// The same for a Globus `gss_cred_id_t`.
    ///
    /// # Errors
    /// [`Error::NulByte`]: the request cannot be handed over.
    ///
    /// # Safety
    /// `credential` is NULL, which is refused, or a valid credential of Globus.
    pub unsafe fn decide_gss(
        &self,
        credential: *mut c_void,
        request: Option<&str>,
    ) -> Result<Decision, Error> {
        // SAFETY: the caller keeps the same promise.
        unsafe { self.ask(LCAS_ARG_GSS, credential, request) }
    }

    /// # Safety
    /// `credential` is what goes with the kind.
    unsafe fn ask(
        &self,
        kind: c_int,
        credential: *mut c_void,
        request: Option<&str>,
    ) -> Result<Decision, Error> {
        let request = request.map(CString::new).transpose();
        let request = request.map_err(|_| Error::NulByte {
            what: "the request",
        })?;
        let request = request.as_ref().map_or(ptr::null(), |text| text.as_ptr());
        // The lock guards no data of ours, so a panic elsewhere does not spoil it.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: two pointers, as both kinds take them; the texts live through the call.
        let code = unsafe { (self.entry.run)(kind, credential, request.cast_mut()) };
        Ok(Decision::from_c(code))
    }

    /// Terminates LCAS.
    ///
    /// # Errors
    /// [`Error::End`] if a module says that it did not end.
    pub fn end(mut self) -> Result<(), Error> {
        if self.terminate() {
            Ok(())
        } else {
            Err(Error::End)
        }
    }

    fn terminate(&mut self) -> bool {
        if self.ended {
            return true;
        }
        self.ended = true;
        // SAFETY: this session initialised the library and nobody else uses it.
        let code = unsafe { (self.entry.term)() };
        STARTED.store(false, Ordering::Release);
        code == 0
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.terminate();
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_nobody_knows_is_no_yes() {
        for code in [-1, 1, 2, 3, 4, 6, 256, c_int::MIN, c_int::MAX] {
            assert_eq!(Decision::from_c(code), Decision::NotEvaluated);
        }
        assert!(Decision::from_c(0).is_granted());
        assert_eq!(Decision::from_c(5), Decision::Refused);
    }
}
