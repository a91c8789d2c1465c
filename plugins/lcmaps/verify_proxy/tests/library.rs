//! `lcmaps_verify_proxy` inside real libraries, on all certificates of the test PKI, beside the C module.

mod site;

use lcmaps_module_test::real::{libraries, own_library};
use site::{ORIGINAL, Pki, both, ours};
use std::path::Path;

const PARTS: [&str; 4] = ["base", "proxies", "voms", "chains"];

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// Whether the name of a proxy says that a verifier refuses it.
fn is_bad(name: &str) -> bool {
    ["ILLEGAL", "revoked", "mallory", "outside"]
        .iter()
        .any(|word| name.contains(word))
        || ["voms-expired", "voms-tampered"].contains(&name)
}

#[test]
fn every_proxy_of_the_test_pki_gets_the_verdict_of_its_name() {
    let Some(pki) = Pki::with(&PARTS) else { return };
    let names = pki.names("proxies");
    assert!(names.len() >= 40, "{names:?}");
    for library in libraries() {
        for name in &names {
            let verdict = pki.ask(&library, &ours(), "").about(&pki.proxy(name));
            let place = library.display();
            assert_eq!(
                verdict.lets_in,
                !is_bad(name),
                "{name} in {place}:\n{}",
                verdict.log
            );
        }
    }
}

#[test]
fn the_original_module_gives_the_same_verdict_but_for_namespaces() {
    let Some(pki) = Pki::with(&PARTS) else { return };
    if both().len() < 2 {
        return;
    }
    let mut compared = 0;
    for library in libraries() {
        for (folder, options) in [("proxies", ""), ("certs", "--discard_private_key_absence")] {
            for name in pki.names(folder) {
                let pem = pki.text(&format!("{folder}/{name}.pem"));
                let theirs = pki.ask(&library, Path::new(ORIGINAL), options).about(&pem);
                let options = format!("{options} --namespaces off");
                let own = pki.ask(&library, &ours(), &options).about(&pem);
                let logs = format!("{}\nand theirs\n{}", own.log, theirs.log);
                assert_eq!(
                    own.lets_in,
                    theirs.lets_in,
                    "{name} in {}:\n{logs}",
                    library.display()
                );
                compared += 1;
            }
        }
    }
    assert!(compared >= 50, "{compared}");
}

#[test]
fn chains_that_yield_a_name_are_let_in_and_no_others() {
    let Some(pki) = Pki::with(&PARTS) else { return };
    let Some(library) = own_library() else { return };
    let table = pki.text("chains/expect.tsv");
    assert!(table.lines().count() > 90);
    for line in table.lines() {
        let (name, expected) = line.split_once('\t').expect("a line of the table");
        let pem = pki.text(&format!("chains/{name}.pem"));
        // One of them has no key.
        let options = "--discard_private_key_absence";
        let own = pki.ask(&library, &ours(), options).about(&pem);
        let good = !expected.starts_with("refused");
        assert_eq!(own.lets_in, good, "{name}:\n{}", own.log);
        // OpenSSL 3 refuses two levels of GT2 and GT3 proxies, and so does the C module.
        if both().len() == 2 && !name.starts_with("order-gt") {
            let theirs = pki.ask(&library, Path::new(ORIGINAL), options).about(&pem);
            assert_eq!(theirs.lets_in, good, "{name}:\n{}", theirs.log);
        }
    }
}
