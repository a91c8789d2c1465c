//! The private key in the PEM text: missing, somebody else's, encrypted; the options about that.

mod site;

use std::process::Command;

use lcmaps_module_test::real::{libraries, own_library};
use site::{Pki, both, ours};

const VARIABLE: &str = "VERIFY_PROXY_DISCARD_PRIVATE_KEY_ABSENCE";
const DISCARD: &str = "--discard_private_key_absence";
const NEVER: &str = "--never_discard_private_key_absence";

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// Alice's certificate and a key.
fn alice_with(pki: &Pki, key: &str) -> String {
    pki.text("certs/alice.pem") + key
}

#[test]
fn a_missing_key_refuses_unless_that_is_discarded() {
    let Some(pki) = Pki::with(&["base"]) else {
        return;
    };
    let pem = alice_with(pki, "");
    for library in libraries() {
        for module in both() {
            for (options, variable, lets_in) in [
                ("", false, false),
                (DISCARD, false, true),
                ("", true, true),
                (NEVER, true, false),
                (&format!("{DISCARD} {NEVER}"), false, false),
                (&format!("{NEVER} {DISCARD}"), false, false),
            ] {
                let mut question = pki.ask(&library, &module, options);
                if variable {
                    question = question.with_variable(VARIABLE);
                }
                let verdict = question.about(&pem);
                let place = format!("{} in {}", module.display(), library.display());
                assert_eq!(
                    verdict.lets_in, lets_in,
                    "{options:?} {variable} {place}:\n{}",
                    verdict.log
                );
            }
        }
    }
}

#[test]
fn a_variable_that_lets_in_without_a_key_is_told() {
    let Some(pki) = Pki::with(&["base"]) else {
        return;
    };
    let Some(library) = own_library() else { return };
    let pem = alice_with(pki, "");
    for (options, variable, told) in [
        ("", true, 1),
        ("", false, 0),
        (DISCARD, true, 0),
        (NEVER, true, 0),
    ] {
        let mut question = pki.ask(&library, &ours(), options);
        if variable {
            question = question.with_variable(VARIABLE);
        }
        let log = question.about(&pem).log;
        let warning = format!("a missing private key is accepted because {VARIABLE} is");
        assert_eq!(log.matches(&warning).count(), told, "{options:?}:\n{log}");
    }
}

#[test]
fn somebody_elses_key_refuses_whatever_is_discarded() {
    let Some(pki) = Pki::with(&["base"]) else {
        return;
    };
    let own = alice_with(pki, &pki.text("keys/alice.key"));
    let foreign = alice_with(pki, &pki.text("keys/bob.key"));
    for library in libraries() {
        for module in both() {
            for options in ["", DISCARD] {
                let question = pki.ask(&library, &module, options);
                let place = format!("{} in {}", module.display(), library.display());
                assert!(question.about(&own).lets_in, "{options} {place}");
                assert!(!question.about(&foreign).lets_in, "{options} {place}");
            }
        }
    }
}

#[test]
fn the_key_of_the_end_entity_is_not_that_of_its_proxy() {
    let Some(pki) = Pki::with(&["base"]) else {
        return;
    };
    let Some(library) = own_library() else { return };
    // The certificates of Bob and Alice in one text: the first one is Bob's.
    let pem = pki.text("certs/bob.pem") + &alice_with(pki, &pki.text("keys/alice.key"));
    let verdict = pki.ask(&library, &ours(), "").about(&pem);
    assert!(!verdict.lets_in, "{}", verdict.log);
    assert!(
        verdict
            .log
            .contains("the private key is not that of the first certificate"),
        "{}",
        verdict.log
    );
}

#[test]
fn an_encrypted_or_damaged_key_is_a_missing_one_and_is_told() {
    let Some(pki) = Pki::with(&["base"]) else {
        return;
    };
    let Some(library) = own_library() else { return };
    let output = Command::new("openssl")
        .args(["pkey", "-aes128", "-passout", "pass:x", "-in"])
        .arg(pki.path("keys/alice.key"))
        .output()
        .expect("openssl");
    let encrypted = String::from_utf8(output.stdout).expect("PEM");
    let damaged = "-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----\n";
    for (key, word) in [
        (encrypted.as_str(), "is encrypted"),
        (damaged, "is damaged"),
    ] {
        let pem = alice_with(pki, key);
        let verdict = pki.ask(&library, &ours(), "").about(&pem);
        assert!(!verdict.lets_in, "{word}:\n{}", verdict.log);
        assert!(verdict.log.contains(word), "{word}:\n{}", verdict.log);
        assert!(
            pki.ask(&library, &ours(), DISCARD).about(&pem).lets_in,
            "{word}"
        );
    }
}

#[test]
fn a_refusal_for_the_key_says_what_would_accept_it_and_shows_no_key() {
    let Some(pki) = Pki::with(&["base"]) else {
        return;
    };
    let Some(library) = own_library() else { return };
    let verdict = pki.ask(&library, &ours(), "").about(&alice_with(pki, ""));
    let expected = "no private key: there is none in the PEM text; --discard_private_key_absence would accept that";
    assert!(verdict.log.contains(expected), "{}", verdict.log);
    let key = pki.text("keys/bob.key");
    let line = key.lines().nth(1).expect("a line of the key");
    let verdict = pki.ask(&library, &ours(), "").about(&alice_with(pki, &key));
    assert!(!verdict.log.contains(line));
}
