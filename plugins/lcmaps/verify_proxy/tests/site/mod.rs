//! The test PKI, and a module's verdict on a PEM text inside a real library.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use lcmaps_module_test::module_file;
use lcmaps_module_test::real::{Call, Case};
use tempfile::TempDir;

/// The C module.
pub const ORIGINAL: &str = "/usr/lib/lcmaps/liblcmaps_verify_proxy.so";

/// The module of this workspace.
pub fn ours() -> PathBuf {
    module_file("lcmaps_verify_proxy")
}

/// This module, and the C one where that is installed.
pub fn both() -> Vec<PathBuf> {
    let original = Path::new(ORIGINAL);
    if !original.exists() {
        eprintln!("{ORIGINAL} is not installed (package lcmaps-plugins-verify-proxy)");
    }
    [ours(), original.to_owned()]
        .into_iter()
        .filter(|module| module.exists())
        .collect()
}

/// The test PKI, made once for a test program.
pub struct Pki(TempDir);

impl Pki {
    /// The PKI with these parts; `None` where the tools to make one are missing.
    pub fn with(parts: &[&str]) -> Option<&'static Self> {
        static PKI: OnceLock<Option<Pki>> = OnceLock::new();
        let made = PKI.get_or_init(|| {
            let folder = tempfile::tempdir().expect("a folder");
            let script =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/pki/mkpki.sh");
            let mut command = Command::new("bash");
            let status = command.arg(script).arg(folder.path()).args(parts).status();
            let status = status.expect("bash");
            if status.code() == Some(3) {
                eprintln!("skipped: a program that makes the test PKI is not installed");
                return None;
            }
            assert!(status.success(), "mkpki.sh failed");
            Some(Self(folder))
        });
        made.as_ref()
    }

    /// A file or folder of it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The text of a file.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// A proxy.
    pub fn proxy(&self, name: &str) -> String {
        self.text(&format!("proxies/{name}.pem"))
    }

    /// The names of the PEM files in a folder, without their ending.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "pem"))
            .map(|path| {
                let stem = path.file_stem().and_then(|stem| stem.to_str());
                stem.expect("a name").to_owned()
            })
            .collect();
        names.sort();
        names
    }

    /// A module's verdict with these options, beside the one that names the trust folder.
    pub fn ask(&self, library: &Path, module: &Path, options: &str) -> Question<'_> {
        let certificates = self.path("certificates");
        let words = format!("-certdir {} {options}", certificates.display());
        Question {
            pki: self,
            library: library.to_owned(),
            module: module.to_owned(),
            words,
            environment: Vec::new(),
        }
    }
}

/// A module with its configuration in a library.
pub struct Question<'a> {
    pki: &'a Pki,
    library: PathBuf,
    module: PathBuf,
    words: String,
    environment: Vec<&'a str>,
}

/// What became of one sender.
pub struct Verdict {
    /// Whether the module lets him in, by its own last line. A library that refuses the text
    /// before any module sees it refuses as well.
    pub lets_in: bool,
    /// The log.
    pub log: String,
}

impl<'a> Question<'a> {
    /// Sets a variable of the environment.
    pub fn with_variable(mut self, name: &'a str) -> Self {
        self.environment.push(name);
        self
    }

    /// Asks about the sender of a PEM text.
    pub fn about(&self, pem: &str) -> Verdict {
        let mut case = Case::of_module(&self.library, &self.module, &self.words)
            .env("X509_CERT_DIR", self.pki.path("certificates"))
            .env("X509_VOMS_DIR", self.pki.path("vomsdir"));
        for name in &self.environment {
            case = case.env(name, "");
        }
        let report = case
            .call(Call::Verify {
                pem: pem.to_owned(),
                uid: 1,
            })
            .run();
        assert_eq!(report.init, 0, "{}", report.log);
        let lets_in = report.log.lines().any(|line| {
            line.contains("verify_proxy-plugin_verify()") && line.ends_with("plugin succeeded")
        });
        Verdict {
            lets_in,
            log: report.log,
        }
    }

    /// Whether the library starts with this configuration.
    pub fn starts(&self) -> bool {
        Case::of_module(&self.library, &self.module, &self.words)
            .run()
            .init
            == 0
    }

    /// What the library logs when it starts with this configuration, or fails to.
    pub fn log_of_start(&self) -> String {
        Case::of_module(&self.library, &self.module, &self.words)
            .run()
            .log
    }
}
