//! Calls of the name service (`getpwnam_r` and its kin).

use std::ffi::CStr;
use std::fmt;
use std::io;
use std::mem::MaybeUninit;
use std::ptr;

use libc::{c_char, c_int, size_t};

/// The first buffer holds every entry but those of crowded groups.
const FIRST_BUFFER: usize = 1 << 12;

/// No entry is longer than this.
const LAST_BUFFER: usize = 1 << 26;

/// How often an interrupted call is made again.
const MOST_INTERRUPTIONS: u32 = 100;

/// The name service did not answer whether an account or a group exists.
#[derive(Debug, thiserror::Error)]
#[error("cannot look up {subject}: the name service (nsswitch.conf) failed: {source}")]
pub struct LookupError {
    subject: Subject,
    source: io::Error,
}

/// What was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    AccountName(String),
    Uid(u32),
    GroupName(String),
    Gid(u32),
    GroupsOf(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccountName(name) => write!(f, "account \"{name}\""),
            Self::Uid(uid) => write!(f, "uid {uid}"),
            Self::GroupName(name) => write!(f, "group \"{name}\""),
            Self::Gid(gid) => write!(f, "gid {gid}"),
            Self::GroupsOf(name) => write!(f, "the groups of account \"{name}\""),
        }
    }
}

impl LookupError {
    pub(crate) fn new(subject: Subject, source: io::Error) -> Self {
        Self { subject, source }
    }
}

/// A name for a message.
pub(crate) fn shown(name: &CStr) -> String {
    name.to_string_lossy().into_owned()
}

/// Makes one reentrant call of the name service, with a buffer that grows until the entry fits.
/// `Ok(None)` is "there is no such entry", as the service itself says; every other error code is an error.
///
/// # Safety
/// `call` is such a function: on 0 its result pointer is NULL or points to the entry that it filled,
/// whose strings are in the buffer; it writes no more than the given size. `convert` copies.
pub(crate) unsafe fn entry<E, T>(
    subject: impl FnOnce() -> Subject,
    mut call: impl FnMut(*mut E, *mut c_char, size_t, *mut *mut E) -> c_int,
    convert: impl FnOnce(&E) -> T,
) -> Result<Option<T>, LookupError> {
    let mut size = FIRST_BUFFER;
    let mut interruptions = 0;
    loop {
        let mut buffer: Vec<c_char> = vec![0; size];
        let mut place = MaybeUninit::<E>::uninit();
        let mut found: *mut E = ptr::null_mut();
        let code = call(
            place.as_mut_ptr(),
            buffer.as_mut_ptr(),
            size,
            &raw mut found,
        );
        match code {
            // SAFETY: the call says that found is NULL or the entry; buffer still lives.
            0 => return Ok(unsafe { found.as_ref() }.map(convert)),
            // getpwnam_r(3): services also say "there is no such entry" in these two ways.
            libc::ENOENT | libc::ESRCH => return Ok(None),
            libc::ERANGE if size < LAST_BUFFER => size *= 4,
            libc::EINTR if interruptions < MOST_INTERRUPTIONS => interruptions += 1,
            code => {
                return Err(LookupError::new(
                    subject(),
                    io::Error::from_raw_os_error(code),
                ));
            }
        }
    }
}
