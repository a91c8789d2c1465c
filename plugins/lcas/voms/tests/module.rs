//! `lcas_voms` inside real libraries, with VOMS attributes of a VO made for the test.

#[path = "../../../../common/voms/tests/support/mod.rs"]
mod support;

use std::fs;

use lcas_module_test::module_file;
use lcas_module_test::real::{Case, libraries};
use lcas_module_test::recording::{LoadedModule, Question, RecordingHost};
use support::{World, pki};

#[test]
fn child() {
    lcas_module_test::real::child();
}

/// What libraries answer to users with these PEM texts.
fn answers(
    world: &World,
    policy: (&str, &str),
    words: &str,
    users: &[&str],
) -> Vec<(Vec<i32>, String)> {
    let path = world.path().join(policy.0);
    fs::write(&path, policy.1).expect("a policy");
    let words = format!(
        "-vomsdir {} -certdir {} -authfile {} {words}",
        world.vomsdir().display(),
        world.certdir().display(),
        path.display()
    );
    let ask = |library: &std::path::PathBuf| {
        let case = Case::of_module(library, &module_file("lcas_voms"), words.trim());
        let report = users
            .iter()
            .fold(case, |case, pem| case.ask_as(pem, None))
            .run();
        assert_eq!(report.init, 0, "{}", report.log);
        (report.answers, report.log)
    };
    libraries().iter().map(ask).collect()
}

fn pem(world: &World, fqans: &[&str]) -> String {
    let certificate = world.ac(fqans).sign(&world.server.key);
    String::from_utf8(world.credential(&[certificate])).expect("PEM")
}

const GACL: &str =
    "<gacl><entry><voms><fqan>/testvo/good</fqan></voms><allow><read/></allow></entry></gacl>";

#[test]
fn verified_attributes_are_held_against_the_policy() {
    let world = World::new();
    let good = pem(&world, &["/testvo", "/testvo/good"]);
    let plain = pem(&world, &["/testvo"]);
    let none = String::from_utf8(pki::pem(&[&world.alice.certificate])).expect("PEM");
    for policy in [("p.gacl", GACL), ("simple", "\"/testvo/good\" .pool\n")] {
        for (found, log) in answers(&world, policy, "", &[&good, &plain, &none]) {
            assert_eq!(found, [0, 5, 5], "{log}");
            assert!(log.contains("the user has no VOMS attributes"), "{log}");
        }
    }
    let dn = format!("\"{}\"\n", pki::ALICE);
    for (found, log) in answers(&world, ("simple", &dn), "-use_user_dn", &[&good, &none]) {
        assert_eq!(found, [0, 0], "{log}");
    }
    for (found, log) in answers(&world, ("simple", &dn), "", &[&good, &none]) {
        assert_eq!(found, [5, 5], "{log}");
    }
}

#[test]
fn an_old_policy_names_the_server_that_gave_the_attribute() {
    let world = World::new();
    let good = pem(&world, &["/testvo/good"]);
    let policy = |server: &str| {
        format!(
            "<gacl><entry><voms-cred><voms>{server}</voms><vo>testvo</vo><group>/testvo/good</group></voms-cred>\
             <allow><read/><write/></allow><deny><admin/></deny></entry></gacl>"
        )
    };
    for (server, expected) in [(support::SERVER, 0), ("/CN=another", 5)] {
        let words = "-gacl_use_voms_dn always";
        for (found, log) in answers(&world, ("p.gacl", &policy(server)), words, &[&good]) {
            assert_eq!(found, [expected], "{server}: {log}");
        }
    }
}

#[test]
fn attributes_that_cannot_be_verified_refuse_whatever_the_policy_says() {
    let world = World::new();
    let everybody = "<gacl><entry><any-user/><allow><read/></allow></entry></gacl>";
    let good = pem(&world, &["/testvo/good"]);
    let stranger = String::from_utf8(
        world.credential(&[world.ac(&["/testvo/good"]).sign(&support::rsa_key())]),
    )
    .expect("PEM");
    for (found, log) in answers(
        &world,
        ("p.gacl", everybody),
        "-use_user_dn",
        &[&good, &stranger],
    ) {
        assert_eq!(found, [0, 5], "{log}");
        assert!(log.contains("cannot be relied on"), "{log}");
    }
    world.write_lsc("/CN=other\n/CN=ca\n");
    for (found, log) in answers(&world, ("p.gacl", everybody), "-use_user_dn", &[&good]) {
        assert_eq!(found, [5], "{log}");
    }
}

#[test]
fn without_certificates_nobody_is_let_in() {
    let world = World::new();
    let path = world.path().join("p.gacl");
    fs::write(
        &path,
        "<gacl><entry><any-user/><allow><read/></allow></entry></gacl>",
    )
    .expect("a policy");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcas_voms"));
    let path = path.display().to_string();
    let instance = module
        .start(&["-use_user_dn", "-authfile", &path])
        .expect("starts");
    assert_ne!(module.confirm(&Question::of(pki::ALICE)), 0);
    host.expect_log("there is no certificate chain");
    drop(instance);
}

#[test]
fn a_name_that_is_not_that_of_the_certificates_is_refused() {
    use foreign_types::ForeignType as _;

    let world = World::new();
    let path = world.path().join("simple");
    fs::write(&path, "*\n").expect("a policy");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcas_voms"));
    let path = path.display().to_string();
    let (vomsdir, certdir) = (
        world.vomsdir().display().to_string(),
        world.certdir().display().to_string(),
    );
    let words = [
        "-use_user_dn",
        "-authfile",
        &path,
        "-VOMSDIR",
        &vomsdir,
        "-CERTDIR",
        &certdir,
    ];
    let instance = module.start(&words).expect("starts");
    let leaf = &world.alice.certificate;
    // As with a GSS credential: the chain is without the leaf.
    let chain = openssl::stack::Stack::<openssl::x509::X509>::new().expect("a stack");
    let ask = |dn: &str| {
        let question = Question::of(dn).certificates(leaf.as_ptr().cast(), chain.as_ptr().cast());
        module.confirm(&question)
    };
    assert_eq!(ask(pki::ALICE), 0, "{}", host.log());
    assert_ne!(ask(pki::BOB), 0);
    host.expect_log("but the user is called");
    drop(instance);
}

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    use foreign_types::ForeignType as _;

    let world = World::new();
    let path = world.path().join("simple");
    fs::write(&path, "*\n").expect("a policy");
    let path = path.display().to_string();
    let file = module_file("lcas_voms");
    let leaf = &world.alice.certificate;
    let chain = openssl::stack::Stack::<openssl::x509::X509>::new().expect("a stack");
    let growth = lcas_module_test::growth_per_round(|| {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &file);
        let instance = module
            .start(&["-use_user_dn", "-authfile", &path])
            .expect("starts");
        let question =
            Question::of(pki::ALICE).certificates(leaf.as_ptr().cast(), chain.as_ptr().cast());
        assert_eq!(module.confirm(&question), 0, "{}", host.log());
        assert_eq!(module.terminate(), 0);
        drop(instance);
    });
    assert!(growth < 24.0, "{growth} bytes a session");
}
