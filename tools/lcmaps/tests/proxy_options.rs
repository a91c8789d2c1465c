//! The options of `lcmaps proxy`, and files that it cannot use.

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use support::{Outcome, Run, has_reason, of_proxies, proxy, view};

fn pki() -> Option<&'static Path> {
    support::pki("proxy-options", &["base", "proxies", "voms"])
}

#[test]
fn the_time_of_the_look_can_be_chosen() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let file = of_proxies(pki, "alice-rfc");
    has_reason(
        &view(pki, &file, &["--at", "2000-01-01"])?,
        1,
        "is not valid yet",
    );
    // In 2 years the proxy is over, the certificate is not.
    let now = std::time::UNIX_EPOCH.elapsed()?.as_secs();
    let later = format!("@{}", now + 2 * 365 * 86_400);
    let late = view(pki, &file, &["--at", &later])?;
    has_reason(&late, 1, "expired at ");
    assert!(late.1["certificates"][0]["validity"]["seconds_left"].as_i64() < Some(0));
    assert_eq!(
        view(pki, &of_proxies(pki, "alice-eec"), &["--at", &later])?.0,
        0
    );
    // Attributes are held against the same time.
    let (_, voms) = view(pki, &of_proxies(pki, "voms-basic"), &["--at", &later])?;
    assert_eq!(voms["fqans"], serde_json::json!([]));
    assert!(
        voms["attributes"][0]["reason"]
            .as_str()
            .is_some_and(|why| why.contains("expired"))
    );
    Ok(())
}

#[test]
fn lifetimes_can_be_limited() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let run = |name: &str, options: &[&str]| view(pki, &of_proxies(pki, name), options);
    has_reason(
        &run("alice-rfc", &["--max-proxy-ttl", "12:00"])?,
        1,
        "limit 12 h",
    );
    has_reason(
        &run("alice-rfc", &["--max-proxy-ttl", "0=12:00"])?,
        1,
        "proxy level 0",
    );
    assert_eq!(
        run("alice-rfc", &["--max-proxy-ttl", "1=12:00"])?.0,
        0,
        "no such level"
    );
    assert_eq!(
        run("alice-eec", &["--max-proxy-ttl", "0:01"])?.0,
        0,
        "no proxy"
    );
    // The second one is valid for 30 days, the first one for a year.
    assert_eq!(run("alice-rfc2", &["--max-proxy-ttl", "L=31d-00:00"])?.0, 0);
    has_reason(
        &run("alice-rfc2", &["--max-proxy-ttl", "L=29d-00:00"])?,
        1,
        "(the last one)",
    );
    has_reason(
        &run("alice-rfc2", &["--max-proxy-ttl", "31d-00:00"])?,
        1,
        "proxy level 0",
    );
    has_reason(
        &run("voms-basic", &["--max-voms-ttl", "99d-00:00"])?,
        1,
        "attribute certificate of VO testvo is valid 8760 h, limit 2376 h",
    );
    assert_eq!(
        run("alice-rfc", &["--max-voms-ttl", "0:01"])?.0,
        0,
        "no attributes"
    );
    assert_eq!(
        run("voms-evil", &["--max-voms-ttl", "0:01"])?.0,
        0,
        "they do not count"
    );
    for wrong in ["x", "0:00", "Z=1:00"] {
        assert_eq!(
            proxy(
                pki,
                &of_proxies(pki, "alice-rfc"),
                &["--max-proxy-ttl", wrong]
            )?
            .status,
            2
        );
    }
    Ok(())
}

#[test]
fn limited_proxies_can_be_refused_or_required() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let run = |name: &str, option: &str| view(pki, &of_proxies(pki, name), &[option]);
    for name in [
        "alice-rfc-limited",
        "alice-gt3-limited",
        "alice-gt2-limited",
        "alice-rfc-then-lim",
    ] {
        has_reason(
            &run(name, "--disallow-limited-proxy")?,
            1,
            "limited proxies are not let in",
        );
        assert_eq!(run(name, "--require-limited-proxy")?.0, 0, "{name}");
    }
    for name in ["alice-rfc", "alice-gt2", "alice-eec"] {
        assert_eq!(run(name, "--disallow-limited-proxy")?.0, 0, "{name}");
        has_reason(
            &run(name, "--require-limited-proxy")?,
            1,
            "only limited proxies",
        );
    }
    Ok(())
}

/// A copy of the directory of trusted CAs without the files of this ending.
fn certificates_without(pki: &Path, endings: &[&str]) -> Outcome<tempfile::TempDir> {
    let copy = tempfile::tempdir()?;
    for entry in fs::read_dir(pki.join("certificates"))? {
        let path = entry?.path();
        let name = path.file_name().ok_or("a name")?;
        let left_out = path
            .extension()
            .is_some_and(|ending| endings.iter().any(|one| ending == *one));
        if !left_out {
            symlink(fs::canonicalize(&path)?, copy.path().join(name))?;
        }
    }
    Ok(copy)
}

#[test]
fn a_missing_crl_is_a_warning_or_a_refusal() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let without = certificates_without(pki, &["r0"])?;
    let certdir = without.path().display().to_string();
    let file = of_proxies(pki, "revoked-rfc");
    let lenient = view(pki, &file, &["--certdir", &certdir])?;
    assert_eq!(lenient.0, 0, "{:#}", lenient.1);
    assert!(
        lenient.1["warnings"][0]
            .as_str()
            .is_some_and(|warning| warning.starts_with("no CRL of"))
    );
    has_reason(
        &view(pki, &file, &["--cadir", &certdir, "--require-crl"])?,
        1,
        "and one is required",
    );
    Ok(())
}

#[test]
fn namespaces_can_be_ignored_or_required() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let outside = of_proxies(pki, "outside-rfc");
    has_reason(&view(pki, &outside, &[])?, 1, "may not sign");
    assert_eq!(view(pki, &outside, &["--namespaces", "off"])?.0, 0);
    let without = certificates_without(pki, &["signing_policy", "namespaces"])?;
    let certdir = without.path().display().to_string();
    let alice = of_proxies(pki, "alice-rfc");
    assert_eq!(view(pki, &alice, &["--certdir", &certdir])?.0, 0);
    let options = ["--certdir", &certdir, "--namespaces", "require"];
    has_reason(&view(pki, &alice, &options)?, 1, "and one is required");
    Ok(())
}

#[test]
fn a_key_of_somebody_else_is_refused_and_a_missing_one_only_unless_allowed() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("p.pem");
    let certificate = fs::read_to_string(pki.join("certs/alice.pem"))?;
    let encrypted = Command::new("openssl")
        .args(["pkey", "-aes128", "-passout", "pass:x", "-in"])
        .arg(pki.join("keys/alice.key"))
        .output()?;
    let cases = [
        (
            fs::read_to_string(pki.join("keys/alice.key"))?,
            "belongs",
            0,
            0,
        ),
        (
            fs::read_to_string(pki.join("keys/bob.key"))?,
            "foreign",
            1,
            1,
        ),
        (String::new(), "absent", 1, 0),
        (String::from_utf8(encrypted.stdout)?, "encrypted", 1, 0),
    ];
    for (key, state, strict, lenient) in cases {
        fs::write(&file, format!("{certificate}{key}"))?;
        let run = view(pki, &file, &[])?;
        assert_eq!(
            (run.0, &run.1["private_key"]["state"]),
            (strict, &state.into())
        );
        assert_eq!(
            view(pki, &file, &["--allow-missing-key"])?.0,
            lenient,
            "{state}"
        );
    }
    Ok(())
}

#[test]
fn what_cannot_be_looked_at_is_unusable() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    has_reason(
        &view(pki, Path::new("/no/such/file"), &[])?,
        2,
        "/no/such/file",
    );
    has_reason(&view(pki, pki, &[])?, 2, "not a regular file");
    let file = of_proxies(pki, "alice-rfc");
    has_reason(
        &view(pki, &file, &["--certdir", "/no/such"])?,
        2,
        "/no/such is no directory",
    );
    assert_eq!(proxy(pki, &file, &["--no-such-option"])?.status, 2);
    assert_eq!(proxy(pki, &file, &["--at", "yesterday"])?.status, 2);
    Ok(())
}

#[test]
fn the_variables_of_lcmaps_come_before_those_of_globus() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let run = |cert: &str, voms: &str, other: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lcmaps"));
        command
            .args(["proxy", "--require-voms"])
            .arg(of_proxies(pki, "voms-basic"))
            .env(cert, pki.join("certificates"))
            .env(voms, pki.join("vomsdir"));
        if cert.starts_with("LCMAPS") {
            command
                .env("X509_CERT_DIR", other)
                .env("X509_VOMS_DIR", other);
        }
        Run::of(&mut command).map(|run| run.status)
    };
    let nothing = tempfile::tempdir()?;
    assert_eq!(run("X509_CERT_DIR", "X509_VOMS_DIR", nothing.path())?, 0);
    assert_eq!(
        run(
            "LCMAPS_X509_CERT_DIR",
            "LCMAPS_X509_VOMS_DIR",
            nothing.path()
        )?,
        0
    );
    Ok(())
}

/// Numbers that are the same in every run.
fn numbers() -> impl Iterator<Item = usize> {
    let mut state: u32 = 2_463_534_242;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as usize
    })
}

#[test]
fn a_damaged_file_is_never_granted_more_than_the_whole_one() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("p.pem");
    let whole = fs::read(of_proxies(pki, "voms-multi"))?;
    let (_, granted) = view(pki, &of_proxies(pki, "voms-multi"), &[])?;
    let mut numbers = numbers();
    let mut number = |below: usize| numbers.next().unwrap_or_default() % below;
    let mut refused = 0;
    for _ in 0..80 {
        let mut damaged = whole.clone();
        match number(3) {
            0 => damaged[number(whole.len())] = b"AZaz09+/=-\n"[number(11)],
            1 => damaged.truncate(number(whole.len())),
            _ => {
                let start = number(whole.len());
                let end = whole.len().min(start + number(40));
                damaged.drain(start..end);
            }
        }
        fs::write(&file, &damaged)?;
        let (status, view) = view(pki, &file, &["--require-voms"])?;
        assert!((0..=2).contains(&status), "{status}");
        if status == 0 {
            assert_eq!(
                (&view["dn"], &view["fqans"]),
                (&granted["dn"], &granted["fqans"])
            );
        } else {
            refused += 1;
        }
    }
    assert!(refused > 40, "{refused}");
    Ok(())
}
