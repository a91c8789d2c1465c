//! Credentials as the tools of the grid make them, and the texts of the test PKI.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use lc_x509::{Chain, Error, Flavour, Kind};
use openssl::x509::X509;

/// The test PKI, made once for this program.
fn pki() -> &'static Path {
    static PKI: OnceLock<PathBuf> = OnceLock::new();
    PKI.get_or_init(|| {
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/pki/mkpki.sh");
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lc-x509-pki");
        if directory.exists() {
            fs::remove_dir_all(&directory).expect("old PKI");
        }
        let status = Command::new("bash")
            .arg(script)
            .arg(&directory)
            .args(["base", "proxies", "chains"])
            .status()
            .expect("bash");
        assert!(
            status.success(),
            "mkpki.sh failed; its last lines are above"
        );
        directory
    })
}

fn read(file: &str) -> Result<Chain, Error> {
    Chain::from_pem(&fs::read(pki().join(file)).expect(file))
}

/// The subject as the `openssl` command writes it in its compatible format.
fn subject(file: &str) -> String {
    let output = Command::new("openssl")
        .args(["x509", "-noout", "-subject", "-nameopt", "compat", "-in"])
        .arg(pki().join(file))
        .output()
        .expect("openssl");
    let text = String::from_utf8(output.stdout).expect("ASCII");
    text.trim_start_matches("subject=").trim().to_owned()
}

fn word(error: &Error) -> &'static str {
    match error {
        Error::IssuerMissing { .. } => "issuer missing",
        Error::NotSigned { .. } => "not signed",
        Error::IssuedByNonAuthority { .. } => "not issued by a CA",
        Error::ProxyOfAuthority { .. } => "proxy of a CA",
        Error::LeafIsAuthority { .. } => "a CA",
        Error::Pem { .. } | Error::Undecodable { .. } => "damaged",
        Error::NoCertificate => "nothing there",
        _ => "something else",
    }
}

#[test]
fn every_text_of_the_test_pki_has_the_identity_it_should() {
    let table = fs::read_to_string(pki().join("chains/expect.tsv")).expect("table");
    let mut wrong = BTreeMap::new();
    for line in table.lines() {
        let (name, expected) = line.split_once('\t').expect("two columns");
        let found = match read(&format!("chains/{name}.pem")) {
            Ok(chain) => chain.dn().to_str().expect("ASCII").to_owned(),
            Err(error) => format!("refused: {}", word(&error)),
        };
        if found != expected {
            wrong.insert(name, format!("{found}, not {expected}"));
        }
    }
    assert!(table.lines().count() > 90, "the table is cut");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn proxies_of_globus_have_the_subject_of_their_user() {
    let mut seen = 0;
    for entry in fs::read_dir(pki().join("proxies")).expect("proxies") {
        let name = entry
            .expect("entry")
            .file_name()
            .into_string()
            .expect("name");
        let user = name.split('-').next().expect("user");
        // Neither marked nor named as a proxy, but issued by a user.
        if name == "alice-noext-ILLEGAL.pem" {
            let error = read(&format!("proxies/{name}")).expect_err(&name);
            assert_eq!(word(&error), "not issued by a CA");
            continue;
        }
        let chain = read(&format!("proxies/{name}")).expect(&name);
        assert_eq!(
            chain.dn().to_str().expect("ASCII"),
            subject(&format!("certs/{user}.pem")),
            "{name}"
        );
        assert_eq!(chain.left_out(), [], "{name}");
        seen += 1;
    }
    assert!(seen > 15, "only {seen} proxies");
}

#[test]
fn proxies_of_globus_are_told_by_kind() {
    let expected = [
        ("alice-rfc", Flavour::Rfc3820, false),
        ("alice-rfc-limited", Flavour::Rfc3820, true),
        ("alice-gt3", Flavour::Gt3, false),
        ("alice-gt3-limited", Flavour::Gt3, true),
        ("alice-gt2", Flavour::Gt2, false),
        ("alice-gt2-limited", Flavour::Gt2, true),
    ];
    for (name, flavour, limited) in expected {
        let chain = read(&format!("proxies/{name}.pem")).expect(name);
        let Ok(Kind::Proxy(proxy)) = chain.proxies()[0].kind() else {
            panic!("{name} is no proxy");
        };
        assert_eq!(
            (proxy.flavour, proxy.is_limited()),
            (flavour, limited),
            "{name}"
        );
    }
    let chain = read("proxies/alice-rfc-pl0.pem").expect("chain");
    let Ok(Kind::Proxy(proxy)) = chain.proxies()[0].kind() else {
        panic!("no proxy");
    };
    assert_eq!(proxy.path_length, Some(0));
}

#[test]
fn the_certificates_are_those_that_openssl_reads() {
    for name in [
        "proxies/alice-rfc2.pem",
        "chains/junk.pem",
        "chains/crlf.pem",
    ] {
        let text = fs::read(pki().join(name)).expect(name);
        let theirs = X509::stack_from_pem(&text).expect(name);
        let ours: Vec<_> = (read(name).expect(name).linked().iter())
            .map(|one| one.x509().to_owned())
            .collect();
        assert!(ours == theirs, "{name}");
    }
}
