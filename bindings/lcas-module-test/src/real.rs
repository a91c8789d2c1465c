//! A database inside a real liblcas, in a process of its own.
//!
//! The library keeps its state for the whole process and reads the environment, so each case gets a
//! process: the test's own executable, started again with one test that does the work. A test file
//! that uses [`Case`] therefore holds this test:
//!
//! ```text
//! #[test]
//! fn child() {
//!     lcas_module_test::real::child();
//! }
//! ```

mod child;

use std::env;
use std::ffi::c_int;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

pub use child::child;

/// Where the child finds its case and leaves its report.
const CASE_VARIABLE: &str = "LCAS_MODULE_TEST_CASE";

/// Names a further library to test in.
const LIBRARY_VARIABLE: &str = "LCAS_TEST_LIBRARY";

/// One thing to do with the library.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Call {
    /// `lcas_run_va` with PEM text and a request.
    Ask {
        pem: String,
        request: Option<String>,
    },
    /// `lcas_term` and `lcas_init_and_logfile`.
    Restart,
}

/// A database and what to ask.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Case {
    library: PathBuf,
    db: String,
    environment: Vec<(String, String)>,
    calls: Vec<Call>,
}

/// What came of a [`Case`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Report {
    /// What `lcas_init_and_logfile` returned.
    pub init: c_int,
    /// What the calls returned: 0 granted, 4 not evaluated, 5 refused.
    pub answers: Vec<c_int>,
    /// What `lcas_term` returned at the end.
    pub term: c_int,
    /// The log.
    pub log: String,
}

impl Case {
    /// A database for this library.
    #[must_use]
    pub fn new(library: &Path, db: &str) -> Self {
        Self {
            library: library.to_owned(),
            db: db.to_owned(),
            ..Self::default()
        }
    }

    /// A database with one module.
    #[must_use]
    pub fn of_module(library: &Path, module: &Path, words: &str) -> Self {
        let module = module.display();
        Self::new(
            library,
            &format!("pluginname=\"{module}\", pluginargs=\"{words}\"\n"),
        )
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.environment
            .push((name.to_owned(), value.as_ref().display().to_string()));
        self
    }

    /// Asks for [`TESTER_DN`](crate::TESTER_DN).
    #[must_use]
    pub fn ask(self, request: Option<&str>) -> Self {
        self.ask_as(crate::TESTER_PEM, request)
    }

    /// Asks for the user with this PEM text.
    #[must_use]
    pub fn ask_as(mut self, pem: &str, request: Option<&str>) -> Self {
        self.calls.push(Call::Ask {
            pem: pem.to_owned(),
            request: request.map(str::to_owned),
        });
        self
    }

    /// Terminates and initialises the library; the answer is what initialising returns.
    #[must_use]
    pub fn restart(mut self) -> Self {
        self.calls.push(Call::Restart);
        self
    }

    /// Runs the case.
    ///
    /// # Panics
    /// When the child dies or leaves no report.
    #[must_use]
    pub fn run(&self) -> Report {
        let scratch = tempfile::tempdir().expect("a scratch directory");
        let path = |name: &str| scratch.path().join(name);
        fs::write(path("lcas.db"), &self.db).expect("a file in the scratch directory");
        let case = serde_json::to_string(self).expect("a case is JSON");
        fs::write(path("case.json"), case).expect("a file in the scratch directory");
        let mut child = Command::new(env::current_exe().expect("the path of this test"));
        child.args(["--exact", "child", "--nocapture", "--test-threads=1"]);
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("LCAS_") {
                child.env_remove(name);
            }
        }
        child
            .env(CASE_VARIABLE, scratch.path())
            .env("LCAS_DB_FILE", path("lcas.db"))
            .env("LCAS_DEBUG_LEVEL", "1")
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        let output = child.output().expect("the child starts");
        let said = || {
            format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
        };
        assert!(
            output.status.success(),
            "the child ended with {}:\n{}",
            output.status,
            said()
        );
        let report = fs::read_to_string(path("report.json"))
            .unwrap_or_else(|_| panic!("the test \"child\" is missing:\n{}", said()));
        let mut report: Report = serde_json::from_str(&report).expect("the child writes a report");
        report.log = fs::read(path("log"))
            .map(|log| String::from_utf8_lossy(&log).into_owned())
            .unwrap_or_default();
        report
    }
}

impl Report {
    /// Fails the test when no line of the log contains this text.
    ///
    /// # Panics
    /// Then.
    #[track_caller]
    pub fn expect_log(&self, text: &str) {
        assert!(
            self.log.contains(text),
            "no line with\n  {text}\nin\n{}",
            self.log
        );
    }
}

/// The liblcas of this machine, of this workspace when the test depends on it, and the one that
/// `LCAS_TEST_LIBRARY` names. Says so on standard error when there is none on this machine.
#[must_use]
pub fn libraries() -> Vec<PathBuf> {
    let installed = ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu"]
        .iter()
        .map(|place| Path::new(place).join("liblcas.so.0"))
        .find(|path| path.exists());
    if installed.is_none() {
        eprintln!("skipped: no liblcas.so.0 is installed on this machine (package liblcas0)");
    }
    let named = env::var_os(LIBRARY_VARIABLE).map(PathBuf::from);
    [installed, own_library(), named]
        .into_iter()
        .flatten()
        .collect()
}

/// The liblcas of this workspace, if the test depends on it.
#[must_use]
pub fn own_library() -> Option<PathBuf> {
    let test = env::current_exe().ok()?;
    let library = test.parent()?.join("liblcas.so");
    library.exists().then_some(library)
}
