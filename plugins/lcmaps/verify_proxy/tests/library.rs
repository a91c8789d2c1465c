//! `lcmaps_verify_proxy` inside real libraries, on the certificates of the test PKI, beside the C module.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use lcmaps_module_test::module_file;
use lcmaps_module_test::real::{Call, Case, Report, libraries};
use tempfile::TempDir;

const ORIGINAL: &str = "/usr/lib/lcmaps/liblcmaps_verify_proxy.so";

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// The folder of the test PKI; `None` where the tools to make one are missing.
fn pki() -> Option<&'static Path> {
    static PKI: OnceLock<Option<TempDir>> = OnceLock::new();
    let made = PKI.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/pki/mkpki.sh");
        let status = Command::new("bash")
            .arg(script)
            .arg(folder.path())
            .args(["base", "proxies"])
            .status()
            .expect("bash");
        if status.code() == Some(3) {
            eprintln!("skipped: grid-proxy-init or openssl is not installed");
            return None;
        }
        assert!(status.success(), "mkpki.sh failed");
        Some(folder)
    });
    made.as_ref().map(TempDir::path)
}

/// Whether a module lets the sender of a PEM text in, by its own last line, and the log. A library
/// that refuses the text before any module sees it refuses as well.
fn lets_in(library: &Path, module: &Path, words: &str, pem: &str) -> (bool, String) {
    let report: Report = Case::of_module(library, module, words)
        .call(Call::Verify {
            pem: pem.to_owned(),
            uid: 1,
        })
        .run();
    assert_eq!(report.init, 0, "{}", report.log);
    let succeeded = report.log.lines().any(|line| {
        line.contains("verify_proxy-plugin_verify()") && line.ends_with("plugin succeeded")
    });
    (succeeded, report.log)
}

fn ours() -> PathBuf {
    module_file("lcmaps_verify_proxy")
}

fn certificates(pki: &Path) -> String {
    format!("-certdir {}", pki.join("certificates").display())
}

fn proxy(pki: &Path, name: &str) -> String {
    fs::read_to_string(pki.join("proxies").join(name)).expect("a proxy")
}

#[test]
fn every_proxy_of_the_test_pki_gets_the_verdict_of_its_name() {
    let Some(pki) = pki() else { return };
    let mut names: Vec<_> = fs::read_dir(pki.join("proxies"))
        .expect("proxies")
        .map(|entry| {
            let name = entry.expect("an entry").file_name();
            name.into_string().expect("a name")
        })
        .collect();
    names.sort();
    assert!(names.len() > 15, "{names:?}");
    let words = certificates(pki);
    for library in libraries() {
        for name in &names {
            let pem = proxy(pki, name);
            let legal = !["ILLEGAL", "revoked", "mallory", "outside"]
                .iter()
                .any(|who| name.contains(who));
            let place = library.display();
            let (found, log) = lets_in(&library, &ours(), &words, &pem);
            assert_eq!(found, legal, "{name} in {place}:\n{log}");
            if !Path::new(ORIGINAL).exists() {
                continue;
            }
            // The C module gives the same verdict, but for names outside the namespace of the CA.
            let (theirs, _) = lets_in(&library, Path::new(ORIGINAL), &words, &pem);
            let words = format!("{words} --namespaces off");
            let (own, log) = lets_in(&library, &ours(), &words, &pem);
            assert_eq!(own, theirs, "{name} in {place}:\n{log}");
        }
    }
}
