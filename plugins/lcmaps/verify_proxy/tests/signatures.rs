//! Signatures made with old and worse digests.

mod site;

use std::fs;
use std::process::Command;

use lcmaps_module_test::real::{libraries, own_library};
use openssl::x509::X509;
use site::{Pki, both, ours};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// An RFC 3820 proxy of Alice that she signed with this digest, as PEM text with its key; `None`
/// where OpenSSL does not make such signatures.
fn signed_with(pki: &Pki, digest: &str) -> Option<String> {
    let (key, request) = (pki.path("p.key"), pki.path("p.csr"));
    let extensions = pki.path("p.cnf");
    fs::write(
        &extensions,
        "keyUsage=critical,digitalSignature\nproxyCertInfo=critical,language:id-ppl-inheritAll\n",
    )
    .expect("a file");
    let made = Command::new("openssl")
        .args(["req", "-new", "-newkey", "rsa:2048", "-nodes", "-utf8"])
        .args(["-subj", "/C=NL/O=TestGrid/OU=Users/CN=Alice Tester/CN=77"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&request)
        .output()
        .expect("openssl");
    assert!(made.status.success(), "{made:?}");
    let signed = Command::new("openssl")
        .args([
            "x509",
            "-req",
            "-set_serial",
            "77",
            "-days",
            "2",
            &format!("-{digest}"),
        ])
        .args(["-provider", "default", "-provider", "legacy"])
        .arg("-in")
        .arg(&request)
        .arg("-CA")
        .arg(pki.path("certs/alice.pem"))
        .arg("-CAkey")
        .arg(pki.path("keys/alice.key"))
        .arg("-extfile")
        .arg(&extensions)
        .output()
        .expect("openssl");
    if !signed.status.success() {
        eprintln!(
            "no {digest} here: {}",
            String::from_utf8_lossy(&signed.stderr)
        );
        return None;
    }
    let proxy = String::from_utf8(signed.stdout).expect("PEM");
    Some(proxy + &pki.text("p.key") + &pki.text("certs/alice.pem"))
}

#[test]
fn old_digests_draw_a_warning_and_worse_ones_refuse() {
    let Some(pki) = Pki::with(&["base"]) else {
        return;
    };
    let Some(own_library) = own_library() else {
        return;
    };
    for (digest, lets_in, warned) in [
        ("sha256", true, None),
        ("sha512", true, None),
        (
            "sha1",
            true,
            Some("signed with RSA-SHA1, which is no longer safe"),
        ),
        (
            "md5",
            true,
            Some("signed with RSA-MD5, which is no longer safe"),
        ),
        ("md4", false, None),
    ] {
        let Some(pem) = signed_with(pki, digest) else {
            assert_eq!(digest, "md4", "openssl makes no {digest}");
            continue;
        };
        for library in libraries() {
            for module in both() {
                let verdict = pki.ask(&library, &module, "").about(&pem);
                let place = format!("{} in {}", module.display(), library.display());
                assert_eq!(
                    verdict.lets_in, lets_in,
                    "{digest} {place}:\n{}",
                    verdict.log
                );
            }
        }
        let log = pki.ask(&own_library, &ours(), "").about(&pem).log;
        match warned {
            Some(words) => assert!(log.contains(words), "{digest}:\n{log}"),
            None => assert!(!log.contains("no longer safe"), "{digest}:\n{log}"),
        }
    }
}

#[test]
fn a_signature_that_names_md2_refuses() {
    let Some(pki) = Pki::with(&["base"]) else {
        return;
    };
    // The object identifier of MD5 with RSA ends in 4, that of MD2 with RSA in 2.
    let pem = signed_with(pki, "md5").expect("openssl signs with MD5");
    let proxy = X509::from_pem(pem.as_bytes()).expect("a proxy");
    let mut der = proxy.to_der().expect("DER");
    let md5 = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04";
    let mut changed = 0;
    for at in 0..der.len() - md5.len() {
        if der[at..].starts_with(md5) {
            der[at + md5.len() - 1] = 2;
            changed += 1;
        }
    }
    assert_eq!(changed, 2, "inside and outside of what is signed");
    let proxy = X509::from_der(&der)
        .expect("a certificate")
        .to_pem()
        .expect("PEM");
    let rest = &pem[pem.find("-----BEGIN PRIVATE KEY").expect("a key")..];
    let pem = String::from_utf8(proxy).expect("PEM") + rest;
    for library in libraries() {
        for module in both() {
            let verdict = pki.ask(&library, &module, "").about(&pem);
            assert!(!verdict.lets_in, "{}:\n{}", module.display(), verdict.log);
        }
    }
}
