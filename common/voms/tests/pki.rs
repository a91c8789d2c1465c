//! Credentials that `voms-proxy-fake` made, good and bad ones.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use lc_voms::{Checks, Outcome, Reason, Settings, When};
use lc_x509::Chain;
use support::{in_words, oracle, read, verdict};

/// The test PKI, made once for this program.
fn pki() -> &'static Path {
    static PKI: OnceLock<PathBuf> = OnceLock::new();
    PKI.get_or_init(|| {
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/pki/mkpki.sh");
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lc-voms-pki");
        if directory.exists() {
            fs::remove_dir_all(&directory).expect("old PKI");
        }
        let status = Command::new("bash")
            .arg(script)
            .arg(&directory)
            .args(["base", "voms"])
            .status()
            .expect("bash");
        assert!(
            status.success(),
            "mkpki.sh failed; its last lines are above"
        );
        directory
    })
}

fn settings() -> Settings {
    Settings {
        vomsdir: pki().join("vomsdir"),
        authorities: support::authorities(pki().join("certificates")),
        checks: Checks::all(),
        when: When::Now,
        hostnames: vec![support::hostname()],
    }
}

fn credential(name: &str) -> Vec<u8> {
    fs::read(pki().join(format!("proxies/{name}.pem"))).expect("proxy")
}

fn outcome(name: &str, settings: &Settings) -> Outcome {
    read(&credential(name), settings)
}

fn fqans(name: &str) -> Vec<String> {
    let outcome = outcome(name, &settings());
    assert!(outcome.refused.is_empty(), "{name}: {:?}", outcome.refused);
    outcome
        .fqans()
        .map(|fqan| String::from_utf8(fqan.to_vec()).expect("ASCII"))
        .collect()
}

fn reason(name: &str) -> Reason {
    let outcome = outcome(name, &settings());
    assert_eq!(outcome.fqans().count(), 0, "{name}");
    let [refused] = outcome.refused.as_slice() else {
        panic!("{name}: {outcome:?}");
    };
    refused.reason.clone()
}

#[test]
fn fqans_come_in_order_and_exactly_as_they_were_given() {
    for name in [
        "voms-basic",
        "voms-limited",
        "voms-gt2",
        "voms-gt3",
        "voms-ga",
    ] {
        assert_eq!(fqans(name), ["/testvo/Role=NULL/Capability=NULL"], "{name}");
    }
    for name in ["voms-multi", "voms-then-limited"] {
        assert_eq!(
            fqans(name),
            [
                "/testvo/Role=production/Capability=NULL",
                "/testvo/Role=NULL/Capability=NULL",
                "/testvo/group1/Role=NULL/Capability=NULL",
                "/testvo/group1/sub/Role=pilot/Capability=NULL",
            ],
            "{name}"
        );
    }
    assert_eq!(
        fqans("voms-shortfqan"),
        ["/testvo/Role=lcgadmin", "/testvo"]
    );
    assert_eq!(
        fqans("voms-twovos"),
        [
            "/testvo/Role=NULL/Capability=NULL",
            "/othervo/Role=NULL/Capability=NULL"
        ]
    );
}

#[test]
fn everything_about_an_attribute_certificate_is_handed_out() {
    let outcome = outcome("voms-ga", &settings());
    let [attributes] = outcome.granted() else {
        panic!("{outcome:?}");
    };
    assert_eq!(
        attributes.holder,
        "/C=NL/O=TestGrid/OU=Users/CN=Alice Tester"
    );
    assert_eq!(
        attributes.holder_authority,
        "/C=NL/O=TestGrid/CN=TestGrid CA"
    );
    assert_eq!(
        attributes.issuer,
        "/C=NL/O=TestGrid/OU=Hosts/CN=voms.testgrid.example"
    );
    assert_eq!(
        attributes.issuer_authority.as_deref(),
        Some("/C=NL/O=TestGrid/CN=TestGrid CA")
    );
    assert_eq!(attributes.vo, "testvo");
    assert_eq!(attributes.uri, "voms.testgrid.example:15000");
    assert_eq!(attributes.not_before.len(), 15);
    assert!(attributes.not_before < attributes.not_after);
    let [generic] = attributes.generic.as_slice() else {
        panic!("{attributes:?}");
    };
    assert_eq!(generic.grantor, b"testvo://voms.testgrid.example:15000");
    assert_eq!(generic.name, b"nickname");
    assert_eq!(generic.value.trim_ascii_end(), b"alice");
    assert_eq!(generic.qualifier, b"testvo");
}

#[test]
fn a_bad_one_is_refused_for_what_is_wrong_with_it() {
    assert!(matches!(reason("voms-ac-expired"), Reason::Expired { .. }));
    assert!(matches!(reason("voms-expired"), Reason::Expired { .. }));
    assert!(matches!(reason("voms-evil"), Reason::NotAdmitted { .. }));
    assert!(matches!(reason("voms-unknown"), Reason::NoSigner(_)));
    assert!(matches!(
        reason("voms-crossfqan"),
        Reason::ForeignFqan { .. }
    ));
    assert!(matches!(reason("voms-target"), Reason::OtherHost { .. }));
    // The leaf was changed with it, so there is no chain to begin with.
    assert!(Chain::from_pem(&credential("voms-tampered")).is_err());
}

#[test]
fn a_missing_lsc_file_is_named_with_the_lines_it_needs() {
    let text = reason("voms-unknown").to_string();
    let file = pki().join("vomsdir/nolscvo/voms.testgrid.example.lsc");
    assert!(
        text.starts_with(&format!("no {} says", file.display())),
        "{text}"
    );
    let lines = "with the two lines \"/C=NL/O=TestGrid/OU=Hosts/CN=voms.testgrid.example\" and \
                 \"/C=NL/O=TestGrid/CN=TestGrid CA\"";
    assert!(text.ends_with(lines), "{text}");
}

#[test]
fn libvomsapi_says_the_same_about_every_credential() {
    let mut compared = 0;
    let mut different = Vec::new();
    for entry in fs::read_dir(pki().join("proxies")).expect("proxies") {
        let path = entry.expect("entry").path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("name");
        for flags in [u32::MAX, 0] {
            let settings = Settings {
                checks: Checks::from_word(flags),
                ..settings()
            };
            let ours = match Chain::from_pem(&credential(name)) {
                Ok(chain) => in_words(&lc_voms::attributes(&chain, &settings)),
                Err(_) => "refused".to_owned(),
            };
            let Some(theirs) = oracle(
                &path,
                flags,
                0,
                &settings.vomsdir,
                settings.authorities.folder(),
            ) else {
                eprintln!("libvomsapi is not installed (voms-dev); nothing compared");
                return;
            };
            compared += 1;
            if verdict(&ours) != verdict(&theirs) {
                different.push(format!("{name} with flags {flags:#x}: {ours} / {theirs}"));
            }
        }
    }
    assert!(compared >= 36, "only {compared} compared");
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn voms_proxy_info_lists_the_same_fqans() {
    for name in [
        "voms-basic",
        "voms-multi",
        "voms-shortfqan",
        "voms-twovos",
        "voms-ga",
    ] {
        let output = Command::new("voms-proxy-info")
            .args(["-fqan", "-file"])
            .arg(pki().join(format!("proxies/{name}.pem")))
            .env("X509_VOMS_DIR", pki().join("vomsdir"))
            .env("X509_CERT_DIR", pki().join("certificates"))
            .output()
            .expect("voms-proxy-info, which comes with voms-proxy-fake");
        let listed = String::from_utf8(output.stdout).expect("ASCII");
        assert_eq!(fqans(name), listed.lines().collect::<Vec<_>>(), "{name}");
    }
}
