//! Who may sign: LSC files, certificates in the VOMS directory, CAs and their CRLs.

mod support;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use lc_voms::{Outcome, Reason};
use openssl::hash::MessageDigest;
use openssl::sign::Signer;
use support::pki::{self, Party, Request};
use support::{SERVER, SHA256_ECDSA, VO, World, algorithm, date, element, in_words, read};
use support::{sequence, serial, server_request, verdict};

fn ac(world: &World) -> Vec<u8> {
    world.ac(&["/testvo"]).sign(&world.server.key)
}

/// The outcome, after a comparison with libvomsapi.
#[track_caller]
fn same(world: &World, ac: Vec<u8>) -> Outcome {
    let credential = world.credential(&[ac]);
    let outcome = read(&credential, &world.settings());
    if let Some(theirs) = world.oracle(&credential, u32::MAX, 0) {
        assert_eq!(verdict(&theirs), in_words(&outcome), "{outcome:?}");
    }
    outcome
}

#[track_caller]
fn reason(outcome: &Outcome) -> &Reason {
    match outcome.refused.as_slice() {
        [refused] => &refused.reason,
        _ => panic!("{outcome:?}"),
    }
}

#[track_caller]
fn granted(outcome: &Outcome) -> bool {
    assert_eq!(
        outcome.granted().len(),
        usize::from(outcome.refused.is_empty())
    );
    outcome.refused.is_empty()
}

#[test]
fn one_of_several_chains_of_an_lsc_file_admits_the_server() {
    let world = World::new();
    let ca = pki::CA;
    for (text, admitted) in [
        (
            format!("/CN=other\n{ca}\n------ NEXT CHAIN ------\n{SERVER}\n{ca}\n"),
            true,
        ),
        (
            format!("{SERVER}\n{ca}\n------ NEXT CHAIN ------\n/CN=other\n{ca}\n"),
            true,
        ),
        (format!("\n  {SERVER}  \n\n{ca}\n"), true),
        (format!("{SERVER}\n{ca}\n{ca}\n/CN=root\n"), true),
        (format!("{SERVER}\n{ca}"), true),
        (format!("{ca}\n{SERVER}\n"), false),
        (format!("/CN=other\n{ca}\n"), false),
        (format!("{SERVER}\n/CN=other\n"), false),
        (format!("{SERVER}\n"), false),
        (String::new(), false),
    ] {
        world.write_lsc(&text);
        let outcome = same(&world, ac(&world));
        assert_eq!(granted(&outcome), admitted, "{text:?}: {outcome:?}");
    }
}

#[test]
fn comments_and_shorter_separators_are_understood_here_only() {
    let world = World::new();
    world.write_lsc(&format!(
        "# the server\n/CN=x\n/CN=y\n----NEXT CHAIN----\n{SERVER}\n{}\n",
        pki::CA
    ));
    assert!(granted(&world.outcome(&[ac(&world)])));
}

#[test]
fn a_file_that_admits_somebody_else_is_quoted() {
    let world = World::new();
    world.write_lsc("/CN=other server\n/CN=other CA\n");
    let outcome = same(&world, ac(&world));
    let text = outcome.refused[0].to_string();
    assert!(
        text.starts_with("attribute certificate 1 (VO testvo) of /C=NL/O=TestGrid"),
        "{text}"
    );
    for part in [
        world.lsc().to_str().expect("path"),
        "/CN=other server issued by /CN=other CA",
        &format!("{SERVER} issued by {}", pki::CA),
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn without_an_lsc_file_certificates_in_the_vomsdir_decide() {
    let world = World::new();
    fs::remove_file(world.lsc()).expect("LSC file");
    let mut without_list = world.ac(&["/testvo"]);
    without_list.certificates = None;
    let without_list = without_list.sign(&world.server.key);
    assert!(matches!(
        reason(&same(&world, ac(&world))),
        Reason::NoSigner(_)
    ));

    let pem = world.server.certificate.to_pem().expect("PEM");
    for file in [
        world.vomsdir().join(VO).join("server.pem"),
        world.vomsdir().join("anything"),
    ] {
        fs::write(&file, &pem).expect("certificate");
        assert!(granted(&same(&world, ac(&world))), "{}", file.display());
        assert!(granted(&same(&world, without_list.clone())));
        fs::remove_file(&file).expect("certificate");
    }
    fs::create_dir(world.vomsdir().join("othervo")).expect("directory");
    fs::write(world.vomsdir().join("othervo/server.pem"), &pem).expect("certificate");
    assert!(!granted(&same(&world, ac(&world))), "another VO's server");
}

#[test]
fn an_attribute_certificate_without_certificates_does_not_use_the_lsc_file() {
    let world = World::new();
    let mut ac = world.ac(&["/testvo"]);
    ac.certificates = None;
    let outcome = same(&world, ac.sign(&world.server.key));
    assert!(
        matches!(reason(&outcome), Reason::NoSigner(_)),
        "{outcome:?}"
    );
}

#[test]
fn other_files_in_the_vomsdir_are_passed_over() {
    let world = World::new();
    fs::remove_file(world.lsc()).expect("LSC file");
    let directory = world.vomsdir().join(VO);
    fs::create_dir(directory.join("directory.pem")).expect("directory");
    fs::write(directory.join("README"), "no certificate").expect("file");
    fs::write(
        directory.join("broken.pem"),
        "-----BEGIN CERTIFICATE-----\nx",
    )
    .expect("file");
    let pipe = directory.join("a.pipe");
    let status = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(status.is_ok_and(|status| status.success()));
    // The same name with another key, as after a renewal.
    let old = Party {
        key: support::rsa_key(),
        ..world.server.clone()
    };
    let old = server_request().sign(&old.key, &world.ca.key);
    fs::write(directory.join("a.pem"), old.to_pem().expect("PEM")).expect("file");
    let outcome = world.outcome(&[ac(&world)]);
    assert!(
        matches!(reason(&outcome), Reason::BadSignature { .. }),
        "{outcome:?}"
    );
    let pem = world.server.certificate.to_pem().expect("PEM");
    fs::write(directory.join("z.pem"), pem).expect("file");
    assert!(granted(&world.outcome(&[ac(&world)])));
}

#[test]
fn an_lsc_file_that_cannot_be_read_is_not_passed_over() {
    let world = World::new();
    fs::remove_file(world.lsc()).expect("LSC file");
    fs::create_dir(world.lsc()).expect("directory");
    let outcome = world.outcome(&[ac(&world)]);
    assert!(
        matches!(reason(&outcome), Reason::Unreadable { .. }),
        "{outcome:?}"
    );
}

#[test]
fn a_missing_directory_is_no_trust() {
    let world = World::new();
    for which in ["vomsdir", "certificates"] {
        let mut settings = world.settings();
        let missing = world.path().join("missing");
        match which {
            "vomsdir" => settings.vomsdir = missing,
            _ => settings.authorities = support::authorities(missing),
        }
        let outcome = read(&world.credential(&[ac(&world)]), &settings);
        assert!(!granted(&outcome), "{which}");
    }
    let mut settings = world.settings();
    settings.authorities = support::authorities(OsStr::from_bytes(b"a\0b"));
    let outcome = read(&world.credential(&[ac(&world)]), &settings);
    assert!(
        matches!(reason(&outcome), Reason::Untrusted { .. }),
        "{outcome:?}"
    );
}

#[test]
fn the_server_has_to_have_a_certificate_of_a_trusted_ca() {
    let world = World::new();
    for entry in fs::read_dir(world.certdir()).expect("directory") {
        fs::remove_file(entry.expect("entry").path()).expect("CA");
    }
    let outcome = same(&world, ac(&world));
    assert!(
        matches!(reason(&outcome), Reason::Untrusted { .. }),
        "{outcome:?}"
    );
    // Another CA of the same name.
    world.trust(&pki::authority(pki::CA).certificate);
    let outcome = same(&world, ac(&world));
    assert!(
        matches!(reason(&outcome), Reason::Untrusted { .. }),
        "{outcome:?}"
    );
}

#[test]
fn a_user_does_not_issue_certificates_of_servers() {
    let world = World::new();
    let key = support::rsa_key();
    let certificate = Request::new(SERVER, pki::ALICE).sign(&key, &world.alice.key);
    let server = Party { certificate, key };
    world.write_lsc(&format!(
        "{SERVER}\n{alice}\n{alice}\n{}\n",
        pki::CA,
        alice = pki::ALICE
    ));
    let mut ac = support::Ac::new(&server, &world.alice, &["/testvo"]);
    ac.certificates = Some(vec![
        server.certificate.clone(),
        world.alice.certificate.clone(),
    ]);
    let outcome = world.outcome(&[ac.sign(&server.key)]);
    assert!(
        matches!(reason(&outcome), Reason::Untrusted { .. }),
        "{outcome:?}"
    );
}

#[test]
fn an_expired_certificate_of_a_server_is_not_accepted() {
    let world = World::new();
    let mut request = server_request();
    request.days = (-20, -10);
    let certificate = request.sign(&world.server.key, &world.ca.key);
    let mut ac = world.ac(&["/testvo"]);
    ac.certificates = Some(vec![certificate]);
    let outcome = same(&world, ac.sign(&world.server.key));
    let text = reason(&outcome).to_string();
    assert!(text.contains("expired"), "{text}");
    assert!(text.contains(SERVER), "{text}");
}

/// A CRL of a CA in the CA directory.
fn write_crl(world: &World, ca: &Party, revoked: &[&[u8]], dates: [String; 2]) {
    let entries: Vec<u8> = revoked
        .iter()
        .flat_map(|serial| {
            sequence(&[
                &element(2, &[serial]),
                &element(0x18, &[dates[0].as_bytes()]),
            ])
        })
        .collect();
    let list = if entries.is_empty() {
        Vec::new()
    } else {
        sequence(&[&entries])
    };
    let times: Vec<u8> = dates
        .iter()
        .flat_map(|date| element(0x18, &[date.as_bytes()]))
        .collect();
    let issuer = world.ca.certificate.subject_name().to_der().expect("DER");
    let kind = algorithm(SHA256_ECDSA);
    let signed = sequence(&[&[2, 1, 1], &kind, &issuer, &times, &list]);
    let mut signer = Signer::new(MessageDigest::sha256(), &ca.key).expect("signer");
    let signature = signer.sign_oneshot_to_vec(&signed).expect("signature");
    let der = sequence(&[&signed, &kind, &element(3, &[&[0], &signature])]);
    let text = openssl::base64::encode_block(&der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line))
        .collect();
    let pem = format!(
        "-----BEGIN X509 CRL-----\n{}\n-----END X509 CRL-----\n",
        lines.join("\n")
    );
    let hash = world.ca.certificate.subject_name_hash();
    fs::write(world.certdir().join(format!("{hash:08x}.r0")), pem).expect("CRL");
}

#[test]
fn crls_count_where_there_are_some() {
    let world = World::new();
    let number = serial(&world.server.certificate);
    let current = || [date(-3600), date(3600)];
    assert!(granted(&same(&world, ac(&world))), "no CRL");
    write_crl(&world, &world.ca, &[], current());
    assert!(granted(&same(&world, ac(&world))), "an empty CRL");
    write_crl(&world, &world.ca, &[&[0x55, 1, 2, 3]], current());
    assert!(
        granted(&same(&world, ac(&world))),
        "somebody else is revoked"
    );

    write_crl(&world, &world.ca, &[&number], current());
    let outcome = same(&world, ac(&world));
    let text = reason(&outcome).to_string();
    assert!(text.contains("revoked"), "{text}");

    write_crl(&world, &world.ca, &[], [date(-7200), date(-3600)]);
    let outcome = same(&world, ac(&world));
    assert!(
        reason(&outcome)
            .to_string()
            .contains("has expired; does fetch-crl run?"),
        "{outcome:?}"
    );
}

#[test]
fn a_crl_that_cannot_be_used_is_not_passed_over() {
    let world = World::new();
    let current = [date(-3600), date(3600)];
    write_crl(&world, &pki::authority(pki::CA), &[], current);
    let outcome = world.outcome(&[ac(&world)]);
    assert!(
        matches!(reason(&outcome), Reason::Untrusted { .. }),
        "forged: {outcome:?}"
    );
    let hash = world.ca.certificate.subject_name_hash();
    let file = world.certdir().join(format!("{hash:08x}.r0"));
    for text in ["", "damaged"] {
        fs::write(&file, text).expect("CRL");
        let outcome = world.outcome(&[ac(&world)]);
        assert!(
            matches!(reason(&outcome), Reason::Untrusted { .. }),
            "{outcome:?}"
        );
    }
}
