//! The process of a case: loads the library and does what the case says.

use std::env;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::fs;
use std::path::{Path, PathBuf};
use std::ptr;

use lcas_sys::run::{LCAS_ARG_PEM, LCAS_LOG_TO_FILE};
use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW, Symbol};

use super::{CASE_VARIABLE, Call, Case, Report};

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
    let lcas = Lcas::load(&case.library);
    let log = scratch.join("log");
    let mut report = Report {
        init: lcas.init(&log),
        ..Report::default()
    };
    if report.init == 0 {
        report.answers = case
            .calls
            .iter()
            .map(|call| match call {
                Call::Ask { pem, request } => lcas.ask(pem, request.as_deref()),
                Call::Restart => {
                    lcas.term();
                    lcas.init(&log)
                }
            })
            .collect();
        report.term = lcas.term();
    }
    let report = serde_json::to_string(&report).expect("a report is JSON");
    fs::write(scratch.join("report.json"), report).expect("a place for the report");
}

/// The library under test. Never unloaded: the process ends with it.
struct Lcas(Library);

impl Lcas {
    fn load(path: &Path) -> Self {
        // SAFETY: a liblcas, loaded as applications load it.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) };
        Self(library.unwrap_or_else(|error| panic!("{} does not load: {error}", path.display())))
    }

    fn function<F>(&self, name: &CStr) -> Symbol<F> {
        // SAFETY: every caller names the type that the headers give the function.
        unsafe { self.0.get(name.to_bytes_with_nul()) }.expect("liblcas has the function")
    }

    fn init(&self, log: &Path) -> c_int {
        type Init = unsafe extern "C" fn(*mut c_char, *mut c_void, u16) -> c_int;
        let log = c_string(&log.display().to_string());
        // SAFETY: a path and no stream.
        unsafe {
            self.function::<Init>(c"lcas_init_and_logfile")(
                log.as_ptr().cast_mut(),
                ptr::null_mut(),
                LCAS_LOG_TO_FILE,
            )
        }
    }

    fn term(&self) -> c_int {
        // SAFETY: takes nothing.
        unsafe { self.function::<unsafe extern "C" fn() -> c_int>(c"lcas_term")() }
    }

    fn ask(&self, pem: &str, request: Option<&str>) -> c_int {
        type Run = unsafe extern "C" fn(c_int, ...) -> c_int;
        let pem = c_string(pem);
        let request = request.map(c_string);
        let request = request
            .as_ref()
            .map_or(ptr::null_mut(), |text| text.as_ptr().cast_mut());
        // SAFETY: what this kind of question takes: PEM text and a request.
        unsafe { self.function::<Run>(c"lcas_run_va")(LCAS_ARG_PEM, pem.as_ptr(), request) }
    }
}

fn c_string(text: &str) -> CString {
    CString::new(text).expect("a text without NUL")
}
