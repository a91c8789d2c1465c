//! Whose identity a chain has: the leaf's own, or nobody's.

mod support;

use foreign_types::ForeignTypeRef;
use lc_x509::{Chain, Error, LeftOutReason};
use openssl::stack::Stack;
use openssl::x509::X509;
use support::{ALICE, BOB, CA, Flavour, Party, Request, authority, pem, permutations};

/// The same certificates through both doors; they must agree.
fn chain(certificates: &[&X509]) -> Result<Chain, Error> {
    let by_pem = Chain::from_pem(&pem(certificates));
    let mut stack = Stack::new().expect("stack");
    for &certificate in certificates {
        stack.push(certificate.clone()).expect("stack");
    }
    // SAFETY: a valid stack that lives during the call.
    let by_stack = unsafe { Chain::from_stack(stack.as_ptr()) };
    assert_eq!(
        stack.len(),
        certificates.len(),
        "the caller's stack is whole"
    );
    match (&by_pem, &by_stack) {
        (Ok(one), Ok(other)) => {
            assert_eq!(one.dn(), other.dn());
            assert_eq!(stack_of(one), stack_of(other));
            assert_eq!(one.left_out(), other.left_out());
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        _ => panic!("PEM says {by_pem:?}, the stack says {by_stack:?}"),
    }
    drop(stack);
    by_stack
}

fn stack_of(chain: &Chain) -> Vec<X509> {
    chain.stack().iter().map(ToOwned::to_owned).collect()
}

fn dn(certificates: &[&X509]) -> Result<String, Error> {
    chain(certificates).map(|chain| chain.dn().to_str().expect("ASCII").to_owned())
}

struct World {
    ca: Party,
    alice: Party,
    bob: Party,
}

fn world() -> World {
    let ca = authority(CA);
    let (alice, bob) = (ca.issue_user(ALICE), ca.issue_user(BOB));
    World { ca, alice, bob }
}

#[test]
fn every_order_behind_the_leaf_yields_the_same_identity_and_the_same_stack() {
    let World { ca, alice, bob } = world();
    for flavour in Flavour::ALL {
        let one = alice.delegate(flavour);
        let two = one.delegate(flavour);
        let rest = [&one, &alice, &bob, &ca].map(|party| &party.certificate);
        for mut order in permutations(&rest) {
            order.insert(0, &two.certificate);
            let chain = chain(&order).unwrap_or_else(|error| panic!("{flavour:?}: {error}"));
            assert_eq!(chain.dn().to_str(), Ok(ALICE));
            assert!(*chain.leaf() == *two.certificate);
            assert!(*chain.end_entity().x509() == *alice.certificate);
            assert_eq!(chain.proxies().len(), 2);
            let expected = [&two, &one, &alice, &ca].map(|party| party.certificate.clone());
            assert!(stack_of(&chain) == expected);
            let left_out = chain.left_out();
            assert_eq!(left_out.len(), 1);
            assert_eq!(left_out[0].subject, BOB);
            assert_eq!(left_out[0].reason, LeftOutReason::Unrelated);
            assert!(*order[left_out[0].number - 1] == bob.certificate);
        }
    }
}

#[test]
fn whatever_comes_first_the_identity_is_its_own_or_there_is_none() {
    let World { ca, alice, bob } = world();
    let one = alice.delegate(Flavour::Rfc);
    let two = one.delegate(Flavour::Rfc);
    let all = [&two, &one, &alice, &bob, &ca].map(|party| &party.certificate);
    for order in permutations(&all) {
        let expected = if *order[0] == ca.certificate {
            None
        } else if *order[0] == bob.certificate {
            Some(BOB)
        } else {
            Some(ALICE)
        };
        assert_eq!(dn(&order).ok().as_deref(), expected);
    }
}

#[test]
fn no_position_of_a_foreign_certificate_lends_its_name() {
    let World { ca, alice, bob } = world();
    let bobs_proxy = bob.delegate(Flavour::Gt2);
    let proxy = alice.delegate(Flavour::Rfc);
    let own = [&proxy, &alice, &ca].map(|party| &party.certificate);
    for length in 1..=own.len() {
        for foreign in [&bob.certificate, &bobs_proxy.certificate] {
            for at in 1..=length {
                let mut input = own[..length].to_vec();
                input.insert(at, foreign);
                match dn(&input) {
                    Ok(dn) => assert_eq!(dn, ALICE),
                    Err(error) => assert!(matches!(error, Error::IssuerMissing { .. })),
                }
                assert_eq!(
                    dn(&input).is_err(),
                    length == 1,
                    "alone the proxy has no identity"
                );
            }
        }
    }
}

#[test]
fn an_end_entity_stands_for_itself_with_and_without_its_ca() {
    let World { ca, alice, bob } = world();
    assert_eq!(dn(&[&alice.certificate]), Ok(ALICE.to_owned()));
    assert_eq!(
        dn(&[&alice.certificate, &bob.certificate, &ca.certificate]),
        Ok(ALICE.to_owned())
    );
}

#[test]
fn a_proxy_without_its_issuer_is_refused() {
    let World { ca, alice, bob } = world();
    let one = alice.delegate(Flavour::Rfc);
    let two = one.delegate(Flavour::Rfc);
    for input in [
        vec![&two],
        vec![&two, &alice, &ca],
        vec![&two, &one],
        vec![&two, &one, &bob, &ca],
        vec![&one, &ca],
    ] {
        let input: Vec<_> = input.iter().map(|party| &party.certificate).collect();
        assert!(matches!(dn(&input), Err(Error::IssuerMissing { .. })));
    }
}

#[test]
fn of_two_certificates_with_one_subject_the_key_decides() {
    let World { ca, alice, .. } = world();
    let rogue = authority("/C=XX/CN=Rogue CA");
    let impostor = rogue.issue_user(ALICE);
    for flavour in Flavour::ALL {
        let proxy = alice.delegate(flavour);
        let rest = [&impostor, &alice, &ca].map(|party| &party.certificate);
        for mut order in permutations(&rest) {
            order.insert(0, &proxy.certificate);
            let chain = chain(&order).expect("linked");
            assert!(*chain.end_entity().x509() == *alice.certificate);
            assert_eq!(chain.left_out().len(), 1);
            assert_eq!(chain.left_out()[0].reason, LeftOutReason::OtherKey);
        }
        // Without the right one nothing is left.
        let without = [&proxy.certificate, &impostor.certificate, &ca.certificate];
        assert!(matches!(dn(&without), Err(Error::NotSigned { .. })));
    }
}

#[test]
fn a_proxy_in_the_name_of_somebody_else_is_refused() {
    let World { ca, alice, bob } = world();
    for flavour in Flavour::ALL {
        // Signed by Bob, issuer says Alice.
        let (cn, extension) = flavour.marks();
        let mut request = Request::new(&format!("{ALICE}/CN={cn}"), ALICE);
        request.extensions.extend(extension);
        let forged = bob.issue(request);
        let all = [&alice, &bob, &ca].map(|party| &party.certificate);
        for mut order in permutations(&all) {
            order.insert(0, &forged.certificate);
            assert!(matches!(dn(&order), Err(Error::NotSigned { .. })));
        }
    }
}

#[test]
fn a_user_cannot_issue_another_user() {
    let World { ca, alice, bob } = world();
    let forged = bob.issue_user(ALICE);
    let forged_proxy = forged.delegate(Flavour::Rfc);
    let cases: [&[&Party]; 3] = [
        &[&forged, &bob, &ca],
        &[&forged_proxy, &forged, &bob, &ca],
        &[&forged, &alice, &bob, &ca],
    ];
    for case in cases {
        let (leaf, rest) = case.split_first().expect("leaf");
        let rest: Vec<_> = rest.iter().map(|party| &party.certificate).collect();
        for mut order in permutations(&rest) {
            order.insert(0, &leaf.certificate);
            assert!(matches!(
                dn(&order),
                Err(Error::IssuedByNonAuthority { .. })
            ));
        }
    }
    let proxy = bob.delegate(Flavour::Rfc);
    let forged = proxy.issue_user(ALICE);
    let input = [&forged, &proxy, &bob, &ca].map(|party| &party.certificate);
    assert!(matches!(
        dn(&input),
        Err(Error::IssuedByNonAuthority { .. })
    ));
}

#[test]
fn a_user_cannot_issue_a_ca() {
    let World { ca, bob, .. } = world();
    let made_up = bob.issue_authority("/C=NL/O=TestGrid/CN=Another CA");
    let forged = made_up.issue_user(ALICE);
    let rest = [&made_up, &bob, &ca].map(|party| &party.certificate);
    for mut order in permutations(&rest) {
        order.insert(0, &forged.certificate);
        assert!(matches!(
            dn(&order),
            Err(Error::IssuedByNonAuthority { .. })
        ));
    }
}

#[test]
fn a_ca_cannot_issue_a_proxy() {
    let ca = authority(CA);
    for flavour in Flavour::ALL {
        let proxy = ca.delegate(flavour);
        assert!(matches!(
            dn(&[&proxy.certificate, &ca.certificate]),
            Err(Error::ProxyOfAuthority { .. })
        ));
    }
}

#[test]
fn a_key_with_a_user_and_a_ca_certificate_is_refused_in_every_order() {
    let World { ca, bob, .. } = world();
    // Bob certifies himself as a CA, with the key and the name of his user certificate.
    let as_ca = Request::new(BOB, BOB).with(support::ca_mark());
    let as_ca = Party {
        certificate: as_ca.sign(&bob.key, &bob.key),
        key: bob.key.clone(),
    };
    let rest = [&bob, &as_ca, &ca].map(|party| &party.certificate);
    let forged = bob.issue_user(ALICE);
    let proxy = bob.delegate(Flavour::Rfc);
    for order in permutations(&rest) {
        let with = |leaf: &Party| {
            let mut order = order.clone();
            let leaf = leaf.certificate.clone();
            order.insert(0, &leaf);
            dn(&order)
        };
        assert!(matches!(
            with(&forged),
            Err(Error::IssuedByNonAuthority { .. })
        ));
        assert!(matches!(with(&proxy), Err(Error::ProxyOfAuthority { .. })));
    }
}

#[test]
fn a_ca_is_nobodys_identity() {
    let World { ca, alice, .. } = world();
    let below = ca.issue_authority("/C=NL/O=TestGrid/CN=Below");
    for leaf in [&ca, &below] {
        let input = [&leaf.certificate, &alice.certificate, &ca.certificate];
        assert!(matches!(dn(&input), Err(Error::LeafIsAuthority { .. })));
    }
}

#[test]
fn a_certificate_that_stands_twice_counts_once() {
    let World { ca, alice, bob } = world();
    let proxy = alice.delegate(Flavour::Rfc);
    let input = [&proxy, &proxy, &alice, &ca, &bob, &alice, &ca].map(|party| &party.certificate);
    let chain = chain(&input).expect("linked");
    assert_eq!(chain.dn().to_str(), Ok(ALICE));
    assert_eq!(chain.stack().len(), 3);
    let left_out: Vec<_> = (chain.left_out().iter())
        .map(|left_out| (left_out.number, left_out.reason))
        .collect();
    assert_eq!(
        left_out,
        [
            (2, LeftOutReason::Duplicate { of: 1 }),
            (5, LeftOutReason::Unrelated),
            (6, LeftOutReason::Duplicate { of: 3 }),
            (7, LeftOutReason::Duplicate { of: 4 }),
        ]
    );
}

#[test]
fn proxies_that_issued_each_other_lead_nowhere() {
    let (one, two) = (support::key(), support::key());
    let (first, second) = ("/CN=first", "/CN=second");
    let mark = || support::raw_extension(support::RFC_OID, true, support::INHERIT_ALL);
    let circle = [
        Request::new(first, second).with(mark()).sign(&one, &two),
        Request::new(second, first).with(mark()).sign(&two, &one),
    ];
    assert!(matches!(
        dn(&[&circle[0], &circle[1]]),
        Err(Error::IssuerMissing { .. })
    ));
    let own = Request::new(first, first).with(mark()).sign(&one, &one);
    assert!(matches!(dn(&[&own]), Err(Error::IssuerMissing { .. })));
}

#[test]
fn cas_are_linked_as_far_as_they_go_and_the_others_follow() {
    let root = authority(CA);
    let middle = root.issue_authority("/C=NL/O=TestGrid/CN=Middle");
    let user = middle.issue_user(ALICE);
    let other = authority("/C=NL/CN=Other CA");
    let namesake = authority(CA);
    let rest = [&root, &middle, &other, &namesake].map(|party| &party.certificate);
    for mut order in permutations(&rest) {
        order.insert(0, &user.certificate);
        let chain = chain(&order).expect("linked");
        let linked: Vec<_> = (chain.linked().iter())
            .map(|one| one.x509().to_owned())
            .collect();
        assert!(linked == [&user, &middle, &root].map(|party| party.certificate.clone()));
        assert_eq!(chain.authorities().len(), 2);
        assert_eq!(chain.stack().len(), 5);
        assert_eq!(chain.left_out(), []);
        assert!(stack_of(&chain)[..3] == linked);
    }
}

#[test]
fn cas_that_certified_each_other_end_the_way() {
    let (one, two) = (support::key(), support::key());
    let ca = || support::ca_mark();
    let circle = [
        Request::new("/CN=one", "/CN=two")
            .with(ca())
            .sign(&one, &two),
        Request::new("/CN=two", "/CN=one")
            .with(ca())
            .sign(&two, &one),
    ];
    let user = Request::new(ALICE, "/CN=one").sign(&support::key(), &one);
    let chain = chain(&[&user, &circle[0], &circle[1]]).expect("linked");
    assert_eq!(chain.linked().len(), 3);
}

#[test]
fn of_two_certificates_for_one_key_the_current_one_is_linked() {
    let World { ca, alice, .. } = world();
    let mut expired = Request::new(ALICE, CA);
    expired.days = (-20, -10);
    let expired = expired.sign(&alice.key, &ca.key);
    let proxy = alice.delegate(Flavour::Rfc);
    for mut order in permutations(&[&expired, &alice.certificate, &ca.certificate]) {
        order.insert(0, &proxy.certificate);
        let chain = chain(&order).expect("linked");
        assert!(*chain.end_entity().x509() == *alice.certificate);
        assert_eq!(chain.left_out().len(), 1);
        assert_eq!(chain.left_out()[0].reason, LeftOutReason::SameKey);
    }
    let chain = chain(&[&proxy.certificate, &expired]).expect("linked");
    assert!(
        *chain.end_entity().x509() == *expired,
        "dates are a verifier's matter"
    );
}

#[test]
fn a_damaged_relative_of_the_chain_refuses_it_and_a_stranger_is_left_out() {
    let World { ca, alice, bob } = world();
    let broken = |subject: &str, issuer: &str, signer: &Party| {
        Request::new(subject, issuer)
            .with(support::raw_extension(support::RFC_OID, true, b"\x30\x00"))
            .sign(&alice.key, &signer.key)
    };
    let proxy = alice.delegate(Flavour::Rfc);
    let stranger = broken("/CN=stranger", BOB, &bob);
    let input = [
        &proxy.certificate,
        &stranger,
        &alice.certificate,
        &ca.certificate,
    ];
    let chain = chain(&input).expect("linked");
    assert!(matches!(
        chain.left_out()[0].reason,
        LeftOutReason::Irregular(_)
    ));
    let relative = broken(ALICE, CA, &ca);
    let input = [&proxy.certificate, &relative, &alice.certificate];
    assert!(matches!(dn(&input), Err(Error::Irregular { .. })));
    assert!(matches!(dn(&[&relative]), Err(Error::Irregular { .. })));
}

#[test]
fn a_user_whose_issuer_is_a_user_by_name_is_refused() {
    let World { ca, alice, bob } = world();
    let made_up = Request::new("/CN=made up", BOB).sign(&support::key(), &alice.key);
    let rest = [&alice, &bob, &ca].map(|party| &party.certificate);
    for mut order in permutations(&rest) {
        order.insert(0, &made_up);
        assert!(matches!(dn(&order), Err(Error::NotSigned { .. })));
    }
}

#[test]
fn a_ca_of_an_older_key_does_not_hinder() {
    let World { ca, alice, .. } = world();
    let older = authority(CA);
    let input = [&alice.certificate, &older.certificate];
    let chain = chain(&input).expect("a verifier may know the newer key");
    assert_eq!(chain.linked().len(), 1);
    assert_eq!(chain.authorities().len(), 1);
    let input = [&alice.certificate, &older.certificate, &ca.certificate];
    assert_eq!(self::chain(&input).expect("linked").linked().len(), 2);
}
