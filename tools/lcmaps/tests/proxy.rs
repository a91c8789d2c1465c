//! `lcmaps proxy`, the command itself, on every file of the test PKI.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{Outcome, has_reason, is_bad, names, of_proxies, proxy, view};

fn pki() -> Option<&'static Path> {
    support::pki("proxy", &["base", "proxies", "voms", "chains"])
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
