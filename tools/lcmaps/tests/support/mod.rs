//! The test PKI, and commands on its files.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// What a test comes to.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The folder of the test PKI, made once for a test program; `None` where the tools to make one are
/// missing.
pub fn pki(program: &str, parts: &[&str]) -> Option<&'static Path> {
    static PKI: OnceLock<Option<PathBuf>> = OnceLock::new();
    let made = PKI.get_or_init(|| {
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/pki/mkpki.sh");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("pki-{program}"));
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the old PKI");
        }
        let status = Command::new("bash")
            .arg(script)
            .arg(&folder)
            .args(parts)
            .status();
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

/// `lcmaps proxy` with the directories of the PKI.
pub fn proxy(pki: &Path, file: &Path, options: &[&str]) -> Outcome<Run> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lcmaps"));
    command
        .arg("proxy")
        .arg(file)
        .args(options)
        .env("X509_CERT_DIR", pki.join("certificates"))
        .env("X509_VOMS_DIR", pki.join("vomsdir"));
    Run::of(&mut command)
}

/// The answer in JSON, and the exit status.
pub fn view(pki: &Path, file: &Path, options: &[&str]) -> Outcome<(i32, Value)> {
    let options: Vec<&str> = options
        .iter()
        .copied()
        .chain(["--format", "json"])
        .collect();
    let run = proxy(pki, file, &options)?;
    let view = serde_json::from_str(&run.stdout).map_err(|error| format!("{error}: {run:?}"))?;
    Ok((run.status, view))
}

/// The file of a proxy.
pub fn of_proxies(pki: &Path, name: &str) -> PathBuf {
    pki.join(format!("proxies/{name}.pem"))
}

/// Fails the test unless the look ended with this status, for a reason with these words.
#[track_caller]
pub fn has_reason(run: &(i32, Value), status: i32, words: &str) {
    let reason = run.1["reason"].as_str().unwrap_or_default();
    assert_eq!(run.0, status, "{reason}");
    assert!(reason.contains(words), "no {words:?} in {reason:?}");
}
