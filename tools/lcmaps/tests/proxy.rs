//! `lcmaps proxy`, the command itself, on every file of the test PKI.

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::{Outcome, Run, is_bad, names};

fn pki() -> Option<&'static Path> {
    support::pki("proxy")
}

/// `lcmaps proxy` with the directories of the PKI.
fn proxy(pki: &Path, file: &Path, options: &[&str]) -> Outcome<Run> {
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
fn view(pki: &Path, file: &Path, options: &[&str]) -> Outcome<(i32, Value)> {
    let options: Vec<&str> = options
        .iter()
        .copied()
        .chain(["--format", "json"])
        .collect();
    let run = proxy(pki, file, &options)?;
    let view = serde_json::from_str(&run.stdout).map_err(|error| format!("{error}: {run:?}"))?;
    Ok((run.status, view))
}

fn of_proxies(pki: &Path, name: &str) -> std::path::PathBuf {
    pki.join(format!("proxies/{name}.pem"))
}

#[track_caller]
fn has_reason(run: &(i32, Value), status: i32, words: &str) {
    let reason = run.1["reason"].as_str().unwrap_or_default();
    assert_eq!(run.0, status, "{reason}");
    assert!(reason.contains(words), "no {words:?} in {reason:?}");
}

#[test]
fn every_proxy_gets_the_verdict_that_its_name_promises() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let all = names(&pki.join("proxies"))?;
    assert!(all.len() >= 40, "{all:?}");
    for name in all {
        let (status, view) = view(pki, &of_proxies(pki, &name), &[])?;
        let (expected, result) = if is_bad(&name) {
            (1, "refused")
        } else {
            (0, "good")
        };
        assert_eq!(status, expected, "{name}: {view:#}");
        assert_eq!(view["result"], result, "{name}");
        assert_eq!(view["reason"].is_null(), status == 0, "{name}");
        assert!(
            !view["certificates"].as_array().is_none_or(Vec::is_empty),
            "{name}"
        );
    }
    Ok(())
}

#[test]
fn every_attribute_certificate_gets_the_verdict_that_its_name_promises() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let none = "Role=NULL/Capability=NULL";
    let multi = vec![
        "/testvo/Role=production/Capability=NULL".to_owned(),
        format!("/testvo/{none}"),
        format!("/testvo/group1/{none}"),
        "/testvo/group1/sub/Role=pilot/Capability=NULL".to_owned(),
    ];
    let mut granted = 0;
    for name in names(&pki.join("proxies"))? {
        let expected = match name.as_str() {
            "voms-basic" | "voms-limited" | "voms-gt2" | "voms-gt3" | "voms-ga" => {
                vec![format!("/testvo/{none}")]
            }
            "voms-multi" | "voms-then-limited" => multi.clone(),
            "voms-shortfqan" => vec!["/testvo/Role=lcgadmin".into(), "/testvo".into()],
            "voms-bob" => multi[..2].to_vec(),
            "voms-pilot" => vec![
                "/testvo/Role=pilot/Capability=NULL".into(),
                format!("/testvo/{none}"),
            ],
            "voms-twovos" => vec![format!("/testvo/{none}"), format!("/othervo/{none}")],
            _ => vec![],
        };
        let file = of_proxies(pki, &name);
        let (_, shown) = view(pki, &file, &[])?;
        assert_eq!(shown["fqans"], serde_json::json!(expected), "{name}");
        // A refused attribute certificate takes its FQANs along; only when asked, the user as well.
        let (status, required) = view(pki, &file, &["--require-voms"])?;
        assert_eq!(
            status,
            i32::from(expected.is_empty()),
            "{name}: {required:#}"
        );
        granted += usize::from(status == 0);
        for attribute in shown["attributes"].as_array().into_iter().flatten() {
            assert_eq!(attribute["accepted"], !expected.is_empty(), "{name}");
            assert_eq!(
                attribute["reason"].is_null(),
                !expected.is_empty(),
                "{name}"
            );
        }
    }
    assert_eq!(granted, 11);
    Ok(())
}

#[test]
fn every_chain_yields_the_name_that_its_table_promises() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let table = fs::read_to_string(pki.join("chains/expect.tsv"))?;
    let mut refused = 0;
    for line in table.lines() {
        let (name, expected) = line.split_once('\t').ok_or("a line of the table")?;
        let file = pki.join(format!("chains/{name}.pem"));
        let (status, view) = view(pki, &file, &["--allow-missing-key"])?;
        match expected.strip_prefix("refused: ") {
            Some("damaged" | "nothing there") => assert_eq!(status, 2, "{name}: {view:#}"),
            Some(_) => assert_eq!(status, 1, "{name}: {view:#}"),
            None => {
                assert_eq!(status, 0, "{name}: {view:#}");
                assert_eq!(view["dn"], expected, "{name}");
            }
        }
        if status != 0 {
            refused += 1;
            assert!(
                view["dn"].is_null() && view["chain_trusted"].is_null(),
                "{name}"
            );
        }
    }
    assert!(refused > 10 && table.lines().count() > 90, "{refused}");
    Ok(())
}

#[test]
fn every_user_certificate_gets_the_verdict_that_its_name_promises() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    for name in names(&pki.join("certs"))? {
        let file = pki.join(format!("certs/{name}.pem"));
        let bad = ["revoked", "expired", "mallory", "outside"].contains(&name.as_str());
        let run = view(pki, &file, &["--allow-missing-key"])?;
        assert_eq!(run.0, i32::from(bad), "{name}: {:#}", run.1);
        if !bad {
            has_reason(&view(pki, &file, &[])?, 1, "no private key");
        }
    }
    Ok(())
}

#[test]
fn everything_about_a_certificate_and_its_attributes_is_shown() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let (_, shown) = view(pki, &of_proxies(pki, "voms-ga"), &[])?;
    let certificates = shown["certificates"].as_array().ok_or("a list")?;
    let kinds: Vec<_> = certificates.iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["proxy", "end entity", "ca"]);
    let alice = "/C=NL/O=TestGrid/OU=Users/CN=Alice Tester";
    let leaf = &certificates[0];
    assert_eq!(leaf["description"], "RFC 3820 impersonation proxy");
    assert_eq!(
        (&leaf["level"], &leaf["path_length"]),
        (&0.into(), &10.into())
    );
    assert_eq!(
        (&leaf["flavour"], &leaf["rights"]),
        (&"RFC 3820".into(), &"impersonation".into())
    );
    assert_eq!(
        (&leaf["issuer"], &leaf["from"]),
        (&alice.into(), &"file".into())
    );
    assert_eq!(leaf["signature_algorithm"], "sha256WithRSAEncryption");
    assert_eq!(
        (&leaf["key_type"], &leaf["key_bits"]),
        (&"RSA".into(), &2048.into())
    );
    let left = leaf["validity"]["seconds_left"]
        .as_i64()
        .ok_or("a number")?;
    assert!((8000 * 3600..=8760 * 3600).contains(&left), "{left}");
    let x509 = Command::new("openssl")
        .args(["x509", "-noout", "-serial", "-in"])
        .arg(of_proxies(pki, "voms-ga"))
        .output()?;
    let serial = String::from_utf8(x509.stdout)?;
    assert_eq!(
        leaf["serial"].as_str(),
        serial.trim().strip_prefix("serial=")
    );
    assert_eq!(certificates[2]["from"], "trust directory");
    assert_eq!(shown["private_key"]["state"], "belongs");
    assert_eq!(
        (&shown["dn"], &shown["chain_trusted"]),
        (&alice.into(), &true.into())
    );

    let attribute = &shown["attributes"][0];
    assert_eq!(
        (&attribute["vo"], &attribute["holder"]),
        (&"testvo".into(), &alice.into())
    );
    assert_eq!(
        attribute["issuer"],
        "/C=NL/O=TestGrid/OU=Hosts/CN=voms.testgrid.example"
    );
    assert_eq!(
        attribute["issuer_authority"],
        "/C=NL/O=TestGrid/CN=TestGrid CA"
    );
    assert_eq!(attribute["uri"], "voms.testgrid.example:15000");
    assert_eq!(attribute["generic"][0]["name"], "nickname");
    assert_eq!(attribute["generic"][0]["qualifier"], "testvo");
    assert!(
        attribute["validity"]["not_after"]
            .as_str()
            .is_some_and(|date| date.ends_with(" UTC"))
    );
    Ok(())
}

#[test]
fn a_refused_attribute_certificate_is_shown_with_what_it_claims() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let (status, shown) = view(pki, &of_proxies(pki, "voms-evil"), &[])?;
    let attribute = &shown["attributes"][0];
    assert_eq!((status, &attribute["vo"]), (0, &"evilvo".into()));
    assert_eq!(attribute["fqans"][0], "/evilvo/Role=NULL/Capability=NULL");
    assert!(attribute["holder"].is_null(), "nothing proves whose it is");
    assert!(
        attribute["reason"]
            .as_str()
            .is_some_and(|why| why.contains("does not admit its signer"))
    );
    let text = proxy(pki, &of_proxies(pki, "voms-evil"), &[])?.stdout;
    assert!(
        text.contains("VOMS attributes 1: VO evilvo, refused; what it says is not proven"),
        "{text}"
    );
    Ok(())
}

#[test]
fn no_form_shows_a_private_key() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    for name in ["alice-rfc", "alice-pl0-then-ILLEGAL", "voms-basic"] {
        let file = of_proxies(pki, name);
        let pem = fs::read_to_string(&file)?;
        let (_, key) = pem.split_once("PRIVATE KEY-----\n").ok_or("a key")?;
        let line = key.lines().next().ok_or("a line of the key")?;
        for form in ["text", "json"] {
            let run = proxy(pki, &file, &["--format", form])?;
            assert!(
                !run.stdout.contains(line) && !run.stderr.contains(line),
                "{name} {form}"
            );
            assert!(!run.stdout.contains("-----"), "{name} {form}");
        }
    }
    Ok(())
}

#[test]
fn the_text_begins_with_the_verdict_and_gives_the_reason() -> Outcome {
    let Some(pki) = pki() else { return Ok(()) };
    let good = proxy(pki, &of_proxies(pki, "alice-rfc-then-lim"), &[])?.stdout;
    assert!(good.starts_with("Good\n  file         "), "{good}");
    for line in [
        "  who          /C=NL/O=TestGrid/OU=Users/CN=Alice Tester\n",
        "  private key  there, that of the first certificate\n",
        "\nCertificate 1: RFC 3820 limited proxy, level 1\n",
        "\nCertificate 2: RFC 3820 impersonation proxy, level 0\n",
        "\nCertificate 3: end entity\n",
        "\nCertificate 4: CA, from the directory of trusted CAs\n",
        " left)\n",
    ] {
        assert!(good.contains(line), "no {line:?} in\n{good}");
    }
    let refused = proxy(pki, &of_proxies(pki, "revoked-rfc"), &[])?.stdout;
    assert!(refused.starts_with("Refused\n"), "{refused}");
    assert!(
        refused.contains("  reason       revoked by /C=NL/O=TestGrid/CN=TestGrid CA: "),
        "{refused}"
    );
    let unusable = proxy(pki, &pki.join("chains/none.pem"), &[])?.stdout;
    assert!(unusable.starts_with("Unusable\n"), "{unusable}");
    Ok(())
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
