//! Texts and stacks as they come: junk, damage, too much of everything.

mod support;

use foreign_types::ForeignTypeRef;
use lc_x509::{Chain, Error, MAX_CERTIFICATES};
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::X509;
use proptest::prelude::*;
use support::{ALICE, BOB, CA, Flavour, INHERIT_ALL, RFC_OID, Request, authority, key, pem};

fn credential() -> Vec<X509> {
    let ca = authority(CA);
    let alice = ca.issue_user(ALICE);
    let one = alice.delegate(Flavour::Gt3);
    let two = one.delegate(Flavour::Gt3);
    [two, one, alice, ca]
        .map(|party| party.certificate)
        .to_vec()
}

fn text(certificates: &[X509]) -> String {
    String::from_utf8(pem(&certificates.iter().collect::<Vec<_>>())).expect("ASCII")
}

fn dn(text: &str) -> Result<String, Error> {
    Chain::from_pem(text.as_bytes()).map(|chain| chain.dn().to_str().expect("ASCII").to_owned())
}

#[test]
fn junk_keys_and_line_ends_do_not_matter() {
    let certificates = credential();
    let plain = text(&certificates);
    let key = "-----BEGIN PRIVATE KEY-----\nthis is *not* base64\n-----END PRIVATE KEY-----\n";
    let variants = [
        plain.replace('\n', "\r\n"),
        plain.replace('\n', " \t\n"),
        plain.replace("-----BEGIN", "subject=/CN=x\nissuer: y\n\n-----BEGIN"),
        plain.replace("-----BEGIN", &format!("{key}-----BEGIN")),
        format!("\u{e9}\n{plain}# end"),
        plain.replace("CERTIFICATE", "X509 CERTIFICATE"),
        plain.trim_end().to_owned(),
    ];
    for variant in variants {
        assert_eq!(dn(&variant), Ok(ALICE.to_owned()), "{variant}");
    }
}

#[test]
fn a_text_without_certificate_is_refused() {
    for text in [
        "",
        "\n\n",
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
        ALICE,
    ] {
        assert_eq!(dn(text), Err(Error::NoCertificate));
    }
    let stack = Stack::<X509>::new().expect("stack");
    // SAFETY: a valid stack.
    let chain = unsafe { Chain::from_stack(stack.as_ptr()) };
    assert!(matches!(chain, Err(Error::NoCertificate)));
}

#[test]
fn a_block_that_is_no_certificate_refuses_the_text() {
    let plain = text(&credential());
    let bad = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
    assert!(matches!(
        dn(&format!("{bad}{plain}")),
        Err(Error::Undecodable { number: 1, .. })
    ));
    assert!(matches!(
        dn(&format!("{plain}{bad}")),
        Err(Error::Undecodable { number: 5, .. })
    ));
}

#[test]
fn bytes_after_a_certificate_refuse_the_text() {
    let mut der = credential()[2].to_der().expect("DER");
    der.extend(b"\x30\x00");
    let text = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        openssl::base64::encode_block(&der)
    );
    assert!(matches!(dn(&text), Err(Error::Undecodable { .. })));
}

#[test]
fn the_number_of_certificates_is_bounded() {
    let certificates = credential();
    let mut many = certificates.clone();
    many.resize(MAX_CERTIFICATES, certificates[3].clone());
    assert_eq!(dn(&text(&many)), Ok(ALICE.to_owned()));
    many.push(certificates[3].clone());
    assert_eq!(dn(&text(&many)), Err(Error::TooManyCertificates));
    assert!(matches!(
        Chain::from_certificates(many.clone()),
        Err(Error::TooManyCertificates)
    ));
    // What is beyond the limit is not even decoded.
    let bad = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
    assert_eq!(
        dn(&format!("{}{bad}", text(&many[1..]))),
        Err(Error::TooManyCertificates)
    );
    let mut stack = Stack::new().expect("stack");
    for certificate in many {
        stack.push(certificate).expect("stack");
    }
    // SAFETY: a valid stack.
    let chain = unsafe { Chain::from_stack(stack.as_ptr()) };
    assert!(matches!(chain, Err(Error::TooManyCertificates)));
}

#[test]
fn the_number_of_signature_checks_is_bounded() {
    // A chain of proxies that all have one name: each step has to try all that are left.
    let keys: Vec<_> = (0..41).map(|_| key()).collect();
    let certificates: Vec<_> = (0..40)
        .map(|at| {
            Request::new("/CN=a", "/CN=a")
                .with(support::raw_extension(RFC_OID, true, INHERIT_ALL))
                .sign(&keys[at], &keys[at + 1])
        })
        .collect();
    assert_eq!(dn(&text(&certificates)), Err(Error::TooManySignatures));
}

#[test]
fn a_null_in_a_stack_is_refused() {
    let certificate = credential().remove(2);
    let stack = Stack::<X509>::new().expect("stack");
    // SAFETY: OpenSSL's stacks hold any pointer, NULL among them; the one certificate is
    // borrowed and the stack's memory is taken apart below before its owner sees it.
    unsafe {
        let raw = stack.as_ptr();
        openssl_sys::OPENSSL_sk_push(raw.cast(), certificate.as_ptr().cast());
        openssl_sys::OPENSSL_sk_push(raw.cast(), std::ptr::null());
        let chain = Chain::from_stack(raw);
        openssl_sys::OPENSSL_sk_pop(raw.cast());
        openssl_sys::OPENSSL_sk_pop(raw.cast());
        assert!(matches!(chain, Err(Error::NullEntry(2))));
    }
}

#[test]
fn a_chain_outlives_the_stack_it_was_made_from_and_the_other_way_round() {
    let build = || {
        let mut stack = Stack::new().expect("stack");
        for certificate in credential() {
            stack.push(certificate).expect("stack");
        }
        stack
    };
    let stack = build();
    // SAFETY: a valid stack.
    let chain = unsafe { Chain::from_stack(stack.as_ptr()) }.expect("chain");
    drop(stack);
    assert_eq!(chain.stack().len(), 4);
    assert!(chain.leaf().to_der().is_ok());
    let stack = build();
    // SAFETY: a valid stack.
    drop(unsafe { Chain::from_stack(stack.as_ptr()) }.expect("chain"));
    assert!(stack.iter().all(|certificate| certificate.to_der().is_ok()));
}

#[test]
fn the_error_queue_of_the_host_is_as_it_was() {
    let errors = || -> Vec<_> {
        ErrorStack::get()
            .errors()
            .iter()
            .map(|e| e.code())
            .collect()
    };
    let certificates = credential();
    let good = text(&certificates);
    let other_key = {
        let other = authority(CA).issue_user(ALICE).delegate(Flavour::Gt3);
        format!("{}{good}", text(&[other.certificate]))
    };
    let bad = good.replace("MII", "MAA");
    let truncated = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        openssl::base64::encode_block(&certificates[0].to_der().expect("DER")[..200])
    );
    for text in [&good, &other_key, &bad, &truncated] {
        let _ = errors();
        let _ = Chain::from_pem(text.as_bytes());
        assert_eq!(errors(), [], "nothing is left in an empty queue");

        let leave_an_error = || assert!(openssl_sys_error());
        leave_an_error();
        let expected = errors();
        assert!(!expected.is_empty());
        leave_an_error();
        let _ = Chain::from_pem(text.as_bytes());
        assert_eq!(errors(), expected, "what was there stays");
    }
}

/// Makes OpenSSL leave errors in the queue, as a host's failed call would.
fn openssl_sys_error() -> bool {
    let junk = [0x30_u8, 0x03, 0x02, 0x01, 0x01];
    let mut at = junk.as_ptr();
    // SAFETY: five readable bytes.
    unsafe { openssl_sys::d2i_X509(std::ptr::null_mut(), &mut at, 5).is_null() }
}

#[test]
fn messages_name_the_certificate_and_what_to_do() {
    let ca = authority(CA);
    let proxy = ca.issue_user(ALICE).delegate(Flavour::Rfc);
    let error = dn(&text(&[proxy.certificate, ca.certificate])).expect_err("no issuer");
    assert_eq!(
        error.to_string(),
        format!(
            "the issuer of the proxy {ALICE}/CN=19 is not in the input: no certificate of {ALICE}; \
             the whole chain up to the user's own certificate is needed"
        )
    );
    let mut certificates = credential();
    certificates.push(authority("/CN=x").issue_user(BOB).certificate);
    let chain = Chain::from_pem(text(&certificates).as_bytes()).expect("chain");
    assert_eq!(
        chain.left_out()[0].to_string(),
        format!(
            "certificate 5 is left out, it is no CA and did not issue any certificate of the \
             chain: {BOB}"
        )
    );
}

#[derive(Debug, Clone)]
enum Damage {
    Set(usize, u8),
    Flip(usize, u32),
    Cut(usize, usize),
    Repeat(usize, usize),
}

impl Damage {
    fn apply(&self, text: &mut Vec<u8>) {
        if text.is_empty() {
            return;
        }
        let length = text.len();
        match *self {
            Self::Set(at, value) => text[at % length] = value,
            Self::Flip(at, bit) => text[at % length] ^= 1 << (bit % 8),
            Self::Cut(at, count) => {
                let at = at % length;
                text.drain(at..(at + count % 200).min(length));
            }
            Self::Repeat(at, count) => {
                let at = at % length;
                let again = text[at..(at + count % 2000).min(length)].to_vec();
                text.splice(at..at, again);
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, value)| Damage::Set(at, value)),
        (any::<usize>(), any::<u32>()).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        (any::<usize>(), any::<usize>()).prop_map(|(at, count)| Damage::Cut(at, count)),
        (any::<usize>(), any::<usize>()).prop_map(|(at, count)| Damage::Repeat(at, count)),
    ]
}

/// The credential with Bob's public certificate behind it, made once.
fn with_stranger() -> &'static [X509] {
    static INPUT: std::sync::OnceLock<Vec<X509>> = std::sync::OnceLock::new();
    INPUT.get_or_init(|| {
        let mut certificates = credential();
        certificates.push(authority(CA).issue_user(BOB).certificate);
        certificates
    })
}

/// When the chain leads up to the CA, it is Alice's. A damaged certificate of Alice may still fit
/// the proxy above it in name (which OpenSSL compares without case and blanks) and key, but then
/// no CA vouches for it, which is a verifier's matter.
fn alice_or_nobody(chain: Result<Chain, Error>) -> Result<(), TestCaseError> {
    if let Ok(chain) = chain {
        let dn = chain.dn().to_str().expect("ASCII");
        if chain.linked().len() > chain.proxies().len() + 1 {
            prop_assert_eq!(dn, ALICE);
        }
        let name = chain.end_entity().x509().subject_name();
        let same = name.try_cmp(&support::name(ALICE)).expect("names");
        prop_assert!(same.is_eq(), "{dn}");
    }
    Ok(())
}

fn proptest_config() -> ProptestConfig {
    ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(proptest_config())]

    #[test]
    fn one_damage_to_the_text_never_changes_the_identity(damage in damage()) {
        let mut text = text(with_stranger()).into_bytes();
        damage.apply(&mut text);
        alice_or_nobody(Chain::from_pem(&text))?;
    }

    #[test]
    fn one_damage_to_a_certificate_never_changes_the_identity(
        at in 0_usize..5, damage in damage()
    ) {
        let mut blocks = Vec::new();
        for (index, certificate) in with_stranger().iter().enumerate() {
            let mut der = certificate.to_der().expect("DER");
            if index == at {
                damage.apply(&mut der);
            }
            blocks.push(format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                openssl::base64::encode_block(&der)
            ));
        }
        let chain = Chain::from_pem(blocks.concat().as_bytes());
        if at == 0 {
            // The leaf is signed by a proxy, so hardly any damage may pass.
            if let Ok(chain) = &chain {
                prop_assert!(*chain.leaf() == *with_stranger()[0]);
            }
        }
        alice_or_nobody(chain)?;
    }

    #[test]
    fn any_amount_of_damage_is_survived(
        damages in proptest::collection::vec(damage(), 0..30)
    ) {
        let mut text = text(with_stranger()).into_bytes();
        for damage in damages {
            damage.apply(&mut text);
        }
        let _ = Chain::from_pem(&text);
    }
}
