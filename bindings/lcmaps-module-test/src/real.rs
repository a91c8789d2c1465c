//! A policy inside a real liblcmaps, in a process of its own.
//!
//! The library keeps its state for the whole process and reads the environment, so each case gets a
//! process: the test's own executable, started again with one test that does the work. A test file
//! that uses [`Case`] therefore holds this test:
//!
//! ```text
//! #[test]
//! fn child() {
//!     lcmaps_module_test::real::child();
//! }
//! ```

mod child;
mod place;

use std::env;
use std::ffi::c_int;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::accounts::make_up;

pub use child::child;
pub use place::{can_change_user, can_fake_accounts, libraries, own_library};

/// Where the child finds its case and leaves its report.
const CASE_VARIABLE: &str = "LCMAPS_MODULE_TEST_CASE";

/// One thing to do with the library.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Call {
    /// `lcmaps_run_without_credentials_and_return_username`.
    Username {
        /// The DN.
        dn: String,
    },
    /// `lcmaps_run_with_fqans_mapcounter_and_return_account`.
    Account {
        /// The DN.
        dn: String,
        /// The FQANs.
        fqans: Vec<String>,
        /// The map counter.
        map_counter: c_int,
    },
    /// `lcmaps_run_and_verify_account_from_pem`.
    Verify {
        /// The credential.
        pem: String,
        /// The uid.
        uid: u32,
    },
    /// `lcmaps_term` and `lcmaps_init`.
    Restart,
}

/// What the library said to a [`Call`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// It failed with this code.
    Failed(c_int),
    /// The account's name.
    Username(String),
    /// The account.
    Account {
        /// The uid.
        uid: u32,
        /// The primary gids.
        primary_gids: Vec<u32>,
        /// The secondary gids.
        secondary_gids: Vec<u32>,
        /// The pool index.
        pool_index: Option<String>,
    },
    /// It succeeded and there is nothing more to say.
    Done,
}

/// A policy file and what to do with it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Case {
    library: PathBuf,
    db: String,
    environment: Vec<(String, String)>,
    accounts: Option<(String, String)>,
    user: Option<u32>,
    directory: Option<PathBuf>,
    calls: Vec<Call>,
}

/// What came of a [`Case`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Report {
    /// What `lcmaps_init` returned.
    pub init: c_int,
    /// One answer for each call.
    pub answers: Vec<Answer>,
    /// The log.
    pub log: String,
}

impl Case {
    /// A policy file for this library.
    #[must_use]
    pub fn new(library: &Path, db: &str) -> Self {
        Self {
            library: library.to_owned(),
            db: db.to_owned(),
            ..Self::default()
        }
    }

    /// A policy in which a user who fails the module fails altogether, and one who passes it
    /// passes. The test depends on `lcmaps_dummy_bad`, the end of that policy.
    #[must_use]
    pub fn of_module(library: &Path, module: &Path, words: &str) -> Self {
        let end = crate::module_file("lcmaps_dummy_bad");
        let (module, end) = (module.display(), end.display());
        Self::new(
            library,
            &format!("m = \"{module} {words}\"\nend = \"{end}\"\np:\n~m -> end\n"),
        )
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.environment
            .push((name.to_owned(), value.as_ref().display().to_string()));
        self
    }

    /// Replaces the accounts and groups of the machine by these lines of passwd(5) and group(5).
    #[must_use]
    pub fn accounts(mut self, passwd: &str, group: &str) -> Self {
        self.accounts = Some((passwd.to_owned(), group.to_owned()));
        self
    }

    /// Runs under this uid; for tests that root runs.
    #[must_use]
    pub fn as_user(mut self, uid: u32) -> Self {
        self.user = Some(uid);
        self
    }

    /// Runs in this directory.
    #[must_use]
    pub fn within(mut self, directory: &Path) -> Self {
        self.directory = Some(directory.to_owned());
        self
    }

    /// Adds a call.
    #[must_use]
    pub fn call(mut self, call: Call) -> Self {
        self.calls.push(call);
        self
    }

    /// Adds [`Call::Username`].
    #[must_use]
    pub fn username(self, dn: &str) -> Self {
        self.call(Call::Username { dn: dn.to_owned() })
    }

    /// Adds [`Call::Account`] without FQANs and map counter.
    #[must_use]
    pub fn account(self, dn: &str) -> Self {
        self.account_of(dn, &[])
    }

    /// Adds [`Call::Account`] with FQANs and without map counter.
    #[must_use]
    pub fn account_of(self, dn: &str, fqans: &[&str]) -> Self {
        self.call(Call::Account {
            dn: dn.to_owned(),
            fqans: fqans.iter().map(|&fqan| fqan.to_owned()).collect(),
            map_counter: -1,
        })
    }

    /// Runs the case.
    ///
    /// # Panics
    /// When the child dies or leaves no report.
    #[must_use]
    pub fn run(&self) -> Report {
        let scratch = tempfile::tempdir().expect("a scratch directory");
        let path = |name: &str| scratch.path().join(name);
        let write = |name: &str, text: &str| {
            fs::write(path(name), text).expect("a file in the scratch directory")
        };
        write("lcmaps.db", &self.db);
        write(
            "case.json",
            &serde_json::to_string(self).expect("a case is JSON"),
        );
        let mut child = Command::new(env::current_exe().expect("the path of this test"));
        child.args(["--exact", "child", "--nocapture", "--test-threads=1"]);
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("LCMAPS_")
                || name.to_ascii_uppercase().starts_with("GRIDMAP")
                || name.eq_ignore_ascii_case("GLOBUSMAP")
            {
                child.env_remove(name);
            }
        }
        child
            .env(CASE_VARIABLE, scratch.path())
            .env("LCMAPS_DB_FILE", path("lcmaps.db"))
            .env("LCMAPS_DEBUG_LEVEL", "5");
        if let Some((passwd, group)) = &self.accounts {
            write("passwd", passwd);
            write("group", group);
            make_up(&mut child, &path("passwd"), &path("group"));
        }
        if self.user.is_some() {
            fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o777))
                .expect("a scratch directory for all");
        }
        child.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(directory) = &self.directory {
            child.current_dir(directory);
        }
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
    /// The answer to the only call.
    ///
    /// # Panics
    /// When there is not exactly one.
    #[must_use]
    pub fn only(&self) -> &Answer {
        assert_eq!(
            self.answers.len(),
            1,
            "init={} log:\n{}",
            self.init,
            self.log
        );
        &self.answers[0]
    }

    /// Fails the test when no line of the log contains this text.
    ///
    /// # Panics
    /// Then.
    pub fn expect_log(&self, text: &str) {
        assert!(
            self.log.contains(text),
            "no line with\n  {text}\nin\n{}",
            self.log
        );
    }
}
