//! The process of a case: loads the library and does what the case says.

use std::env;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::fs;
use std::path::{Path, PathBuf};
use std::ptr;

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW, Symbol};

use super::{Answer, CASE_VARIABLE, Call, Case, Report};

/// Does the work of a [`Case`] when this process was started for one, else nothing.
///
/// # Panics
/// When the case cannot be run as it is.
pub fn child() {
    let Some(scratch) = env::var_os(CASE_VARIABLE).map(PathBuf::from) else {
        return;
    };
    let case = fs::read_to_string(scratch.join("case.json")).expect("a case");
    let case: Case = serde_json::from_str(&case).expect("a case that Case::run wrote");
    if let Some(uid) = case.user {
        let (uid, gid) = (
            nix::unistd::Uid::from_raw(uid),
            nix::unistd::Gid::from_raw(uid),
        );
        nix::unistd::setgroups(&[]).expect("root may drop its groups");
        nix::unistd::setresgid(gid, gid, gid).expect("root may change its gid");
        nix::unistd::setresuid(uid, uid, uid).expect("root may change its uid");
    }
    let lcmaps = Lcmaps::load(&case.library);
    let log = scratch.join("log");
    let mut report = Report {
        init: lcmaps.init(&log),
        ..Report::default()
    };
    if report.init == 0 {
        report.answers = case
            .calls
            .iter()
            .map(|call| lcmaps.answer(call, &log))
            .collect();
        lcmaps.term();
    }
    let report = serde_json::to_string(&report).expect("a report is JSON");
    fs::write(scratch.join("report.json"), report).expect("a place for the report");
}

/// The library under test. Never unloaded: the process ends with it.
struct Lcmaps(Library);

impl Lcmaps {
    fn load(path: &Path) -> Self {
        // SAFETY: a liblcmaps, loaded as applications load it.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) };
        Self(library.unwrap_or_else(|error| panic!("{} does not load: {error}", path.display())))
    }

    fn function<F>(&self, name: &CStr) -> Symbol<F> {
        // SAFETY: every caller names the type that the headers give the function.
        unsafe { self.0.get(name.to_bytes_with_nul()) }.expect("liblcmaps has the function")
    }

    fn init(&self, log: &Path) -> c_int {
        type Init = unsafe extern "C" fn(*mut c_char, *mut c_void, u16) -> c_int;
        let log = c_string(&log.display().to_string());
        // SAFETY: a path and no stream.
        unsafe {
            self.function::<Init>(c"lcmaps_init_and_logfile")(
                log.as_ptr().cast_mut(),
                ptr::null_mut(),
                lcmaps_sys::defines::DO_USRLOG,
            )
        }
    }

    fn term(&self) -> c_int {
        // SAFETY: takes nothing.
        unsafe { self.function::<unsafe extern "C" fn() -> c_int>(c"lcmaps_term")() }
    }

    fn answer(&self, call: &Call, log: &Path) -> Answer {
        match call {
            Call::Username { dn } => self.username(dn),
            Call::Account {
                dn,
                fqans,
                map_counter,
            } => self.account(dn, fqans, *map_counter),
            Call::Verify { pem, uid } => self.verify(pem, *uid),
            Call::Restart => {
                self.term();
                done(self.init(log))
            }
        }
    }

    fn username(&self, dn: &str) -> Answer {
        type Run = unsafe extern "C" fn(
            *mut c_char,
            *mut c_char,
            *mut *mut c_char,
            c_int,
            *mut *mut c_char,
        ) -> c_int;
        let (dn, mut name) = (c_string(dn), ptr::null_mut());
        let run = self.function::<Run>(c"lcmaps_run_without_credentials_and_return_username");
        // SAFETY: a DN, no request, a place for the name, no policies.
        match unsafe {
            run(
                dn.as_ptr().cast_mut(),
                ptr::null_mut(),
                &raw mut name,
                0,
                ptr::null_mut(),
            )
        } {
            // SAFETY: a successful run leaves a malloc'ed name.
            0 => Answer::Username(
                unsafe { CStr::from_ptr(name) }
                    .to_string_lossy()
                    .into_owned(),
            ),
            code => Answer::Failed(code),
        }
    }

    fn account(&self, dn: &str, fqans: &[String], map_counter: c_int) -> Answer {
        type Run = unsafe extern "C" fn(
            *mut c_char,
            *mut *mut c_char,
            c_int,
            c_int,
            *mut c_char,
            c_int,
            *mut *mut c_char,
            *mut u32,
            *mut *mut u32,
            *mut c_int,
            *mut *mut u32,
            *mut c_int,
            *mut *mut c_char,
        ) -> c_int;
        let dn = c_string(dn);
        let fqans: Vec<CString> = fqans.iter().map(|fqan| c_string(fqan)).collect();
        let mut list: Vec<*mut c_char> =
            fqans.iter().map(|fqan| fqan.as_ptr().cast_mut()).collect();
        let (first, count) = match list.len() {
            0 => (ptr::null_mut(), -1),
            n => (
                list.as_mut_ptr(),
                c_int::try_from(n).expect("a number of FQANs that a test can want"),
            ),
        };
        let (mut uid, mut npgid, mut nsgid) = (u32::MAX, 0, 0);
        let (mut pgids, mut sgids, mut index) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        let run = self.function::<Run>(c"lcmaps_run_with_fqans_mapcounter_and_return_account");
        // SAFETY: a DN, as many FQANs as counted, no request, no policies, places for the results.
        let code = unsafe {
            run(
                dn.as_ptr().cast_mut(),
                first,
                count,
                map_counter,
                ptr::null_mut(),
                0,
                ptr::null_mut(),
                &raw mut uid,
                &raw mut pgids,
                &raw mut npgid,
                &raw mut sgids,
                &raw mut nsgid,
                &raw mut index,
            )
        };
        if code != 0 {
            return Answer::Failed(code);
        }
        let gids = |first: *mut u32, count: c_int| {
            let count = usize::try_from(count).unwrap_or(0);
            if first.is_null() {
                return Vec::new();
            }
            // SAFETY: the library's list has as many elements as it says, until the next run.
            unsafe { std::slice::from_raw_parts(first, count) }.to_vec()
        };
        let pool_index = (!index.is_null()).then(|| {
            // SAFETY: the library's C string, until the next run.
            let index = unsafe { CStr::from_ptr(index) };
            index.to_string_lossy().into_owned()
        });
        Answer::Account {
            uid,
            primary_gids: gids(pgids, npgid),
            secondary_gids: gids(sgids, nsgid),
            pool_index,
        }
    }

    fn verify(&self, pem: &str, uid: u32) -> Answer {
        type Run = unsafe extern "C" fn(
            *mut c_char,
            *mut c_char,
            u32,
            *mut u32,
            c_int,
            *mut u32,
            c_int,
            *mut c_char,
            *mut c_char,
            c_int,
            *mut *mut c_char,
        ) -> c_int;
        let pem = c_string(pem);
        let run = self.function::<Run>(c"lcmaps_run_and_verify_account_from_pem");
        // SAFETY: a PEM text and nothing else but numbers.
        done(unsafe {
            run(
                ptr::null_mut(),
                pem.as_ptr().cast_mut(),
                uid,
                ptr::null_mut(),
                0,
                ptr::null_mut(),
                0,
                ptr::null_mut(),
                ptr::null_mut(),
                0,
                ptr::null_mut(),
            )
        })
    }
}

fn done(code: c_int) -> Answer {
    if code == 0 {
        Answer::Done
    } else {
        Answer::Failed(code)
    }
}

fn c_string(text: &str) -> CString {
    CString::new(text).expect("a text without NUL")
}
