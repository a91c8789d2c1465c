//! Attribute certificates that differ from a good one in one thing each: what is made of them here,
//! and what libvomsapi makes of them.

mod support;

use lc_voms::{Checks, Reason, Settings, When};
use openssl::hash::MessageDigest;
use openssl::x509::X509;
use support::pki::{self, Request, ca_mark};
use support::{
    Ac, SHA256_ECDSA, World, algorithm, authority_key, date, directory_name, element, extension,
    holder, hostname, in_words, oid, read, sequence, serial, server_request, verdict,
};

/// What libvomsapi says, compared with us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theirs {
    /// The same.
    Same,
    /// It accepts what is refused here.
    Accepts,
    /// It refuses what is accepted here.
    Refuses,
    /// It crashes.
    Crashes,
}
use Theirs::{Accepts, Crashes, Refuses, Same};

struct Case {
    name: &'static str,
    /// A word of the reason here; empty when it is accepted.
    reason: &'static str,
    theirs: Theirs,
    spoil: fn(&mut Ac, &World),
}

const fn case(
    name: &'static str,
    reason: &'static str,
    theirs: Theirs,
    spoil: fn(&mut Ac, &World),
) -> Case {
    Case {
        name,
        reason,
        theirs,
        spoil,
    }
}

fn uri(ac: &mut Ac, text: &str) {
    text.clone_into(&mut ac.uri);
}

fn targets(names: &[(u8, &str)], voms: bool) -> Vec<u8> {
    let list: Vec<u8> = names
        .iter()
        .flat_map(|(tag, name)| {
            let target = element(0xa0, &[&element(*tag, &[name.as_bytes()])]);
            if voms { sequence(&[&target]) } else { target }
        })
        .collect();
    sequence(&[&sequence(&[&list])])
}

fn generic(parts: &[&[u8]]) -> Vec<u8> {
    let tag: Vec<u8> = parts.iter().flat_map(|part| element(4, &[part])).collect();
    sequence(&[&sequence(&[&sequence(&[
        &sequence(&[&element(0x86, &[b"testvo://host:1"])]),
        &sequence(&[&sequence(&[&tag])]),
    ])])])
}

fn other_serial(world: &World) -> Vec<u8> {
    let mut number = serial(&world.alice.certificate);
    *number.last_mut().expect("octet") ^= 1;
    number
}

const GENERIC: &str = "1.3.6.1.4.1.8005.100.100.11";
const TARGETS: &str = "2.5.29.55";

const CASES: &[Case] = &[
    case("good", "", Same, |_, _| {}),
    // FQANs and the VO.
    case("no FQANs", "", Same, |ac, _| ac.fqans.clear()),
    case("the VO itself", "", Same, |ac, _| {
        ac.fqans = vec![b"/testvo".to_vec()]
    }),
    case(
        "longer VO name",
        "does not begin with /testvo",
        Same,
        |ac, _| {
            ac.fqans = vec![b"/testvo2/Role=NULL".to_vec()];
        },
    ),
    case(
        "another VO",
        "does not begin with /testvo",
        Same,
        |ac, _| {
            ac.fqans.push(b"/othervo/Role=NULL".to_vec());
        },
    ),
    case("FQAN without a slash", "does not begin", Same, |ac, _| {
        ac.fqans = vec![b"testvo".to_vec()];
    }),
    case("empty FQAN", "does not begin", Same, |ac, _| {
        ac.fqans = vec![Vec::new()]
    }),
    case("NUL in an FQAN", "control character", Accepts, |ac, _| {
        ac.fqans = vec![b"/testvo/Role=a\0b".to_vec()];
    }),
    case(
        "line break in an FQAN",
        "control character",
        Accepts,
        |ac, _| {
            ac.fqans = vec![b"/testvo/Role=a\nb".to_vec()];
        },
    ),
    case("FQANs as text", "not an octet string", Same, |ac, _| {
        let text = sequence(&[
            &element(0xa0, &[&element(0x86, &[ac.uri.as_bytes()])]),
            &sequence(&[&element(0x0c, &[b"/testvo"])]),
        ]);
        ac.more_attributes =
            sequence(&[&oid("1.3.6.1.4.1.8005.100.100.4"), &element(0x31, &[&text])]);
        ac.only_more_attributes = true;
    }),
    case("two lists of FQANs", "two places", Accepts, |ac, _| {
        ac.more_attributes = ac.fqan_attribute();
    }),
    case("other attribute beside", "", Refuses, |ac, _| {
        ac.more_attributes = sequence(&[&oid("2.5.4.72"), &element(0x31, &[&sequence(&[])])]);
    }),
    case("no server", "VO://HOST:PORT", Same, |ac, _| {
        uri(ac, "testvo")
    }),
    case("no port", "VO://HOST:PORT", Same, |ac, _| {
        uri(ac, "testvo://voms.testgrid.example");
    }),
    case(
        "VO of another directory",
        "VO://HOST:PORT",
        Accepts,
        |ac, _| {
            ac.fqans.clear();
            uri(ac, "../vomsdir/testvo://voms.testgrid.example:15000");
        },
    ),
    case(
        "host of another directory",
        "VO://HOST:PORT",
        Accepts,
        |ac, _| {
            uri(ac, "testvo://../testvo/voms.testgrid.example:15000");
        },
    ),
    case("unknown VO", "no ", Same, |ac, _| {
        ac.fqans.clear();
        uri(ac, "newvo://voms.testgrid.example:15000");
    }),
    case("unknown server", "no ", Same, |ac, _| {
        uri(ac, "testvo://other.testgrid.example:15000");
    }),
    // Holder.
    case(
        "another certificate of the CA",
        "it was given to",
        Same,
        |ac, world| {
            ac.holder = holder(world.alice.certificate.issuer_name(), &other_serial(world));
        },
    ),
    case("another CA", "it was given to", Same, |ac, world| {
        ac.holder = holder(&pki::name("/CN=other"), &serial(&world.alice.certificate));
    }),
    case("holder's name for its CA's", "", Same, |ac, world| {
        let alice = &world.alice.certificate;
        ac.holder = holder(alice.subject_name(), &serial(alice));
    }),
    case("holder of another kind of string", "", Same, |ac, world| {
        use openssl::asn1::Asn1Type;
        let name = pki::typed_name(&[
            ("C", "NL", Asn1Type::PRINTABLESTRING),
            ("O", "TestGrid", Asn1Type::PRINTABLESTRING),
            ("CN", "testgrid  CA", Asn1Type::PRINTABLESTRING),
        ]);
        ac.holder = holder(&name, &serial(&world.alice.certificate));
    }),
    case("no holder", "holder is not given", Same, |ac, _| {
        ac.holder.clear()
    }),
    case(
        "holder by name only",
        "holder is not given",
        Same,
        |ac, world| {
            let name = directory_name(world.alice.certificate.subject_name());
            ac.holder = element(0xa1, &[&name]);
        },
    ),
    case("holder by digest", "by a digest", Same, |ac, _| {
        let digest = element(
            0xa2,
            &[
                &element(0x0a, &[&[0]]),
                &algorithm(SHA256_ECDSA),
                &element(3, &[&[0, 1]]),
            ],
        );
        ac.holder.extend(digest);
    }),
    case(
        "two issuers of the holder",
        "holder is not given",
        Same,
        |ac, world| {
            let ca = directory_name(world.alice.certificate.issuer_name());
            ac.holder = element(
                0xa0,
                &[
                    &sequence(&[&ca, &ca]),
                    &element(2, &[&serial(&world.alice.certificate)]),
                ],
            );
        },
    ),
    // Issuer and signature.
    case(
        "issuer is not the signer",
        "names /CN=other as its issuer",
        Same,
        |ac, _| {
            let name = directory_name(&pki::name("/CN=other"));
            ac.issuer = element(0xa0, &[&sequence(&[&name])]);
        },
    ),
    case("issuer in the old form", "", Refuses, |ac, world| {
        ac.issuer = sequence(&[&directory_name(world.server.certificate.subject_name())]);
    }),
    case(
        "two signature algorithms",
        "two signature algorithms",
        Accepts,
        |ac, _| {
            ac.inner_algorithm = algorithm(SHA256_ECDSA);
        },
    ),
    case("MD5", "algorithm 1.2.840.113549.1.1.4", Accepts, |ac, _| {
        ac.algorithm = algorithm("1.2.840.113549.1.1.4");
        ac.inner_algorithm = ac.algorithm.clone();
        ac.digest = Some(MessageDigest::md5());
    }),
    case("SHA-1", "", Same, |ac, _| {
        ac.algorithm = algorithm("1.2.840.113549.1.1.5");
        ac.inner_algorithm = ac.algorithm.clone();
        ac.digest = Some(MessageDigest::sha1());
    }),
    case("SHA-512", "", Same, |ac, _| {
        ac.algorithm = algorithm("1.2.840.113549.1.1.13");
        ac.inner_algorithm = ac.algorithm.clone();
        ac.digest = Some(MessageDigest::sha512());
    }),
    case(
        "another digest than it says",
        "did not sign it",
        Same,
        |ac, _| {
            ac.digest = Some(MessageDigest::sha512());
        },
    ),
    case(
        "algorithm of another key type",
        "did not sign it",
        Accepts,
        |ac, _| {
            ac.algorithm = algorithm(SHA256_ECDSA);
            ac.inner_algorithm = ac.algorithm.clone();
        },
    ),
    // Version, number, dates.
    case("version 1", "version 2", Accepts, |ac, _| {
        ac.version = vec![0]
    }),
    case("number of 20 octets", "", Same, |ac, _| {
        ac.serial = vec![0x7f; 20]
    }),
    case("number of 21 octets", "serial number", Same, |ac, _| {
        ac.serial = vec![0x7f; 21]
    }),
    case("starts within the clock skew", "", Same, |ac, _| {
        ac.dates[0] = date(200)
    }),
    case("starts later", "valid from", Same, |ac, _| {
        ac.dates[0] = date(400)
    }),
    case("ended within the clock skew", "", Same, |ac, _| {
        ac.dates[1] = date(-200)
    }),
    case("ended before", "expired at", Same, |ac, _| {
        ac.dates[1] = date(-400)
    }),
    case("no date", "YYYYMMDDHHMMSSZ", Same, |ac, _| {
        ac.dates[1] = "20991301000000Z".to_owned()
    }),
    case("date with fractions", "YYYYMMDDHHMMSSZ", Same, |ac, _| {
        ac.dates[1] = "20990101000000.5Z".to_owned();
    }),
    // Extensions.
    case(
        "revocation not spoken of",
        "no revocation",
        Same,
        |ac, _| ac.no_revocation.clear(),
    ),
    case(
        "no authority key",
        "authority key identifier",
        Same,
        |ac, _| ac.authority_key.clear(),
    ),
    case(
        "another key",
        "authority key identifier is not",
        Same,
        |ac, _| {
            ac.authority_key = authority_key(&[7; 20]);
        },
    ),
    case("unknown extension", "", Same, |ac, _| {
        ac.more_extensions = extension("1.2.3.4", false, &[5, 0]);
    }),
    case(
        "unknown critical extension",
        "1.2.3.4 is critical",
        Same,
        |ac, _| {
            ac.more_extensions = extension("1.2.3.4", true, &[5, 0]);
        },
    ),
    case(
        "critical authority key",
        "2.5.29.35 is critical",
        Same,
        |ac, _| {
            let value = sequence(&[&element(0x80, &[&[7; 20]])]);
            ac.authority_key = extension("2.5.29.35", true, &value);
        },
    ),
    case(
        "extension twice",
        "same extension twice",
        Accepts,
        |ac, _| {
            ac.more_extensions = ac.no_revocation.clone();
        },
    ),
    case("generic attributes", "", Same, |ac, _| {
        ac.more_extensions = extension(GENERIC, false, &generic(&[b"n", b"v", b"q"]));
    }),
    case(
        "unreadable generic attributes",
        "generic attributes",
        Accepts,
        |ac, _| {
            ac.more_extensions = extension(GENERIC, false, &[5, 0]);
        },
    ),
    case("NUL in a generic attribute", "NUL", Accepts, |ac, _| {
        ac.more_extensions = extension(GENERIC, false, &generic(&[b"n", b"v\0w", b"q"]));
    }),
    // Targets.
    case("for this host", "", Same, |ac, _| {
        let value = targets(&[(0x86, "other.example"), (0x86, &hostname())], true);
        ac.more_extensions = extension(TARGETS, true, &value);
    }),
    case("for this host as the RFC has it", "", Refuses, |ac, _| {
        let value = targets(&[(0x86, &hostname())], false);
        ac.more_extensions = extension(TARGETS, true, &value);
    }),
    case("for this host by DNS name", "", Refuses, |ac, _| {
        let value = targets(&[(0x82, &hostname())], true);
        ac.more_extensions = extension(TARGETS, true, &value);
    }),
    case(
        "for another host",
        "meant for the hosts other.example",
        Same,
        |ac, _| {
            let value = targets(&[(0x86, "other.example")], true);
            ac.more_extensions = extension(TARGETS, true, &value);
        },
    ),
    case(
        "for another host, not critical",
        "meant for the hosts",
        Accepts,
        |ac, _| {
            let value = targets(&[(0x86, "other.example")], true);
            ac.more_extensions = extension(TARGETS, false, &value);
        },
    ),
    case(
        "unreadable targets",
        "targets cannot be decoded",
        Same,
        |ac, _| {
            ac.more_extensions = extension(TARGETS, true, &[5, 0]);
        },
    ),
    // The certificates that it brings.
    case(
        "no certificates",
        "it brings no certificate",
        Same,
        |ac, _| ac.certificates = None,
    ),
    case(
        "an empty list of certificates",
        "does not admit",
        Crashes,
        |ac, _| {
            ac.certificates = Some(Vec::new());
        },
    ),
    case(
        "the CA as well, which the file does not name",
        "does not admit",
        Same,
        |ac, world| {
            ac.certificates = Some(vec![
                world.server.certificate.clone(),
                world.ca.certificate.clone(),
            ]);
        },
    ),
    case(
        "another server's certificate",
        "does not admit",
        Same,
        |ac, world| {
            ac.certificates = Some(vec![world.alice.certificate.clone()]);
        },
    ),
];

/// Theirs, if it is known, against ours.
fn compare(name: &str, ours: &str, theirs: Option<&str>, expected: Theirs) -> Option<String> {
    let theirs = theirs?;
    let accepted = |text: &str| text.starts_with("accepted");
    let found = match (accepted(ours), accepted(theirs)) {
        _ if theirs.starts_with("crashed") => Crashes,
        (false, true) => Accepts,
        (true, false) => Refuses,
        _ if verdict(ours) == verdict(theirs) => Same,
        _ => return Some(format!("{name}: {ours} / {theirs}")),
    };
    (found != expected).then(|| format!("{name}: {found:?}, not {expected:?}: {theirs}"))
}

#[test]
fn each_is_accepted_or_refused_for_its_reason_and_libvomsapi_mostly_agrees() {
    let world = World::new();
    let mut wrong = Vec::new();
    for case in CASES {
        let mut ac = world.ac(&["/testvo/Role=NULL/Capability=NULL", "/testvo/group"]);
        (case.spoil)(&mut ac, &world);
        let credential = world.credential(&[ac.sign(&world.server.key)]);
        let outcome = read(&credential, &world.settings());
        match (outcome.refused.as_slice(), case.reason) {
            ([], "") => {}
            ([refused], word) if !word.is_empty() && refused.to_string().contains(word) => {}
            _ => wrong.push(format!("{}: {outcome:?}", case.name)),
        }
        let theirs = world.oracle(&credential, u32::MAX, 0);
        let ours = in_words(&outcome);
        wrong.extend(compare(case.name, &ours, theirs.as_deref(), case.theirs));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn servers_may_have_keys_of_elliptic_curves() {
    let world = World::with_server_key(pki::key());
    let ac = world.ac(&["/testvo"]).sign(&world.server.key);
    let credential = world.credential(std::slice::from_ref(&ac));
    let outcome = read(&credential, &world.settings());
    assert_eq!(
        outcome.fqans().collect::<Vec<_>>(),
        [b"/testvo"],
        "{outcome:?}"
    );
    if let Some(theirs) = world.oracle(&credential, u32::MAX, 0) {
        assert_eq!(verdict(&theirs), in_words(&outcome));
    }
    let other = World::with_server_key(pki::key());
    let forged = world.ac(&["/testvo"]).sign(&other.server.key);
    let outcome = world.outcome(&[forged]);
    assert!(
        matches!(outcome.refused[0].reason, Reason::BadSignature { .. }),
        "{outcome:?}"
    );
}

#[test]
fn each_check_can_be_switched_off_alone() {
    let world = World::new();
    let good = world.ac(&["/testvo"]);
    let spoilt: [(&str, Checks, Ac); 4] = [
        ("dates", Checks::DATES, {
            let mut ac = good.clone();
            ac.dates[1] = date(-4000);
            ac
        }),
        ("targets", Checks::TARGETS, {
            let mut ac = good.clone();
            let value = targets(&[(0x86, "other.example")], true);
            ac.more_extensions = extension(TARGETS, true, &value);
            ac
        }),
        ("key", Checks::KEY, {
            let mut ac = good.clone();
            ac.authority_key = authority_key(&[7; 20]);
            ac
        }),
        ("holder", Checks::HOLDER, {
            let mut ac = good.clone();
            ac.holder = holder(&pki::name("/CN=other"), &[9]);
            ac
        }),
    ];
    for (name, check, ac) in spoilt {
        let credential = world.credential(&[ac.sign(&world.server.key)]);
        for off in Checks::all() {
            let settings = Settings {
                checks: Checks::all() - off,
                ..world.settings()
            };
            let outcome = read(&credential, &settings);
            // Without a signer there is no key to compare.
            let key_of_nobody = check == Checks::KEY && off == Checks::SIGNATURE;
            assert_eq!(
                outcome.refused.is_empty(),
                off == check || key_of_nobody,
                "{name} without {off:?}"
            );
            // Without a signature check libvomsapi reads a signer that is not there.
            if off != Checks::SIGNATURE
                && let Some(theirs) = world.oracle(&credential, settings.checks.bits(), 0)
            {
                assert_eq!(
                    verdict(&theirs),
                    in_words(&outcome),
                    "{name} without {off:?}"
                );
            }
        }
    }
    let forged = good.sign(&support::rsa_key());
    let credential = world.credential(&[forged]);
    for off in Checks::all() {
        let settings = Settings {
            checks: Checks::all() - off,
            ..world.settings()
        };
        let outcome = read(&credential, &settings);
        assert_eq!(
            outcome.refused.is_empty(),
            off == Checks::SIGNATURE,
            "without {off:?}"
        );
    }
    // Switched off altogether, nobody is asked who signed.
    let settings = Settings {
        checks: Checks::empty(),
        ..world.settings()
    };
    let outcome = read(&credential, &settings);
    assert_eq!(outcome.granted().len(), 1);
    assert_eq!(outcome.granted()[0].issuer, support::SERVER);
    assert_eq!(outcome.granted()[0].issuer_authority, None);
    if let Some(theirs) = world.oracle(&credential, 0, 0) {
        assert_eq!(verdict(&theirs), in_words(&outcome));
    }
}

#[test]
fn the_time_of_verification_can_be_set() {
    let world = World::new();
    let mut ac = world.ac(&["/testvo"]);
    ac.dates = [date(-50_000), date(-40_000)];
    let credential = world.credential(&[ac.sign(&world.server.key)]);
    let at = |when| {
        let outcome = read(
            &credential,
            &Settings {
                when,
                ..world.settings()
            },
        );
        outcome
            .refused
            .first()
            .map(|refused| refused.reason.clone())
    };
    let now = support::now();
    assert!(matches!(at(When::Now), Some(Reason::Expired { .. })));
    assert!(
        matches!(at(When::At(0)), Some(Reason::Expired { .. })),
        "0 is now"
    );
    assert_eq!(at(When::At(now - 45_000)), None);
    assert!(matches!(
        at(When::At(now - 60_000)),
        Some(Reason::NotYetValid { .. })
    ));
    // The proxy is valid from a day before to ten days after.
    assert_eq!(at(When::AfterStart(86_400 - 45_000)), None);
    assert_eq!(at(When::AfterEnd(-10 * 86_400 - 45_000)), None);
    assert!(matches!(at(When::At(-1)), Some(Reason::UnusableTime(_))));
    assert!(matches!(
        at(When::AfterStart(-now * 2)),
        Some(Reason::UnusableTime(_))
    ));
    assert!(matches!(
        at(When::AfterEnd(i64::MAX)),
        Some(Reason::UnusableTime(_))
    ));
    for time in [now - 45_000, now - 60_000] {
        if let Some(theirs) = world.oracle(&credential, u32::MAX, time) {
            assert_eq!(
                verdict(&theirs).starts_with("accepted"),
                at(When::At(time)).is_none()
            );
        }
    }
}

#[test]
fn the_signers_certificate_has_to_be_valid_at_that_time_too() {
    let world = World::new();
    let mut ac = world.ac(&["/testvo"]);
    ac.dates = ["20000101000000Z".to_owned(), date(86_400 * 40)];
    let credential = world.credential(&[ac.sign(&world.server.key)]);
    for day in [-5, 20] {
        let when = When::At(support::now() + day * 86_400);
        let outcome = read(
            &credential,
            &Settings {
                when,
                ..world.settings()
            },
        );
        assert!(
            matches!(outcome.refused[0].reason, Reason::Untrusted { .. }),
            "{outcome:?}"
        );
    }
}

#[test]
fn one_that_is_refused_takes_the_others_with_it() {
    let world = World::new();
    let good = world.ac(&["/testvo"]).sign(&world.server.key);
    let mut late = world.ac(&["/testvo/late"]);
    late.dates[1] = date(-4000);
    let late = late.sign(&world.server.key);
    for (list, accepted) in [
        (vec![good.clone(), good.clone()], 2),
        (vec![good.clone(), late.clone()], 1),
        (vec![late, good.clone()], 1),
    ] {
        let credential = world.credential(&list);
        let outcome = read(&credential, &world.settings());
        assert_eq!(outcome.accepted.len(), accepted);
        assert_eq!(outcome.granted().len(), if accepted == 2 { 2 } else { 0 });
        if let Some(theirs) = world.oracle(&credential, u32::MAX, 0) {
            assert_eq!(verdict(&theirs), in_words(&outcome));
        }
    }
    let damaged = [good, vec![0x30, 0]];
    let outcome = world.outcome(&damaged);
    assert_eq!(outcome.refused[0].number, Some(2));
    assert!(outcome.granted().is_empty());
}

#[test]
fn what_a_proxy_carries_counts_before_what_its_issuer_carries() {
    let world = World::new();
    let old = world.ac(&["/testvo/old"]).sign(&world.server.key);
    let new = world.ac(&["/testvo/new"]).sign(&world.server.key);
    let first = world.proxy(&[old]);
    let second = support::proxy_with(&first, &support::bundle(&[new]));
    let third = second.delegate(pki::Flavour::RfcLimited);
    for (chain, expected) in [
        (vec![&first, &world.alice], "/testvo/old"),
        (vec![&second, &first, &world.alice], "/testvo/new"),
        (vec![&third, &second, &first, &world.alice], "/testvo/new"),
    ] {
        let certificates: Vec<&X509> = chain.iter().map(|party| &party.certificate).collect();
        let credential = pki::pem(&certificates);
        let outcome = read(&credential, &world.settings());
        assert_eq!(outcome.fqans().collect::<Vec<_>>(), [expected.as_bytes()]);
        if let Some(theirs) = world.oracle(&credential, u32::MAX, 0) {
            assert_eq!(verdict(&theirs), in_words(&outcome));
        }
    }
}

#[test]
fn a_chain_without_attribute_certificates_yields_nothing_and_no_reason() {
    let world = World::new();
    let proxy = world.alice.delegate(pki::Flavour::Rfc);
    let outcome = read(
        &pki::pem(&[&proxy.certificate, &world.alice.certificate]),
        &world.settings(),
    );
    assert_eq!(outcome, lc_voms::Outcome::default());
}

#[test]
fn an_extension_that_is_no_list_of_attribute_certificates_is_refused() {
    let world = World::new();
    let ac = world.ac(&["/testvo"]).sign(&world.server.key);
    let many = vec![ac; lc_voms::MAX_CERTIFICATES + 1];
    for (value, expected) in [
        (vec![], Reason::NotAList),
        (vec![5, 0], Reason::NotAList),
        (support::bundle(&[]), Reason::NotAList),
        (
            [support::bundle(&many[..1]), vec![0]].concat(),
            Reason::NotAList,
        ),
        (support::bundle(&many), Reason::TooMany(many.len())),
    ] {
        let proxy = support::proxy_with(&world.alice, &value);
        let credential = pki::pem(&[&proxy.certificate, &world.alice.certificate]);
        let outcome = read(&credential, &world.settings());
        assert_eq!(outcome.refused.len(), 1);
        assert_eq!(outcome.refused[0].reason, expected);
        assert_eq!(outcome.refused[0].number, None);
    }
}

#[test]
fn what_the_user_included_is_handed_out() {
    let world = World::new();
    let (cn, mark) = pki::Flavour::Rfc.marks();
    let alice = world.alice.subject();
    let value = support::bundle(&[world.ac(&["/testvo"]).sign(&world.server.key)]);
    let mut request = Request::new(&format!("{alice}/CN={cn}"), &alice);
    request.extensions.extend(mark);
    let proxy = world.alice.issue(
        request
            .with(pki::raw_extension(support::AC_SEQUENCE, false, &value))
            .with(pki::raw_extension(
                "1.3.6.1.4.1.8005.100.100.3",
                false,
                b"testvo",
            ))
            .with(pki::raw_extension(
                "1.3.6.1.4.1.8005.100.100.2",
                false,
                b"data",
            )),
    );
    let credential = pki::pem(&[&proxy.certificate, &world.alice.certificate]);
    let outcome = read(&credential, &world.settings());
    assert_eq!(outcome.work_vo.as_deref(), Some(&b"testvo"[..]));
    assert_eq!(outcome.extra_data.as_deref(), Some(&b"data"[..]));
}

#[test]
fn a_ca_is_not_trusted_for_being_brought_along() {
    // The server's names and the CA's, but keys of the attacker. An LSC file that goes up to the
    // root holds these names; libvomsapi 2.1.0~rc3 accepts such attributes.
    let world = World::new();
    let rogue = pki::authority(pki::CA);
    let key = support::rsa_key();
    let certificate = server_request().sign(&key, &rogue.key);
    let forged = pki::Party { certificate, key };
    world.write_lsc(&format!(
        "{server}\n{ca}\n{ca}\n{ca}\n",
        server = support::SERVER,
        ca = pki::CA
    ));
    let mut ac = Ac::new(&forged, &world.alice, &["/testvo"]);
    ac.certificates = Some(vec![forged.certificate.clone(), rogue.certificate.clone()]);
    let credential = world.credential(&[ac.sign(&forged.key)]);
    let outcome = read(&credential, &world.settings());
    assert!(
        matches!(outcome.refused[0].reason, Reason::Untrusted { .. }),
        "{outcome:?}"
    );
}

#[test]
fn intermediate_cas_that_it_brings_help() {
    let world = World::new();
    let below = world
        .ca
        .issue(Request::new("/C=NL/O=TestGrid/CN=Intermediate", pki::CA).with(ca_mark()));
    let key = support::rsa_key();
    let certificate =
        Request::new(support::SERVER, "/C=NL/O=TestGrid/CN=Intermediate").sign(&key, &below.key);
    let server = pki::Party { certificate, key };
    world.write_lsc(&format!(
        "{}\n{below}\n{below}\n{}\n",
        support::SERVER,
        pki::CA,
        below = "/C=NL/O=TestGrid/CN=Intermediate"
    ));
    let mut ac = Ac::new(&server, &world.alice, &["/testvo"]);
    let outcome = world.outcome(&[ac.sign(&server.key)]);
    assert!(
        matches!(outcome.refused[0].reason, Reason::Untrusted { .. }),
        "without the intermediate: {outcome:?}"
    );
    ac.certificates = Some(vec![server.certificate.clone(), below.certificate]);
    let credential = world.credential(&[ac.sign(&server.key)]);
    let outcome = read(&credential, &world.settings());
    assert_eq!(outcome.granted().len(), 1, "{outcome:?}");
    if let Some(theirs) = world.oracle(&credential, u32::MAX, 0) {
        assert_eq!(verdict(&theirs), in_words(&outcome));
    }
}
