//! Where a session's log lines go, and a C stream that hands them to Rust.

use std::ffi::{c_char, c_int, c_void};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::ptr::{self, NonNull};
use std::slice;

use lcmaps_sys::defines::{DO_SYSLOG, DO_USRLOG};
use libc::{FILE, c_ushort};

use crate::Error;
use crate::input::CText;

/// Where the log lines of a session go. The level is the environment's (`LCMAPS_DEBUG_LEVEL`).
#[derive(Debug)]
#[non_exhaustive]
pub enum LogSink {
    /// To a stream.
    Stream(LogStream),
    /// To the end of a file; to syslog if it cannot be opened.
    File(PathBuf),
    /// To syslog.
    Syslog,
    /// To nowhere.
    Silent,
}

impl LogSink {
    /// The three arguments of `lcmaps_init_and_logfile`.
    pub(crate) fn arguments(&self) -> Result<(Option<CText>, *mut FILE, c_ushort), Error> {
        use std::os::unix::ffi::OsStrExt;
        Ok(match self {
            Self::Stream(stream) => (None, stream.0.as_ptr(), DO_USRLOG),
            Self::File(path) => {
                let path = CText::new("the name of the log file", path.as_os_str().as_bytes())?;
                (Some(path), ptr::null_mut(), DO_USRLOG)
            }
            Self::Syslog => (None, ptr::null_mut(), DO_SYSLOG),
            Self::Silent => (None, ptr::null_mut(), 0),
        })
    }
}

/// A C stream over a Rust writer. Lines arrive while the library logs them.
///
/// It lives until the process ends, because LCMAPS 1.6.6 goes on writing to the stream of a session that is over
/// (it even prefers it to the stream of the next one). Make one and use it for all sessions.
#[derive(Debug, Clone, Copy)]
pub struct LogStream(NonNull<FILE>);

// SAFETY: a C stream may be used from any thread; stdio locks it around each operation, hence also the writer.
unsafe impl Send for LogStream {}
// SAFETY: as above; this type offers no operation on the stream.
unsafe impl Sync for LogStream {}

impl LogStream {
    /// Makes a stream whose lines `writer` gets, for example `std::io::stderr()` or a file.
    ///
    /// Errors of the writer are the library's to ignore, and it does; a panic of the writer counts as an error.
    ///
    /// # Errors
    /// [`Error::LogStream`] if the system has no memory for a stream.
    pub fn new(writer: impl Write + Send + 'static) -> Result<Self, Error> {
        let cookie: Box<Cookie> = Box::new(Box::new(writer));
        let functions = CookieFunctions {
            read: None,
            write: Some(write_cookie),
            seek: None,
            close: None,
        };
        let cookie = Box::into_raw(cookie);
        // SAFETY: `cookie` is what `write_cookie` expects and is never freed once the stream exists.
        let stream = unsafe { fopencookie(cookie.cast(), c"a".as_ptr(), functions) };
        let Some(stream) = NonNull::new(stream) else {
            let problem = io::Error::last_os_error();
            // SAFETY: no stream was made, so the box is ours again.
            drop(unsafe { Box::from_raw(cookie) });
            return Err(Error::LogStream(problem));
        };
        // SAFETY: the stream is open and unused. Whole lines arrive even from a library that does not flush.
        unsafe { libc::setvbuf(stream.as_ptr(), ptr::null_mut(), libc::_IOLBF, 4096) };
        Ok(Self(stream))
    }

    /// The C stream, which is open until the process ends.
    #[must_use]
    pub fn as_file(self) -> NonNull<FILE> {
        self.0
    }
}

type Cookie = Box<dyn Write + Send>;
type WriteFunction = unsafe extern "C" fn(*mut c_void, *const c_char, usize) -> isize;

/// `cookie_io_functions_t` of glibc and musl.
#[repr(C)]
struct CookieFunctions {
    read: Option<unsafe extern "C" fn(*mut c_void, *mut c_char, usize) -> isize>,
    write: Option<WriteFunction>,
    seek: Option<unsafe extern "C" fn(*mut c_void, *mut i64, c_int) -> c_int>,
    close: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
}

unsafe extern "C" {
    fn fopencookie(
        cookie: *mut c_void,
        mode: *const c_char,
        functions: CookieFunctions,
    ) -> *mut FILE;
}

/// The stream's write function: all bytes, or 0 for an error.
unsafe extern "C" fn write_cookie(
    cookie: *mut c_void,
    text: *const c_char,
    length: usize,
) -> isize {
    if text.is_null() || length == 0 {
        return 0;
    }
    // SAFETY: stdio passes the cookie given to `fopencookie` and holds the stream's lock, so nobody else has it.
    let writer = unsafe { &mut *cookie.cast::<Cookie>() };
    // SAFETY: stdio passes `length` readable bytes.
    let bytes = unsafe { slice::from_raw_parts(text.cast::<u8>(), length) };
    let written = catch_unwind(AssertUnwindSafe(|| {
        writer.write_all(bytes).and_then(|()| writer.flush())
    }));
    match (written, isize::try_from(length)) {
        (Ok(Ok(())), Ok(length)) => length,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Shared {
        fn text(&self) -> String {
            let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            String::from_utf8_lossy(&bytes).into_owned()
        }
    }

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn put(stream: LogStream, text: &std::ffi::CStr) -> c_int {
        // SAFETY: the stream is open for ever and the text ends in NUL.
        unsafe { libc::fputs(text.as_ptr(), stream.0.as_ptr()) }
    }

    #[test]
    fn lines_written_in_c_arrive_in_rust_without_a_flush() -> Result<(), Error> {
        let log = Shared::default();
        let stream = LogStream::new(log.clone())?;
        assert!(put(stream, c"one\ntwo\n") >= 0);
        assert_eq!(log.text(), "one\ntwo\n");
        Ok(())
    }

    #[test]
    fn a_writer_that_panics_is_a_write_error_in_c() -> Result<(), Error> {
        struct Panics;
        impl Write for Panics {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                std::panic::resume_unwind(Box::new(()))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let stream = LogStream::new(Panics)?;
        assert!(put(stream, c"line\n") < 0);
        Ok(())
    }
}
