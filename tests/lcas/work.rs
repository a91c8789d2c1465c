//! What the tests of liblcas share: the libraries, the driver of the conformance cases, toy modules.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use support::{Finished, TempDir, finish, has_program, run, scratch};

/// The folder of the conformance cases, whose driver and test modules the other tests use too.
#[must_use]
pub fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/lcas")
}

/// What the tests need and do not find here, if anything.
#[must_use]
pub fn missing() -> Option<&'static str> {
    let globus = Path::new("/usr/include/globus/gssapi.h").exists();
    if !has_program("bash") || !has_program("gcc") || !has_program("openssl") {
        Some("bash, gcc and openssl are needed")
    } else if !globus || !Path::new("/usr/include/globus/globus_gss_assist.h").exists() {
        Some("the headers of Globus are not installed (Debian: libglobus-gss-assist-dev)")
    } else if original_headers().is_none() {
        Some("the original's headers are not installed (Debian: lcas-interface)")
    } else {
        None
    }
}

/// The library under test.
///
/// # Panics
/// When it is not built.
#[must_use]
pub fn our_library() -> PathBuf {
    let test = std::env::current_exe().expect("the path of the test");
    let path = test.with_file_name("liblcas.so");
    assert!(path.exists(), "{} is not built", path.display());
    path
}

/// A directory with our library under the names that it has once installed.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn our_library_dir() -> &'static Path {
    static DIRECTORY: OnceLock<TempDir> = OnceLock::new();
    DIRECTORY
        .get_or_init(|| {
            let directory = scratch();
            for name in ["liblcas.so", "liblcas.so.0"] {
                symlink(our_library(), directory.path().join(name)).expect("a link");
            }
            directory
        })
        .path()
}

/// The original's library, where it is installed.
#[must_use]
pub fn original_library() -> Option<PathBuf> {
    let places = ["/usr/lib/liblcas.so.0", "/usr/lib64/liblcas.so.0"];
    let library = places
        .iter()
        .map(PathBuf::from)
        .find(|place| place.exists())?;
    // An installed library of ours is no oracle.
    let bytes = fs::read(&library).ok()?;
    let own = b"plugin_select_instance";
    (!bytes.windows(own.len()).any(|window| window == own)).then_some(library)
}

/// The libraries that are here, with names for messages.
#[must_use]
pub fn libraries() -> Vec<(&'static str, PathBuf)> {
    let mut libraries = vec![("ours", our_library())];
    libraries.extend(original_library().map(|library| ("the original", library)));
    libraries
}

/// The include directory with the original's headers, where they are installed.
#[must_use]
pub fn original_headers() -> Option<PathBuf> {
    let directory = Path::new("/usr/include");
    let header = fs::read_to_string(directory.join("lcas/lcas.h")).ok()?;
    (!header.contains("cargo xtask headers")).then(|| directory.to_owned())
}

/// A directory with `bin` (the driver `drv` and the test modules `tp_*.mod`) and `certs`.
///
/// # Panics
/// When they cannot be made.
#[must_use]
pub fn work() -> &'static Path {
    static DIRECTORY: OnceLock<TempDir> = OnceLock::new();
    DIRECTORY
        .get_or_init(|| {
            let directory = scratch();
            let at = |name: &str| directory.path().join(name);
            run(Command::new("bash")
                .arg(cases().join("build.sh"))
                .arg(at("bin")))
            .expect_success();
            run(Command::new("bash")
                .arg(cases().join("mkcerts.sh"))
                .arg(at("certs")))
            .expect_success();
            directory
        })
        .path()
}

/// Compiles a toy module from C text.
///
/// # Panics
/// When the compiler does not take it.
pub fn toy(directory: &Path, name: &str, text: &str) {
    let source = directory.join(format!("{name}.c"));
    fs::write(&source, text).expect("a file in the scratch directory");
    let headers = support::our_headers();
    let module = format!("{name}.mod");
    let flags = ["-shared", "-fPIC", "-isystem", "/usr/include/globus"];
    let _path = support::compile(
        directory,
        &module,
        &source,
        support::Headers::In(&headers),
        &flags,
    );
}

/// A run of the driver.
#[derive(Debug, Default)]
pub struct Session {
    database: String,
    environment: Vec<(String, String)>,
}

/// What came of a [`Session`].
#[derive(Debug)]
pub struct Outcome {
    /// What the operations returned, `init=0 vapem=5 …`.
    pub answers: String,
    /// The log.
    pub log: String,
    /// What the test modules were called for.
    pub trace: String,
    /// The driver.
    pub driver: Finished,
}

impl Session {
    /// A session with this database; `@M@` in it is the directory of the test modules.
    #[must_use]
    pub fn new(database: &str) -> Self {
        Self {
            database: database.to_owned(),
            environment: Vec::new(),
        }
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        let value = value.as_ref().display().to_string();
        self.environment.push((name.to_owned(), value));
        self
    }

    /// Runs the driver with these operations; `@C@` in them is the directory of the certificates.
    ///
    /// # Panics
    /// When it does not end.
    #[must_use]
    pub fn run(&self, library: &Path, operations: &[&str]) -> Outcome {
        let directory = scratch();
        let at = |name: &str| directory.path().join(name);
        let (bin, certificates) = (work().join("bin"), work().join("certs"));
        let database = self.database.replace("@M@", &bin.display().to_string());
        fs::write(at("lcas.db"), database).expect("a database");
        let mut driver = Command::new(bin.join("drv"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("LCAS_") {
                driver.env_remove(name);
            }
        }
        driver
            .arg(library)
            .arg(format!("log={}", at("log").display()))
            .args(
                operations
                    .iter()
                    .map(|operation| operation.replace("@C@", &certificates.display().to_string())),
            )
            .env("LCAS_DIR", directory.path())
            .env("TP_TRACE", at("trace"))
            .env("DRV_SYSLOG", at("syslog"))
            .env("X509_CERT_DIR", certificates.join("cadir"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        let driver = finish(&mut driver, Duration::from_secs(20));
        let read = |name: &str| {
            let bytes = fs::read(at(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Outcome {
            answers: driver
                .stdout
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            log: read("log"),
            trace: read("trace"),
            driver,
        }
    }
}

impl Outcome {
    /// Fails the test unless the operations returned this.
    ///
    /// # Panics
    /// Then.
    #[track_caller]
    pub fn expect(&self, answers: &str) -> &Self {
        assert_eq!(
            self.answers, answers,
            "{}\n{}\n{}",
            self.log, self.trace, self.driver.stderr
        );
        self
    }

    /// Fails the test unless the log has this text.
    ///
    /// # Panics
    /// Then.
    #[track_caller]
    pub fn expect_log(&self, text: &str) -> &Self {
        assert!(self.log.contains(text), "no {text:?} in\n{}", self.log);
        self
    }
}
