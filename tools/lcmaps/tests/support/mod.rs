//! The test PKI, and commands on its files.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What a test comes to.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The folder of the test PKI, made once for a test program; `None` where the tools to make one are
/// missing.
pub fn pki(program: &str) -> Option<&'static Path> {
    static PKI: OnceLock<Option<PathBuf>> = OnceLock::new();
    let made = PKI.get_or_init(|| {
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/pki/mkpki.sh");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("pki-{program}"));
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the old PKI");
        }
        let status = Command::new("bash").arg(script).arg(&folder).status();
        let status = status.expect("bash");
        if status.code() == Some(3) {
            eprintln!("skipped: a program that makes the test PKI is not installed");
            return None;
        }
        assert!(status.success(), "mkpki.sh failed");
        Some(folder)
    });
    made.as_deref()
}

/// The names of the PEM files in a folder of the PKI, without their ending.
pub fn names(folder: &Path) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "pem") {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            names.push(stem.ok_or("a name that is no text")?.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// A finished command.
#[derive(Debug)]
pub struct Run {
    /// Its exit status.
    pub status: i32,
    /// What it wrote.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Run {
    /// Runs a command to its end, without the variables that name directories.
    pub fn of(command: &mut Command) -> Outcome<Self> {
        for variable in [
            "LCMAPS_X509_CERT_DIR",
            "X509_CERT_DIR",
            "LCMAPS_X509_VOMS_DIR",
            "X509_VOMS_DIR",
            "X509_USER_PROXY",
        ] {
            if !command.get_envs().any(|(name, _)| name == variable) {
                command.env_remove(variable);
            }
        }
        let output = command.output()?;
        Ok(Self {
            status: output.status.code().ok_or("the command was killed")?,
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }
}

/// Whether a proxy of this name must be refused, attributes aside.
pub fn is_bad(name: &str) -> bool {
    ["ILLEGAL", "revoked", "mallory", "outside"]
        .iter()
        .any(|word| name.contains(word))
        || ["voms-expired", "voms-tampered"].contains(&name)
}
