//! What the last run of each thread lends to its caller: lists, lease name, report.
//!
//! The original keeps one set for the process, which a second thread overwrites while the first still
//! reads it. Here every thread has its own, valid until its next run or its end.
//!
//! A pthread key and no `thread_local!`: a thread-local with a destructor would pin the library in
//! memory, and hosts unload it with dlclose.

use std::ffi::{CString, c_void};
use std::ptr;
use std::sync::OnceLock;

use lcmaps_core::Mapping;
use libc::{gid_t, pthread_key_t};

use crate::run_record::RunRecord;

/// What a run lends to its caller.
#[derive(Debug, Default)]
pub struct ThreadResult {
    /// Primary group ids.
    pub primary_gids: Vec<gid_t>,
    /// Secondary group ids.
    pub secondary_gids: Vec<gid_t>,
    /// Encoded lease name.
    pub pool_index: Option<CString>,
    /// What the report is made of.
    pub record: Option<RunRecord>,
}

impl ThreadResult {
    /// Takes over what a caller gets to see.
    pub fn lend(&mut self, mapping: &Mapping) {
        self.primary_gids = mapping.primary_gids().iter().map(|gid| gid.0).collect();
        self.secondary_gids = mapping.secondary_gids().iter().map(|gid| gid.0).collect();
        self.pool_index = mapping.pool_index().cloned();
    }
}

static KEY: OnceLock<Option<pthread_key_t>> = OnceLock::new();

fn key() -> Option<pthread_key_t> {
    *KEY.get_or_init(|| {
        let mut key: pthread_key_t = 0;
        // SAFETY: `key` lives through the call; the destructor takes what `with` stores.
        (unsafe { libc::pthread_key_create(&mut key, Some(free)) } == 0).then_some(key)
    })
}

unsafe extern "C" fn free(result: *mut c_void) {
    // SAFETY: only `with` stores values under the key, each from a Box, each once.
    drop(unsafe { Box::from_raw(result.cast::<ThreadResult>()) });
}

/// Runs `body` with this thread's result. `None` if the system has no room for it.
pub fn with<T>(body: impl FnOnce(&mut ThreadResult) -> T) -> Option<T> {
    let key = key()?;
    // SAFETY: the key exists until the library is unloaded.
    let mut stored = unsafe { libc::pthread_getspecific(key) }.cast::<ThreadResult>();
    if stored.is_null() {
        stored = Box::into_raw(Box::<ThreadResult>::default());
        // SAFETY: as above; the box is given to the key.
        if unsafe { libc::pthread_setspecific(key, stored.cast()) } != 0 {
            // SAFETY: the key did not take it, so it is still ours.
            drop(unsafe { Box::from_raw(stored) });
            return None;
        }
    }
    // SAFETY: the value belongs to this thread, and `body` cannot reach it another way: it is not
    // called with another borrow alive, because nothing that runs inside calls `with` again.
    Some(body(unsafe { &mut *stored }))
}

/// Forgets this thread's result.
pub fn clear() {
    with(|result| *result = ThreadResult::default());
}

/// When the library is unloaded: no destructor of ours may run any more.
pub fn unload() {
    if let Some(Some(key)) = KEY.get() {
        // SAFETY: the key was created by `key` and nothing uses it after this.
        let stored = unsafe { libc::pthread_getspecific(*key) };
        if !stored.is_null() {
            // SAFETY: as above.
            unsafe { libc::pthread_setspecific(*key, ptr::null()) };
            // SAFETY: the value came from `with` and the key no longer has it.
            unsafe { free(stored) };
        }
        // SAFETY: as above.
        unsafe { libc::pthread_key_delete(*key) };
    }
}
