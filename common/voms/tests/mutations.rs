//! Nothing that was changed after the server signed it is accepted, and nothing makes us panic.

mod support;

use std::path::PathBuf;
use std::sync::OnceLock;

use lc_voms::{Outcome, Settings};
use lc_x509::Chain;
use openssl::x509::X509;
use proptest::prelude::*;
use support::pki;
use support::{World, extension, sequence};

/// A good attribute certificate with everything in it, and who trusts it.
struct Original {
    world: World,
    ac: Vec<u8>,
    outcome: Outcome,
}

fn original() -> &'static Original {
    static ORIGINAL: OnceLock<Original> = OnceLock::new();
    ORIGINAL.get_or_init(|| {
        let world = World::with_server_key(pki::key());
        let mut ac = world.ac(&[
            "/testvo/Role=NULL/Capability=NULL",
            "/testvo/group/Role=pilot",
        ]);
        let tag = sequence(&[&[4, 1, b'n'], &[4, 1, b'v'], &[4, 1, b'q']]);
        let grantor = sequence(&[&support::element(0x86, &[b"testvo://host:1"])]);
        let containers = sequence(&[&sequence(&[&sequence(&[&grantor, &sequence(&[&tag])])])]);
        ac.more_extensions = extension("1.3.6.1.4.1.8005.100.100.11", false, &containers);
        let ac = ac.sign(&world.server.key);
        let outcome = world.outcome(std::slice::from_ref(&ac));
        assert_eq!(outcome.fqans().count(), 2, "{outcome:?}");
        Original { world, ac, outcome }
    })
}

/// The outcome for a proxy with this value of the extension, whatever that is.
fn outcome(value: &[u8]) -> Outcome {
    let original = original();
    let proxy = support::proxy_with(&original.world.alice, value);
    let certificates: Vec<X509> = vec![proxy.certificate, original.world.alice.certificate.clone()];
    let chain = Chain::from_certificates(certificates).expect("chain");
    lc_voms::attributes(&chain, &original.world.settings())
}

#[test]
fn no_byte_can_be_changed() {
    let original = original();
    for at in 0..original.ac.len() {
        for change in [0x01, 0x20, 0x80] {
            let mut changed = original.ac.clone();
            changed[at] ^= change;
            let outcome = outcome(&support::bundle(&[changed]));
            assert!(
                outcome.granted().is_empty() && !outcome.refused.is_empty(),
                "byte {at} changed by {change:#x}: {outcome:?}"
            );
        }
    }
}

#[test]
fn no_byte_can_be_cut_off_or_added() {
    let original = original();
    let good = support::bundle(std::slice::from_ref(&original.ac));
    for length in 0..good.len() {
        assert!(
            outcome(&good[..length]).granted().is_empty(),
            "cut after {length}"
        );
    }
    for longer in [
        [&good[..], &[0]].concat(),
        [&good[..], &[5, 0]].concat(),
        sequence(&[&sequence(&[&original.ac]), &[5, 0]]),
        support::bundle(&[sequence(&[&original.ac[4..], &[5, 0]])]),
    ] {
        let outcome = outcome(&longer);
        assert!(outcome.granted().is_empty(), "{outcome:?}");
    }
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    for tag in [0x30, 0xa0, 0x31, 0x24] {
        let mut value = vec![5, 0];
        for _ in 0..20_000 {
            value = support::element(tag, &[&value]);
        }
        assert!(outcome(&value).granted().is_empty());
        assert!(outcome(&support::bundle(&[value])).granted().is_empty());
    }
}

#[test]
fn signatures_of_one_do_not_serve_another() {
    let original = original();
    let world = &original.world;
    let mallory = world.ca.issue_user("/C=NL/O=TestGrid/CN=Mallory");
    let proxy = support::proxy_with(
        &mallory,
        &support::bundle(std::slice::from_ref(&original.ac)),
    );
    let chain = Chain::from_certificates([proxy.certificate, mallory.certificate]).expect("chain");
    let outcome = lc_voms::attributes(&chain, &world.settings());
    assert!(outcome.granted().is_empty(), "{outcome:?}");
}

#[derive(Debug, Clone)]
enum Change {
    Set(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Copy(prop::sample::Index, prop::sample::Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, value)| Change::Set(at, value)),
        at().prop_map(Change::Remove),
        (at(), proptest::collection::vec(any::<u8>(), 1..8))
            .prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (at(), at(), 1_usize..40).prop_map(|(from, to, length)| Change::Copy(from, to, length)),
    ]
}

fn changed(mut value: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        if value.is_empty() {
            break;
        }
        let length = value.len();
        match change {
            Change::Set(at, byte) => value[at.index(length)] = *byte,
            Change::Remove(at) => {
                value.remove(at.index(length));
            }
            Change::Insert(at, bytes) => {
                let at = at.index(length);
                value.splice(at..at, bytes.iter().copied());
            }
            Change::Copy(from, to, count) => {
                let from = from.index(length);
                let to = to.index(length);
                let piece = value[from..(from + count).min(length)].to_vec();
                value.splice(to..to, piece);
            }
        }
    }
    value
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_changed_extension_grants_what_the_original_grants_or_nothing(
        changes in proptest::collection::vec(change(), 1..6)
    ) {
        let original = original();
        let good = support::bundle(std::slice::from_ref(&original.ac));
        let outcome = outcome(&changed(good, &changes));
        if !outcome.granted().is_empty() {
            prop_assert_eq!(&outcome, &original.outcome);
        }
    }

    #[test]
    fn any_extension_is_read_or_refused(value: Vec<u8>) {
        prop_assert!(outcome(&value).granted().is_empty());
    }

    /// Signed by the right server, so that everything behind the signature is reached.
    #[test]
    fn even_a_trusted_server_cannot_make_us_panic(
        changes in proptest::collection::vec(change(), 1..4)
    ) {
        let original = original();
        let world = &original.world;
        let info = world.ac(&["/testvo/Role=x"]).info();
        let signed = world.ac(&[]).sign_info(&changed(info, &changes), &world.server.key);
        for outcome in [
            outcome(&support::bundle(std::slice::from_ref(&signed))),
            unchecked(&support::bundle(&[signed])),
        ] {
            for attributes in outcome.granted() {
                for fqan in &attributes.fqans {
                    let group = [b"/", attributes.vo.as_bytes()].concat();
                    prop_assert!(fqan.starts_with(&group));
                    prop_assert!(!fqan.iter().any(u8::is_ascii_control));
                }
                let text = [&attributes.vo, &attributes.uri, &attributes.issuer];
                prop_assert!(text.iter().all(|text| text.bytes().all(|byte| (b' '..=b'~').contains(&byte))));
            }
            for refused in &outcome.refused {
                prop_assert!(refused.to_string().bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            }
        }
    }
}

/// The outcome with every check switched off.
fn unchecked(value: &[u8]) -> Outcome {
    let world = &original().world;
    let proxy = support::proxy_with(&world.alice, value);
    let chain = Chain::from_certificates([proxy.certificate, world.alice.certificate.clone()])
        .expect("chain");
    let settings = Settings {
        checks: lc_voms::Checks::empty(),
        vomsdir: PathBuf::from("/nonexistent"),
        ..world.settings()
    };
    lc_voms::attributes(&chain, &settings)
}
