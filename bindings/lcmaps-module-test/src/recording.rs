//! A host that records.

mod arguments;
mod module;

use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use lcmaps_sys::{cred_data, lcmaps_vo_data_t, lcmaps_vo_mapping_t};
use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW, Symbol};

pub use arguments::Arguments;
pub use module::{Instance, LoadedModule};

/// The recording host. There is one in a process: [`RecordingHost::take`] gives it to one test at a
/// time, with everything forgotten.
#[derive(Debug)]
pub struct RecordingHost {
    library: &'static Library,
    _turn: MutexGuard<'static, ()>,
}

impl RecordingHost {
    /// Waits for the host and forgets what it recorded.
    ///
    /// # Panics
    /// When the host does not load.
    #[must_use]
    pub fn take() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        static LIBRARY: OnceLock<Library> = OnceLock::new();
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let library = LIBRARY.get_or_init(|| {
            let path = concat!(env!("OUT_DIR"), "/liblcmaps_recording_host.so");
            // SAFETY: our own shared object; loading it runs nothing.
            unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) }
                .expect("the recording host loads")
        });
        let host = Self {
            library,
            _turn: turn,
        };
        host.function::<unsafe extern "C" fn(), _>(c"recording_host_reset", |reset| {
            // SAFETY: takes nothing; this test is alone with the host.
            unsafe { reset() }
        });
        host
    }

    /// The log so far, a line `<PRIORITY>text` each.
    #[must_use]
    pub fn log(&self) -> String {
        self.function::<unsafe extern "C" fn() -> *const c_char, _>(c"recording_host_log", |log| {
            // SAFETY: returns a static C string.
            unsafe { CStr::from_ptr(log()) }
                .to_string_lossy()
                .into_owned()
        })
    }

    /// From now on refuses to take credential data of this kind.
    pub fn refuse(&self, kind: c_int) {
        self.function::<unsafe extern "C" fn(c_int), _>(c"recording_host_refuse", |refuse| {
            // SAFETY: takes any number.
            unsafe { refuse(kind) }
        });
    }

    /// From now on is this version of LCMAPS.
    pub fn set_version(&self, major: c_int, minor: c_int, patch: c_int) {
        self.function::<unsafe extern "C" fn(c_int, c_int, c_int), _>(
            c"recording_host_version",
            |set| {
                // SAFETY: takes any numbers.
                unsafe { set(major, minor, patch) }
            },
        );
    }

    /// Registers a DN, as an earlier module of a policy would.
    pub fn register_dn(&self, dn: &CStr) {
        self.register(cred_data::DN, dn.as_ptr());
    }

    /// Registers an FQAN, as an earlier module of a policy would.
    pub fn register_fqan(&self, fqan: &CStr) {
        self.register(cred_data::LCMAPS_VO_CRED_STRING, fqan.as_ptr());
    }

    /// Registers a primary gid, as an earlier module of a policy would.
    pub fn register_primary_gid(&self, gid: u32) {
        self.register(cred_data::PRI_GID, gid);
    }

    /// Registers a secondary gid, as an earlier module of a policy would.
    pub fn register_secondary_gid(&self, gid: u32) {
        self.register(cred_data::SEC_GID, gid);
    }

    fn register<T>(&self, kind: c_int, data: T) {
        self.function::<unsafe extern "C" fn(c_int, *mut c_void) -> c_int, _>(
            c"addCredentialData",
            |add| {
                // SAFETY: the kinds above take the address of what their callers hand over: a C string
                // or a gid.
                unsafe { add(kind, (&raw const data).cast_mut().cast()) }
            },
        );
    }

    /// What was registered so far.
    #[must_use]
    pub fn mapping(&self) -> Mapping {
        Mapping {
            dn: self.texts(cred_data::DN).pop(),
            uids: self.list(cred_data::UID),
            primary_gids: self.list(cred_data::PRI_GID),
            secondary_gids: self.list(cred_data::SEC_GID),
            vo_strings: self.texts(cred_data::LCMAPS_VO_CRED_STRING),
            vo_mappings: self.vo_mappings(),
            vos: self.vos(),
            pool_index: self.texts(cred_data::POOL_INDEX).pop(),
        }
    }

    fn vo_mappings(&self) -> Vec<(String, String, u32)> {
        let mappings = self.list::<lcmaps_vo_mapping_t>(cred_data::LCMAPS_VO_CRED_MAPPING);
        mappings
            .into_iter()
            .map(|data| (text(data.vostring), text(data.groupname), data.gid))
            .collect()
    }

    fn vos(&self) -> Vec<[String; 5]> {
        let vos = self.list::<lcmaps_vo_data_t>(cred_data::LCMAPS_VO_CRED);
        vos.into_iter()
            .map(|vo| [vo.vo, vo.group, vo.subgroup, vo.role, vo.capability].map(text))
            .collect()
    }

    fn texts(&self, kind: c_int) -> Vec<String> {
        self.list::<*mut c_char>(kind)
            .into_iter()
            .map(text)
            .collect()
    }

    fn list<T: Copy>(&self, kind: c_int) -> Vec<T> {
        self.function::<unsafe extern "C" fn(c_int, *mut c_int) -> *mut c_void, _>(
            c"getCredentialData",
            |get| {
                let mut count = 0;
                // SAFETY: the host returns an array of count elements of the kind's type, or NULL.
                unsafe {
                    let first = get(kind, &raw mut count).cast::<T>();
                    let count = usize::try_from(count).unwrap_or(0);
                    if first.is_null() {
                        Vec::new()
                    } else {
                        std::slice::from_raw_parts(first, count).to_vec()
                    }
                }
            },
        )
    }

    fn function<F: Copy, R>(&self, name: &CStr, call: impl FnOnce(F) -> R) -> R {
        // SAFETY: every caller names the type that host.c gives the function.
        let symbol: Symbol<F> =
            unsafe { self.library.get(name.to_bytes_with_nul()) }.expect("host.c defines it");
        call(*symbol)
    }
}

/// A text of the host, `-` for NULL.
fn text(text: *mut c_char) -> String {
    if text.is_null() {
        return "-".to_owned();
    }
    // SAFETY: not NULL, so a C string of the host.
    unsafe { CStr::from_ptr(text) }
        .to_string_lossy()
        .into_owned()
}

/// What modules registered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The DN.
    pub dn: Option<String>,
    /// The uids.
    pub uids: Vec<u32>,
    /// The primary gids.
    pub primary_gids: Vec<u32>,
    /// The secondary gids.
    pub secondary_gids: Vec<u32>,
    /// The FQANs.
    pub vo_strings: Vec<String>,
    /// FQAN, group and gid of each VO mapping.
    pub vo_mappings: Vec<(String, String, u32)>,
    /// VO, group, subgroup, role and capability of each VO attribute.
    pub vos: Vec<[String; 5]>,
    /// The pool index.
    pub pool_index: Option<String>,
}
