//! VOMS attributes: nothing panics, and nobody vouches for what a fuzzer makes up.
//!
//! Input: the value of the extension that holds attribute certificates.
#![no_main]

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use lc_voms::{Checks, Settings, When};
use lc_x509::{Chain, Verifier};
use libfuzzer_sys::fuzz_target;
use openssl::asn1::{Asn1Integer, Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::{X509, X509Extension, X509NameBuilder};

fn settings(checks: Checks) -> Settings {
    let nowhere = PathBuf::from("/nonexistent");
    Settings {
        vomsdir: nowhere.clone(),
        authorities: Arc::new(Verifier::new(nowhere, lc_x509::Settings::default())),
        checks,
        when: When::Now,
        hostnames: vec!["host.example.org".to_owned()],
    }
}

/// A user with this extension.
fn user(value: &[u8]) -> Result<X509, ErrorStack> {
    static KEY: OnceLock<PKey<Private>> = OnceLock::new();
    let key = KEY.get_or_init(|| {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("curve");
        PKey::from_ec_key(EcKey::generate(&group).expect("key")).expect("key")
    });
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", "user")?;
    let name = name.build();
    let serial = Asn1Integer::from_bn(&*BigNum::from_u32(1)?)?;
    let (begin, end) = (Asn1Time::days_from_now(0)?, Asn1Time::days_from_now(1)?);
    let oid = Asn1Object::from_str("1.3.6.1.4.1.8005.100.100.5")?;
    let extension =
        X509Extension::new_from_der(&oid, false, &*Asn1OctetString::new_from_bytes(value)?)?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    builder.set_serial_number(&serial)?;
    builder.set_not_before(&begin)?;
    builder.set_not_after(&end)?;
    builder.set_pubkey(key)?;
    builder.append_extension2(&extension)?;
    builder.sign(key, MessageDigest::sha256())?;
    Ok(builder.build())
}

fuzz_target!(|input: &[u8]| {
    let Ok(user) = user(input) else { return };
    let Ok(chain) = Chain::from_certificates([user]) else { return };
    let verified = lc_voms::attributes(&chain, &settings(Checks::all()));
    assert!(verified.granted().is_empty(), "nobody signed this");
    let read = lc_voms::attributes(&chain, &settings(Checks::empty()));
    for refused in verified.refused.iter().chain(&read.refused) {
        assert!(!refused.to_string().chars().any(char::is_control));
    }
});
