//! From liblcmaps's loader through the table to a chain: the loader is the one of liblcmaps, the
//! object the one that cargo built beside this test program.

#[path = "../../../common/x509/tests/support/mod.rs"]
mod support;

use std::ffi::{CString, c_void};
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use foreign_types::{ForeignType, ForeignTypeRef};
use lcmaps_certificates_client::{
    Certificates, Chain, certificate_text, certificates_text, free_certificates, is_authority,
    subject,
};
use openssl::stack::{Stack, StackRef};
use openssl::x509::{X509, X509Ref};
use support::{ALICE, BOB, CA, Flavour, Party, authority, pem};

fn credential() -> [Party; 4] {
    let ca = authority(CA);
    let alice = ca.issue_user(ALICE);
    [alice.delegate(Flavour::Rfc), alice, ca.issue_user(BOB), ca]
}

fn text(parties: &[&Party]) -> CString {
    let certificates: Vec<_> = parties.iter().map(|party| &party.certificate).collect();
    CString::new(pem(&certificates)).expect("text")
}

fn stack_of(chain: &Chain) -> Vec<X509> {
    // SAFETY: the chain's own stack.
    let stack = unsafe { StackRef::<X509>::from_ptr(chain.stack().cast()) };
    stack.iter().map(ToOwned::to_owned).collect()
}

#[test]
fn a_pem_text_becomes_a_dn_a_leaf_a_stack_and_warnings() {
    let [proxy, alice, bob, ca] = credential();
    let chain = Chain::from_pem(&text(&[&proxy, &bob, &alice, &ca])).expect("chain");
    assert_eq!(chain.dn().to_str(), Ok(ALICE));
    // SAFETY: the chain's own leaf.
    let leaf = unsafe { X509Ref::from_ptr(chain.leaf().cast()) };
    assert!(*leaf == *proxy.certificate);
    assert!(stack_of(&chain) == [&proxy, &alice, &ca].map(|party| party.certificate.clone()));
    let warnings = chain.warnings();
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].starts_with("certificate 2 is left out"),
        "{warnings:?}"
    );
    assert!(warnings[0].ends_with(BOB));
}

#[test]
fn a_stack_stays_the_callers() {
    let parties = credential();
    let mut stack = Stack::new().expect("stack");
    for party in &parties {
        stack.push(party.certificate.clone()).expect("stack");
    }
    // SAFETY: a valid stack.
    let chain = unsafe { Chain::from_stack(stack.as_ptr().cast()) }.expect("chain");
    assert_eq!(chain.dn().to_str(), Ok(ALICE));
    assert_ne!(chain.stack(), stack.as_ptr().cast::<c_void>());
    assert_eq!(stack.len(), 4);
    drop(stack);
    assert_eq!(stack_of(&chain).len(), 3);
}

#[test]
fn a_refusal_comes_with_its_reason() {
    let [proxy, _, bob, ca] = credential();
    let reason = Chain::from_pem(&text(&[&proxy, &bob, &ca]))
        .err()
        .expect("refused");
    assert!(reason.starts_with("the issuer of the proxy"), "{reason}");
    let reason = Chain::from_pem(c"").err().expect("refused");
    assert_eq!(reason, "the input holds no certificate");
    // SAFETY: NULL is allowed.
    let reason = unsafe { Chain::from_stack(std::ptr::null_mut()) }.err();
    assert_eq!(reason.as_deref(), Some("there is no certificate stack"));
}

#[test]
fn a_chain_may_move_to_another_thread() {
    let [proxy, alice, ..] = credential();
    let chain = Chain::from_pem(&text(&[&proxy, &alice])).expect("chain");
    let dn = std::thread::spawn(move || chain.dn().to_owned())
        .join()
        .expect("thread");
    assert_eq!(dn.to_str(), Ok(ALICE));
}

#[test]
fn the_object_needs_libcrypto_and_no_other_library_of_its_kind() {
    let needed = readelf("-d");
    assert!(needed.contains("libcrypto.so"), "{needed}");
    for unwanted in ["libssl", "globus", "voms"] {
        assert!(!needed.contains(unwanted), "{needed}");
    }
    assert!(
        needed.contains("[liblcmaps_certificates.so.0]"),
        "no SONAME: {needed}"
    );
    assert!(needed.contains("NODELETE"), "{needed}");
}

#[test]
fn the_object_exports_one_symbol() {
    let exported: Vec<_> = readelf("--dyn-syms")
        .lines()
        .filter(|line| line.contains(" GLOBAL ") || line.contains(" WEAK "))
        .filter(|line| !line.contains(" UND "))
        .map(|line| {
            line.split_whitespace()
                .last()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert_eq!(exported, ["lcmaps_certificates_functions"]);
}

fn readelf(what: &str) -> String {
    let object = env::current_exe()
        .expect("program")
        .with_file_name("liblcmaps_certificates.so");
    let output = Command::new("readelf")
        .args([what, "-W"])
        .arg(object)
        .output()
        .expect("readelf");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("text")
}

/// Runs `says_what_the_loader_answers` in a copy of this program that lies in `directory`.
fn answer_from(directory: &Path) -> String {
    let program = directory.join("program");
    // By another process: a descriptor of ours that is open for writing could be inherited by a
    // child that another test starts at this moment, and then the copy is "busy".
    let copied = Command::new("cp")
        .arg(env::current_exe().expect("program"))
        .arg(&program)
        .status();
    assert!(copied.expect("cp").success());
    let output = Command::new(&program)
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "says_what_the_loader_answers",
        ])
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .expect("copy of this program");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.split_once("answer: "));
    line.unwrap_or_else(|| panic!("no answer in {text}"))
        .1
        .to_owned()
}

#[test]
#[ignore = "run by the tests below, in another directory"]
fn says_what_the_loader_answers() {
    // Twice: the answer is remembered.
    let first = Chain::from_pem(c"").err();
    assert_eq!(Chain::from_pem(c"").err(), first);
    println!("\nanswer: {}", first.expect("an empty text is refused"));
}

#[test]
fn without_the_object_every_certificate_is_refused_in_words() {
    let directory = tempfile::tempdir().expect("directory");
    let answer = answer_from(directory.path());
    assert!(
        answer.starts_with("cannot load the certificate library: "),
        "{answer}"
    );
    assert!(answer.contains("liblcmaps_certificates.so.0"), "{answer}");
}

#[test]
fn the_object_is_found_beside_the_program_by_both_names() {
    let object = env::current_exe()
        .expect("program")
        .with_file_name("liblcmaps_certificates.so");
    for name in ["liblcmaps_certificates.so.0", "liblcmaps_certificates.so"] {
        let directory = tempfile::tempdir().expect("directory");
        fs::copy(&object, directory.path().join(name)).expect("copy");
        assert_eq!(
            answer_from(directory.path()),
            "the input holds no certificate"
        );
    }
}

#[test]
fn an_object_of_another_release_is_refused() {
    for (version, size) in [(2, 4096), (1, 16), (0, 0)] {
        let directory = tempfile::tempdir().expect("directory");
        let source = directory.path().join("other.c");
        fs::write(
            &source,
            format!(
                "static const unsigned table[2] = {{ {version}, {size} }};\n\
                 const void *lcmaps_certificates_functions(void) {{ return table; }}\n"
            ),
        )
        .expect("source");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-o"])
            .arg(directory.path().join("liblcmaps_certificates.so.0"))
            .arg(&source)
            .status()
            .expect("cc");
        assert!(compiled.success());
        let answer = answer_from(directory.path());
        assert!(answer.contains("is of another release"), "{answer}");
    }
}

#[test]
fn the_stack_without_the_leaf_has_the_others_and_may_be_empty() {
    let [proxy, alice, bob, ca] = credential();
    let chain = Chain::from_pem(&text(&[&proxy, &bob, &alice, &ca])).expect("chain");
    let rest = chain.stack_without_leaf().expect("memory");
    // SAFETY: the chain's own stack.
    let rest = unsafe { StackRef::<X509>::from_ptr(rest.cast()) };
    let rest: Vec<_> = rest.iter().map(ToOwned::to_owned).collect();
    assert!(rest == [&alice, &ca].map(|party| party.certificate.clone()));
    let alone = Chain::from_pem(&text(&[&alice])).expect("chain");
    let rest = alone.stack_without_leaf().expect("memory");
    // SAFETY: as above.
    assert!(unsafe { StackRef::<X509>::from_ptr(rest.cast()) }.is_empty());
}

#[test]
fn certificates_of_a_text_are_the_callers_in_the_order_of_the_text() {
    let [proxy, alice, bob, ca] = credential();
    let pem = text(&[&bob, &proxy, &ca, &alice]);
    let stack = Certificates::from_pem(&pem)
        .expect("certificates")
        .into_stack();
    {
        // SAFETY: ours until it is freed below.
        let stack = unsafe { StackRef::<X509>::from_ptr(stack.cast()) };
        let all: Vec<_> = stack.iter().map(ToOwned::to_owned).collect();
        assert!(all == [&bob, &proxy, &ca, &alice].map(|party| party.certificate.clone()));
    }
    // SAFETY: a stack, which is freed once.
    unsafe {
        let words = certificates_text(stack)
            .expect("text")
            .into_string()
            .expect("ASCII");
        assert_eq!(words.matches("Subject: ").count(), 4, "{words}");
        free_certificates(stack);
    }
    let leaf = Certificates::from_pem(&pem)
        .expect("certificates")
        .into_leaf();
    // SAFETY: a certificate that is ours.
    let leaf = unsafe { X509::from_ptr(leaf.cast()) };
    assert!(leaf == bob.certificate);
    assert!(Certificates::from_pem(c"").is_err());
}

#[test]
fn a_certificate_tells_its_subject_and_whether_it_is_an_authority() {
    let [proxy, alice, _, ca] = credential();
    let told = |party: &Party| {
        let certificate: *mut c_void = party.certificate.as_ptr().cast();
        // SAFETY: a live certificate.
        unsafe {
            let subject = subject(certificate)
                .expect("a DN")
                .into_string()
                .expect("ASCII");
            (subject, is_authority(certificate))
        }
    };
    assert_eq!(told(&alice), (ALICE.to_owned(), false));
    assert_eq!(told(&ca), (CA.to_owned(), true));
    assert!(!told(&proxy).1);
    // SAFETY: NULL is allowed.
    unsafe {
        assert!(subject(std::ptr::null_mut()).is_none());
        assert!(!is_authority(std::ptr::null_mut()));
        assert!(certificate_text(std::ptr::null_mut()).is_none());
    }
}
