//! `verify-proxy-tool`, beside the original where that is installed.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Outcome, Run, is_bad, names};

const ORIGINAL: &str = "/usr/bin/verify-proxy-tool";

fn pki() -> Option<&'static Path> {
    support::pki("verify-proxy-tool", &["base", "proxies", "voms", "chains"])
}

fn tool(pki: &Path, arguments: &[&str]) -> Outcome<Run> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_verify-proxy-tool"));
    Run::of(
        command
            .args(arguments)
            .env("X509_CERT_DIR", pki.join("certificates")),
    )
}

fn proxy(pki: &Path, name: &str) -> String {
    pki.join(format!("proxies/{name}.pem"))
        .display()
        .to_string()
}

/// A file that only its owner may use.
fn private(folder: &Path, text: &str) -> Outcome<PathBuf> {
    let path = folder.join("p.pem");
    fs::write(&path, text)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    Ok(path)
}

#[test]
fn every_proxy_gets_the_status_that_its_name_promises() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    for name in names(&pki.join("proxies"))? {
        let run = tool(pki, &[&proxy(pki, &name)])?;
        assert_eq!(
            run.status,
            if is_bad(&name) { 2 } else { 0 },
            "{name}: {run:?}"
        );
        assert_eq!(
            run.stdout.lines().count(),
            usize::from(run.status == 0),
            "{run:?}"
        );
        assert_eq!(
            run.stderr.contains(": refused: "),
            run.status == 2,
            "{run:?}"
        );
    }
    Ok(())
}

#[test]
fn the_original_gives_the_same_status() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    if !Path::new(ORIGINAL).exists() {
        eprintln!("skipped: {ORIGINAL} is not installed (package lcmaps-plugins-verify-proxy)");
        return Ok(());
    }
    let mut different = Vec::new();
    let mut compared = 0;
    for folder in ["proxies", "certs"] {
        for name in names(&pki.join(folder))? {
            let file = pki.join(format!("{folder}/{name}.pem"));
            for options in [&[][..], &["-t"]] {
                let theirs = Run::of(
                    Command::new(ORIGINAL)
                        .args(options)
                        .arg(&file)
                        .env("X509_CERT_DIR", pki.join("certificates")),
                )?;
                let file = file.display().to_string();
                let mut own: Vec<&str> = options.to_vec();
                own.extend(["--namespaces", "off", &file]);
                let ours = tool(pki, &own)?;
                compared += 1;
                if ours.status != theirs.status {
                    different.push(format!("{name} {options:?}: {ours:?} / {theirs:?}"));
                }
            }
        }
    }
    assert!(compared > 90, "{compared}");
    assert!(different.is_empty(), "{different:#?}");
    Ok(())
}

#[test]
fn a_missing_key_is_a_warning_and_a_foreign_one_a_refusal() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let scratch = tempfile::tempdir()?;
    let certificate = fs::read_to_string(pki.join("certs/alice.pem"))?;
    let path = private(scratch.path(), &certificate)?.display().to_string();
    let run = tool(pki, &[&path])?;
    assert_eq!(run.status, 0, "{run:?}");
    assert!(
        run.stderr
            .contains("warning: private key: there is none in the file\n"),
        "{run:?}"
    );
    assert_eq!(tool(pki, &["--require-key", &path])?.status, 2);
    let foreign = certificate + &fs::read_to_string(pki.join("keys/bob.key"))?;
    private(scratch.path(), &foreign)?;
    let run = tool(pki, &[&path])?;
    assert_eq!(run.status, 2, "{run:?}");
    assert!(
        run.stderr
            .contains("the private key is not that of the first certificate"),
        "{run:?}"
    );
    Ok(())
}

#[test]
fn quiet_says_nothing_about_good_proxies_and_debug_shows_every_certificate() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let scratch = tempfile::tempdir()?;
    let path = private(
        scratch.path(),
        &fs::read_to_string(proxy(pki, "alice-rfc"))?,
    )?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
    let path = path.display().to_string();
    let run = tool(pki, &["-q", &path])?;
    assert_eq!(
        (run.status, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", "")
    );
    let run = tool(pki, &["--debug", &path])?;
    for text in [
        "warning: others may use this file (mode 0644)",
        "2: CA: /C=NL/O=TestGrid/CN=TestGrid CA, until ",
        "1: end entity: /C=NL/O=TestGrid/OU=Users/CN=Alice Tester, until ",
        "0: RFC 3820 impersonation proxy: /C=NL/",
    ] {
        assert!(run.stderr.contains(text), "no {text:?} in {run:?}");
    }
    let run = tool(pki, &["-q", &proxy(pki, "revoked-rfc")])?;
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("revoked by"), "{run:?}");
    Ok(())
}

#[test]
fn a_proxy_that_is_over_holds_for_the_time_when_it_began() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    // Its own dates are over; those of the CRL had not begun then, so only the reason changes.
    let expired = proxy(pki, "voms-expired");
    assert!(tool(pki, &[&expired])?.stderr.contains("expired at"));
    let began = tool(pki, &["--atnotbefore", &expired])?;
    assert!(!began.stderr.contains("expired at"), "{began:?}");
    assert_eq!(tool(pki, &["-t", &proxy(pki, "alice-rfc")])?.status, 0);
    Ok(())
}

#[test]
fn the_environment_names_the_proxy_when_nothing_else_does() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    for (name, status) in [("alice-rfc", 0), ("revoked-rfc", 2)] {
        let run = Run::of(
            Command::new(env!("CARGO_BIN_EXE_verify-proxy-tool"))
                .env("X509_USER_PROXY", proxy(pki, name))
                .env("LCMAPS_X509_CERT_DIR", pki.join("certificates"))
                .env("X509_CERT_DIR", "/no/such"),
        )?;
        assert_eq!(run.status, status, "{run:?}");
    }
    Ok(())
}

#[test]
fn what_cannot_be_looked_at_has_a_status_of_its_own() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let good = proxy(pki, "alice-rfc");
    for arguments in [
        &["/no/such/file"][..],
        &["--certdir", "/no/such", &good],
        &["--no-such-option", &good],
        &["--max-proxy-ttl", "x", &good],
    ] {
        assert_eq!(tool(pki, arguments)?.status, 1, "{arguments:?}");
    }
    for arguments in [["--help"], ["--version"]] {
        assert_eq!(tool(pki, &arguments)?.status, 0);
    }
    let none = pki.join("chains/none.pem").display().to_string();
    assert_eq!(
        tool(pki, &[&none])?.status,
        2,
        "a file without certificates"
    );
    Ok(())
}

#[test]
fn options_of_the_module_take_effect() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let (full, limited) = (proxy(pki, "alice-rfc"), proxy(pki, "alice-rfc-limited"));
    for (arguments, status) in [
        (["--disallow-limited-proxy", &full], 0),
        (["--disallow-limited-proxy", &limited], 2),
        (["--require-limited-proxy", &full], 2),
        (["--require-limited-proxy", &limited], 0),
        (["--max-proxy-ttl=1:00", &full], 2),
        (["--require-crl", &full], 0),
    ] {
        assert_eq!(tool(pki, &arguments)?.status, status, "{arguments:?}");
    }
    Ok(())
}
