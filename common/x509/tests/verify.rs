//! Chains are trusted when they should be, and refused with the reason when not.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use lc_x509::{
    Certificate, Chain, KeyMatch, LifetimeLimits, MissingCrl, NamespaceRules, Settings, Verified,
    Verifier, VerifyError, Warning,
};
use openssl::hash::MessageDigest;
use openssl::x509::X509;
use openssl::x509::extension::KeyUsage;
use proptest::prelude::*;
use support::{ALICE, CA, Flavour, Party, RFC_OID, Request, authority, ca_mark, raw_extension};
use tempfile::TempDir;

/// A trust folder with one CA.
struct Site {
    folder: TempDir,
    ca: Party,
}

impl Site {
    fn new() -> Self {
        let site = Self {
            folder: tempfile::tempdir().expect("a folder"),
            ca: authority(CA),
        };
        site.trust(&site.ca);
        site
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn hash(party: &Party) -> String {
        format!("{:08x}", party.certificate.subject_name_hash())
    }

    fn file(&self, party: &Party, ending: &str) -> PathBuf {
        self.path().join(format!("{}.{ending}", Self::hash(party)))
    }

    fn trust(&self, party: &Party) {
        let pem = party.certificate.to_pem().expect("PEM");
        fs::write(self.file(party, "0"), pem).expect("a CA file");
    }

    fn write(&self, ending: &str, text: impl AsRef<[u8]>) {
        fs::write(self.file(&self.ca, ending), text).expect("a file");
    }

    /// Puts a CRL of a CA there.
    fn publish(&self, party: &Party, revoked: &[&X509], days: (i64, i64)) {
        fs::write(self.file(party, "r0"), crl(party, revoked, days)).expect("a CRL");
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(self.path(), Settings::default())
    }

    fn verdict(&self, certificates: &[&X509]) -> Result<Verified, VerifyError> {
        verdict(&self.verifier(), certificates)
    }
}

fn verdict(verifier: &Verifier, certificates: &[&X509]) -> Result<Verified, VerifyError> {
    let chain = Chain::from_certificates(certificates.iter().map(|&one| one.to_owned()));
    verifier.verify(&chain.expect("a linked chain"), SystemTime::now())
}

fn reason(verdict: Result<Verified, VerifyError>) -> String {
    verdict.expect_err("refused").to_string()
}

/// A CRL made by the openssl command; `days` are first and last day from now.
fn crl(party: &Party, revoked: &[&X509], days: (i64, i64)) -> Vec<u8> {
    let work = tempfile::tempdir().expect("a folder");
    let path = |name: &str| work.path().join(name);
    fs::write(path("ca.pem"), party.certificate.to_pem().expect("PEM")).expect("a file");
    let key = party.key.private_key_to_pem_pkcs8().expect("PEM");
    fs::write(path("ca.key"), key).expect("a file");
    let index: String = (revoked.iter())
        .map(|certificate| {
            let serial = certificate.serial_number().to_bn().expect("a number");
            let serial = serial.to_hex_str().expect("hex");
            format!("R\t490101000000Z\t200101000000Z\t{serial}\tunknown\t/CN=x\n")
        })
        .collect();
    fs::write(path("index"), index).expect("a file");
    let folder = work.path().display();
    let config = format!("[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index\ndefault_md=sha256\n");
    fs::write(path("config"), config).expect("a file");
    let day = |day: i64| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let seconds = i64::try_from(now.expect("clock").as_secs()).expect("clock") + day * 86_400;
        let shown = lc_x509::ShownTime(seconds).to_string();
        let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
        format!("{}Z", &digits[2..])
    };
    let output = Command::new("openssl")
        .args(["ca", "-gencrl", "-batch", "-config"])
        .arg(path("config"))
        .arg("-cert")
        .arg(path("ca.pem"))
        .arg("-keyfile")
        .arg(path("ca.key"))
        .args([
            "-crl_lastupdate",
            &day(days.0),
            "-crl_nextupdate",
            &day(days.1),
        ])
        .output()
        .expect("openssl runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

#[test]
fn a_user_and_proxies_of_every_kind_are_trusted_with_one_and_two_levels() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    let verified = site.verdict(&[&alice.certificate]).expect("trusted");
    assert_eq!(
        (verified.path().len(), verified.authorities().len()),
        (2, 1)
    );
    for flavour in Flavour::ALL {
        let one = alice.delegate(flavour);
        let two = one.delegate(flavour);
        let chain = [&two.certificate, &one.certificate, &alice.certificate];
        let verified = site.verdict(&chain[1..]).expect("one level");
        assert_eq!(verified.proxies().count(), 1);
        let verified = site.verdict(&chain).expect("two levels");
        assert_eq!(verified.path().len(), 4, "{flavour:?}");
        assert_eq!(
            verified.end_entity().subject().expect("a name").to_str(),
            Ok(ALICE)
        );
    }
}

#[test]
fn kinds_do_not_mix_and_rights_do_not_grow_on_the_way_down() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    let limited = |f| {
        matches!(
            f,
            Flavour::Gt2Limited | Flavour::Gt3Limited | Flavour::RfcLimited
        )
    };
    let kind = |f| match f {
        Flavour::Gt2 | Flavour::Gt2Limited => 2,
        Flavour::Gt3 | Flavour::Gt3Limited => 3,
        Flavour::Rfc | Flavour::RfcLimited => 4,
    };
    for above in Flavour::ALL {
        let one = alice.delegate(above);
        for below in Flavour::ALL {
            let two = one.delegate(below);
            let chain = [&two.certificate, &one.certificate, &alice.certificate];
            let verdict = site.verdict(&chain);
            let text = format!("{below:?} below {above:?}: {verdict:?}");
            if kind(above) != kind(below) {
                assert!(
                    matches!(verdict, Err(VerifyError::MixedProxies { level: 1, .. })),
                    "{text}"
                );
            } else if limited(above) && !limited(below) {
                assert!(
                    matches!(verdict, Err(VerifyError::FullBelowLimited { level: 1, .. })),
                    "{text}"
                );
            } else {
                assert!(verdict.is_ok(), "{text}");
            }
        }
    }
}

#[test]
fn path_lengths_of_proxies_count_down_and_never_up() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    let with_length = |party: &Party, length: u8| {
        let der = [
            &[0x30, 0x0f, 0x02, 0x01, length][..],
            b"\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x15\x01",
        ]
        .concat();
        let request = Request::new(
            &format!("{}/CN={length}", party.subject()),
            &party.subject(),
        );
        party.issue(request.with(raw_extension(RFC_OID, true, &der)))
    };
    let verdict = |lengths: &[u8]| {
        let mut chain = vec![alice.clone()];
        for &length in lengths {
            let next = with_length(&chain[0], length);
            chain.insert(0, next);
        }
        let certificates: Vec<_> = chain.iter().map(|party| &party.certificate).collect();
        site.verdict(&certificates).map(|_| ())
    };
    assert_eq!(verdict(&[0]), Ok(()));
    assert_eq!(verdict(&[1, 0]), Ok(()));
    assert_eq!(verdict(&[2, 9, 9]), Ok(()));
    for (lengths, at) in [(&[0, 0][..], 1), (&[1, 9, 9], 2), (&[9, 0, 9], 2)] {
        assert!(
            matches!(verdict(lengths), Err(VerifyError::PathTooLong { level, .. }) if level == at),
            "{lengths:?}"
        );
    }
}

#[test]
fn a_proxy_extends_its_issuers_name_by_one_cn() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    for subject in [
        "/C=NL/O=TestGrid/OU=Users/CN=Somebody Else/CN=1".to_owned(),
        format!("{ALICE}/CN=1/CN=2"),
        format!("{ALICE}/OU=1"),
        ALICE.to_owned(),
    ] {
        let request = Request::new(&subject, ALICE);
        let info = raw_extension(RFC_OID, true, support::INHERIT_ALL);
        let proxy = alice.issue(request.with(info));
        let verdict = site.verdict(&[&proxy.certificate, &alice.certificate]);
        assert!(
            matches!(verdict, Err(VerifyError::NameNotExtended { level: 0, .. })),
            "{subject}: {verdict:?}"
        );
    }
}

#[test]
fn only_who_may_sign_delegates() {
    let site = Site::new();
    let usage = KeyUsage::new().critical().key_encipherment().build();
    let request = Request::new(ALICE, CA).with(usage.expect("usage"));
    let alice = site.ca.issue(request);
    assert!(site.verdict(&[&alice.certificate]).is_ok());
    for flavour in Flavour::ALL {
        let proxy = alice.delegate(flavour);
        let verdict = site.verdict(&[&proxy.certificate, &alice.certificate]);
        assert!(
            reason(verdict).contains("without digitalSignature"),
            "{flavour:?}"
        );
    }
}

#[test]
fn an_unknown_critical_extension_refuses() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    for (critical, trusted) in [(false, true), (true, false)] {
        let request = Request::new(&format!("{ALICE}/CN=1"), ALICE)
            .with(raw_extension(RFC_OID, true, support::INHERIT_ALL))
            .with(raw_extension("1.2.3.4", critical, b"\x05\x00"));
        let proxy = alice.issue(request);
        let verdict = site.verdict(&[&proxy.certificate, &alice.certificate]);
        assert_eq!(verdict.is_ok(), trusted, "{verdict:?}");
        if !trusted {
            assert!(reason(verdict).contains("critical extension 1.2.3.4"));
        }
    }
}

#[test]
fn dates_of_every_certificate_count() {
    let site = Site::new();
    let dated = |issuer: &Party, subject: &str, days| {
        let mut request = Request::new(subject, &issuer.subject());
        request.days = days;
        if subject != ALICE {
            let info = raw_extension(RFC_OID, true, support::INHERIT_ALL);
            request = request.with(info);
        }
        issuer.issue(request)
    };
    let proxy_name = format!("{ALICE}/CN=1");
    for (user, proxy, expected) in [
        ((-1, 1), (-1, 1), None),
        ((-3, -2), (-1, 1), Some("expired at ")),
        ((-1, 1), (-3, -2), Some("expired at ")),
        ((2, 3), (-1, 1), Some("not valid before ")),
        ((-1, 1), (2, 3), Some("not valid before ")),
    ] {
        let alice = dated(&site.ca, ALICE, user);
        let proxy = dated(&alice, &proxy_name, proxy);
        let verdict = site.verdict(&[&proxy.certificate, &alice.certificate]);
        match expected {
            None => assert!(verdict.is_ok(), "{verdict:?}"),
            Some(text) => assert!(reason(verdict).starts_with(text)),
        }
    }
    let alice = dated(&site.ca, ALICE, (-1, 5));
    let chain = Chain::from_certificates([alice.certificate]).expect("a chain");
    let later = SystemTime::now() + Duration::from_secs(6 * 86_400);
    let verdict = site.verifier().verify(&chain, later);
    assert!(matches!(verdict, Err(VerifyError::Expired { .. })));
}

#[test]
fn nobody_is_trusted_without_the_ca_in_the_folder() {
    let site = Site::new();
    let rogue = authority("/O=Rogue/CN=CA");
    let mallory = rogue.issue_user(ALICE);
    for chain in [
        &[&mallory.certificate][..],
        &[&mallory.certificate, &rogue.certificate],
    ] {
        let text = reason(site.verdict(chain));
        assert!(text.contains("no /O=Rogue/CN=CA in "), "{text}");
    }
    // The same name with another key, sent along.
    let impostor = authority(CA);
    let mallory = impostor.issue_user(ALICE);
    let verdict = site.verdict(&[&mallory.certificate, &impostor.certificate]);
    assert!(verdict.is_err());
    fs::write(site.file(&rogue, "0"), "-----BEGIN CERTIFICATE-----\n").expect("a file");
    let mallory = rogue.issue_user(ALICE);
    let text = reason(site.verdict(&[&mallory.certificate]));
    assert!(
        text.contains("a block begins here and does not end"),
        "{text}"
    );
}

#[test]
fn intermediate_cas_come_from_the_folder_or_from_the_input() {
    let site = Site::new();
    let middle = site.ca.issue_authority("/C=NL/O=TestGrid/CN=Middle");
    let alice = middle.issue_user(ALICE);
    assert!(site.verdict(&[&alice.certificate]).is_err());
    let sent = [&alice.certificate, &middle.certificate];
    assert_eq!(site.verdict(&sent).expect("trusted").authorities().len(), 2);
    site.trust(&middle);
    assert!(site.verdict(&[&alice.certificate]).is_ok());
    let short = Request::new("/O=x/CN=Short", CA).with(
        openssl::x509::extension::BasicConstraints::new()
            .critical()
            .ca()
            .pathlen(0)
            .build()
            .expect("CA"),
    );
    let short = site.ca.issue(short);
    let deep = short.issue(Request::new("/O=x/CN=Deep", "/O=x/CN=Short").with(ca_mark()));
    let bob = deep.issue_user(ALICE);
    let sent = [&bob.certificate, &deep.certificate, &short.certificate];
    assert!(reason(site.verdict(&sent)).contains("path length"));
}

#[test]
fn a_missing_crl_is_tolerated_with_a_warning_or_refused() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    let verified = site.verdict(&[&alice.certificate]).expect("trusted");
    assert!(matches!(verified.warnings(), [Warning::NoCrl { .. }]));
    let strict = Settings {
        missing_crl: MissingCrl::Refused,
        ..Settings::default()
    };
    let strict = Verifier::new(site.path(), strict);
    let refused = verdict(&strict, &[&alice.certificate]);
    assert!(matches!(refused, Err(VerifyError::NoCrl { .. })));
    site.publish(&site.ca, &[], (-1, 1));
    let verified = verdict(&strict, &[&alice.certificate]).expect("trusted");
    assert_eq!(verified.warnings(), []);
}

#[test]
fn a_crl_counts_at_once_and_until_it_is_replaced() {
    let site = Site::new();
    let (alice, bob) = (site.ca.issue_user(ALICE), site.ca.issue_user(support::BOB));
    let verifier = site.verifier();
    let trusted = || {
        [&alice, &bob].map(|user| {
            let proxy = user.delegate(Flavour::Rfc);
            match verdict(&verifier, &[&proxy.certificate, &user.certificate]) {
                Ok(_) => true,
                Err(VerifyError::Revoked { .. }) => false,
                Err(other) => panic!("{other}"),
            }
        })
    };
    assert_eq!(trusted(), [true, true]);
    for (revoked, expected) in [
        (&[&alice.certificate][..], [false, true]),
        (&[&bob.certificate], [true, false]),
        (&[], [true, true]),
        (&[&alice.certificate, &bob.certificate], [false, false]),
    ] {
        site.publish(&site.ca, revoked, (-1, 1));
        assert_eq!(trusted(), expected);
        assert_eq!(trusted(), expected, "asked again");
    }
    // The same in DER.
    let pem = crl(&site.ca, &[&bob.certificate], (-1, 1));
    let der = openssl::x509::X509Crl::from_pem(&pem)
        .expect("a CRL")
        .to_der();
    site.write("r0", der.expect("DER"));
    assert_eq!(trusted(), [true, false]);
}

#[test]
fn a_stale_a_damaged_and_a_foreign_crl_refuse() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    let text = || reason(site.verdict(&[&alice.certificate]));
    site.publish(&site.ca, &[], (-3, -2));
    assert!(
        text().contains("has expired; does fetch-crl run?"),
        "{}",
        text()
    );
    site.publish(&site.ca, &[], (2, 3));
    assert!(text().contains("is not valid yet"), "{}", text());
    for damaged in [
        "",
        "x",
        "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
    ] {
        site.write("r0", damaged);
        assert!(text().contains("is of no use"), "{}", text());
    }
    // A CRL of the right name, signed by another key.
    site.write("r0", crl(&authority(CA), &[], (-1, 1)));
    assert!(site.verdict(&[&alice.certificate]).is_err());
    // A CRL of another CA under the hash of this one.
    site.write("r0", crl(&authority("/CN=Other"), &[], (-1, 1)));
    assert!(text().contains("fits it"), "{}", text());
}

#[test]
fn the_users_of_a_revoked_ca_are_refused() {
    let site = Site::new();
    let middle = site.ca.issue_authority("/C=NL/O=TestGrid/CN=Middle");
    site.trust(&middle);
    let alice = middle.issue_user(ALICE);
    let proxy = alice.delegate(Flavour::Rfc);
    let chain = [&proxy.certificate, &alice.certificate];
    assert!(site.verdict(&chain).is_ok());
    site.publish(&site.ca, &[&middle.certificate], (-1, 1));
    let text = reason(site.verdict(&chain));
    assert_eq!(text, format!("revoked by {CA}: /C=NL/O=TestGrid/CN=Middle"));
}

#[test]
fn a_ca_that_is_removed_or_replaced_is_so_at_once() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    let verifier = site.verifier();
    let trusted = || verdict(&verifier, &[&alice.certificate]).is_ok();
    assert!(trusted() && trusted());
    let other = authority(CA);
    site.trust(&other);
    assert!(!trusted());
    site.trust(&site.ca);
    assert!(trusted());
    fs::remove_file(site.file(&site.ca, "0")).expect("a file");
    assert!(!trusted());
}

#[test]
fn signing_policies_and_namespaces_are_honoured() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    let proxy = alice.delegate(Flavour::Rfc);
    let chain = [&proxy.certificate, &alice.certificate];
    let with = |namespaces| {
        let settings = Settings {
            namespaces,
            ..Settings::default()
        };
        verdict(&Verifier::new(site.path(), settings), &chain)
    };
    let policy = |names: &str| {
        format!(
            "access_id_CA X509 '{CA}'\npos_rights globus CA:sign\n\
             cond_subjects globus '\"{names}\"'\n"
        )
    };
    let missing = with(NamespaceRules::Required);
    assert!(matches!(missing, Err(VerifyError::NoNamespace { .. })));
    for (text, fine) in [
        (policy("/C=NL/O=TestGrid/*"), true),
        (policy("/C=NL/O=Other/*"), false),
        (policy("*").replace("TestGrid CA", "Another CA"), false),
        ("what is this".to_owned(), false),
        (policy("/C=NL/*"), true),
    ] {
        site.write("signing_policy", &text);
        assert_eq!(with(NamespaceRules::WherePresent).is_ok(), fine, "{text}");
        assert_eq!(with(NamespaceRules::Required).is_ok(), fine, "{text}");
        assert!(with(NamespaceRules::Ignored).is_ok());
    }
    let says = |names: &str| format!("TO Issuer \"{CA}\" \\\n PERMIT Subject \"{names}\"\n");
    for (text, fine) in [
        (says("/C=NL/O=TestGrid/.*"), true),
        (says("/C=NL/O=TestGrid"), false),
        ("TO Issuer SELF DENY Subject \".*\"\n".to_owned(), false),
    ] {
        site.write("namespaces", &text);
        assert_eq!(with(NamespaceRules::WherePresent).is_ok(), fine, "{text}");
    }
    let refusal = reason(with(NamespaceRules::WherePresent));
    assert!(refusal.contains(&format!("{CA} may not sign {ALICE}, says ")));
    assert!(refusal.ends_with(".namespaces"), "{refusal}");
}

#[test]
fn old_digests_are_told_and_worse_ones_refused() {
    let site = Site::new();
    let signed = |digest| {
        let mut request = Request::new(ALICE, CA);
        request.digest = digest;
        site.ca.issue(request)
    };
    let sha1 = signed(MessageDigest::sha1());
    let verified = site.verdict(&[&sha1.certificate]).expect("trusted");
    let told = |warning: &Warning| matches!(warning, Warning::OldDigest { .. });
    assert!(verified.warnings().iter().any(told));
    let sha512 = signed(MessageDigest::sha512());
    let verified = site.verdict(&[&sha512.certificate]).expect("trusted");
    assert!(!verified.warnings().iter().any(told));
}

#[test]
fn the_private_key_is_found_and_told_from_others() {
    let alice = authority(CA).issue_user(ALICE);
    let certificate = Certificate::new(alice.certificate.clone());
    let own = alice.key.private_key_to_pem_pkcs8().expect("PEM");
    let other = support::key().private_key_to_pem_pkcs8().expect("PEM");
    let sec1 = alice
        .key
        .ec_key()
        .expect("EC")
        .private_key_to_pem()
        .expect("PEM");
    let cipher = openssl::symm::Cipher::aes_128_cbc();
    let locked = alice
        .key
        .private_key_to_pem_pkcs8_passphrase(cipher, b"secret");
    let text = alice.certificate.to_pem().expect("PEM");
    let with = |key: &[u8]| certificate.key_in(&[&text[..], key, &text[..]].concat());
    assert_eq!(with(&own), KeyMatch::Belongs);
    assert_eq!(with(&sec1), KeyMatch::Belongs);
    assert_eq!(with(&other), KeyMatch::Foreign);
    assert_eq!(with(&[other, own.clone()].concat()), KeyMatch::Foreign);
    assert_eq!(with(b""), KeyMatch::Absent);
    assert_eq!(with(&locked.expect("PEM")), KeyMatch::Encrypted);
    assert_eq!(
        with(b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"),
        KeyMatch::Encrypted
    );
    assert_eq!(
        certificate.key_in(&own[..own.len() - 30]),
        KeyMatch::Damaged
    );
    assert_eq!(
        with(b"-----BEGIN PRIVATE KEY-----\n****\n-----END PRIVATE KEY-----\n"),
        KeyMatch::Damaged
    );
}

#[test]
fn rsa_keys_in_both_forms_are_told_from_others() {
    use openssl::{pkey::PKey, rsa::Rsa};
    let key = || PKey::from_rsa(Rsa::generate(2048).expect("RSA")).expect("a key");
    let (own, other) = (key(), key());
    let ca = authority(CA);
    let certificate = Certificate::new(Request::new(ALICE, CA).sign(&own, &ca.key));
    for (key, expected) in [(&own, KeyMatch::Belongs), (&other, KeyMatch::Foreign)] {
        let pkcs1 = key.rsa().expect("RSA").private_key_to_pem();
        let pkcs8 = key.private_key_to_pem_pkcs8();
        for text in [pkcs1, pkcs8] {
            assert_eq!(certificate.key_in(&text.expect("PEM")), expected);
        }
    }
    assert!(openssl::error::Error::get().is_none());
}

#[test]
fn a_key_that_was_made_up_around_a_public_one_belongs_to_nobody() {
    use openssl::bn::BigNum;
    use openssl::ec::EcKey;
    use openssl::pkey::PKey;
    use openssl::rsa::{Rsa, RsaPrivateKeyBuilder};
    let ca = authority(CA);
    let copy = |number: &openssl::bn::BigNumRef| number.to_owned().expect("a number");
    let small = |number| BigNum::from_u32(number).expect("a number");

    let rsa = Rsa::generate(2048).expect("RSA");
    let own = PKey::from_rsa(rsa.clone()).expect("a key");
    let certificate = Certificate::new(Request::new(ALICE, CA).sign(&own, &ca.key));
    let one_and_all = (small(1), copy(rsa.n()));
    for (p, q) in [(small(0), small(0)), (small(7), small(11)), one_and_all] {
        let forged = RsaPrivateKeyBuilder::new(copy(rsa.n()), copy(rsa.e()), small(3))
            .and_then(|key| key.set_factors(p, q))
            .and_then(|key| key.set_crt_params(small(1), small(1), small(1)))
            .expect("a key")
            .build();
        let pkcs1 = forged.private_key_to_pem().expect("PEM");
        assert_ne!(certificate.key_in(&pkcs1), KeyMatch::Belongs);
        let pkcs8 = PKey::from_rsa(forged).and_then(|key| key.private_key_to_pem_pkcs8());
        if let Ok(pkcs8) = pkcs8 {
            assert_ne!(certificate.key_in(&pkcs8), KeyMatch::Belongs);
        }
    }

    let alice = ca.issue_user(ALICE);
    let certificate = Certificate::new(alice.certificate.clone());
    let ec = alice.key.ec_key().expect("EC");
    let forged = EcKey::from_private_components(ec.group(), &small(1), ec.public_key());
    let forged = forged.expect("a key");
    let sec1 = forged.private_key_to_pem().expect("PEM");
    assert_eq!(certificate.key_in(&sec1), KeyMatch::Foreign);
    let pkcs8 = PKey::from_ec_key(forged).and_then(|key| key.private_key_to_pem_pkcs8());
    assert_eq!(certificate.key_in(&pkcs8.expect("PEM")), KeyMatch::Foreign);
}

#[test]
fn lifetimes_are_held_against_the_limits_of_their_levels() {
    let alice = authority(CA).issue_user(ALICE);
    let one = alice.delegate(Flavour::Rfc);
    let two = one.delegate(Flavour::Rfc);
    let chain = Chain::from_certificates([two.certificate, one.certificate, alice.certificate]);
    let chain = chain.expect("a chain");
    let day = Duration::from_secs(86_400);
    let mut limits = LifetimeLimits::default();
    limits.limit_level(0, day * 11);
    limits.limit_level(7, day);
    assert_eq!(limits.check(&chain), Ok(()));
    limits.limit_level(1, day);
    let error = limits.check(&chain).expect_err("too long").to_string();
    assert!(
        error.starts_with("proxy level 1 (the last one) valid 264 h, limit 24 h: "),
        "{error}"
    );
    limits.limit_leaf(day * 11);
    assert_eq!(limits.check(&chain), Ok(()));
    limits.limit_level(0, day);
    let error = limits.check(&chain).expect_err("too long").to_string();
    assert!(
        error.starts_with("proxy level 0 valid 264 h, limit 24 h: "),
        "{error}"
    );
}

#[test]
fn a_verifier_leaves_the_error_queue_of_its_host_alone() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    let mallory = authority("/CN=Rogue").issue_user(ALICE);
    site.publish(&site.ca, &[&alice.certificate], (-1, 1));
    while openssl::error::Error::get().is_some() {}
    assert!(
        openssl::x509::X509::from_der(b"junk").is_err(),
        "drained by the wrapper"
    );
    for user in [&alice, &mallory] {
        let proxy = user.delegate(Flavour::Gt2);
        let _ = site.verdict(&[&proxy.certificate, &user.certificate]);
    }
    assert!(openssl::error::Error::get().is_none());
}

#[test]
fn what_a_verifier_remembers_holds_until_a_date_or_a_file_says_otherwise() {
    let site = Site::new();
    let (alice, bob) = (site.ca.issue_user(ALICE), site.ca.issue_user(support::BOB));
    site.publish(&site.ca, &[&bob.certificate], (-1, 3));
    // Files that changed just now are read each time.
    std::thread::sleep(Duration::from_millis(3_100));
    let verifier = site.verifier();
    let day = |day: i64| {
        let now = SystemTime::now();
        let span = Duration::from_secs(day.unsigned_abs() * 86_400);
        if day < 0 { now - span } else { now + span }
    };
    let verdict = |user: &Party, time| {
        let chain = Chain::from_certificates([user.certificate.clone()]).expect("a chain");
        verifier.verify(&chain, time).map(drop)
    };
    for _ in 0..2 {
        assert_eq!(verdict(&alice, day(0)), Ok(()));
        assert!(matches!(
            verdict(&bob, day(0)),
            Err(VerifyError::Revoked { .. })
        ));
    }
    assert_eq!(verdict(&alice, day(2)), Ok(()), "in the same span");
    assert!(matches!(
        verdict(&alice, day(4)),
        Err(VerifyError::StaleCrl { .. })
    ));
    assert!(matches!(
        verdict(&alice, day(-2)),
        Err(VerifyError::StaleCrl { .. })
    ));
    assert!(verdict(&alice, day(4000)).is_err());
    assert!(verdict(&alice, day(-4000)).is_err());
    assert_eq!(verdict(&alice, day(0)), Ok(()), "and back");
    site.publish(&site.ca, &[&alice.certificate], (-1, 3));
    assert!(matches!(
        verdict(&alice, day(0)),
        Err(VerifyError::Revoked { .. })
    ));
    site.publish(&site.ca, &[], (-1, 3));
    assert_eq!(verdict(&alice, day(0)), Ok(()));
    fs::remove_file(site.file(&site.ca, "0")).expect("removed");
    assert!(matches!(
        verdict(&alice, day(0)),
        Err(VerifyError::UnknownAuthority { .. })
    ));
}

#[test]
fn threads_share_a_verifier() {
    let site = Site::new();
    let alice = site.ca.issue_user(ALICE);
    site.publish(&site.ca, &[], (-1, 1));
    let verifier = site.verifier();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    assert!(verdict(&verifier, &[&alice.certificate]).is_ok());
                }
            });
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_damaged_certificate_is_never_trusted(which in 0_usize..3, at: prop::sample::Index, flip in 1_u8..) {
        use std::sync::OnceLock;
        static MADE: OnceLock<(Site, [Vec<u8>; 3])> = OnceLock::new();
        let (site, chain) = MADE.get_or_init(|| {
            let site = Site::new();
            let alice = site.ca.issue_user(ALICE);
            let one = alice.delegate(Flavour::Rfc);
            let two = one.delegate(Flavour::Rfc);
            let der = [two, one, alice].map(|party| party.certificate.to_der().expect("DER"));
            (site, der)
        });
        let mut damaged = chain.clone();
        let at = at.index(damaged[which].len());
        damaged[which][at] ^= flip;
        let certificates: Option<Vec<_>> = damaged.iter().map(|der| X509::from_der(der).ok()).collect();
        // Not every damage shows in what OpenSSL decodes: then it is the same certificate.
        if let Some(certificates) = certificates
            && let Ok(chain) = Chain::from_certificates(certificates)
        {
            let verdict = site.verifier().verify(&chain, SystemTime::now());
            prop_assert!(verdict.is_err() || chain.dn().to_str() == Ok(ALICE));
            prop_assert!(verdict.is_err(), "byte {at} of certificate {which} ^ {flip:#x}");
        }
    }
}
