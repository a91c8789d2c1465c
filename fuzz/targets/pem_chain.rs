//! Certificates: nothing panics, and an identity comes from a chain that begins with the leaf.
//!
//! Input: PEM text, or one certificate as DER.
#![no_main]

use lc_x509::{Certificate, Chain};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    match Chain::from_pem(input) {
        Ok(chain) => {
            assert!(!chain.dn().is_empty());
            let (proxies, linked) = (chain.proxies(), chain.linked());
            assert_eq!(
                linked[0].shown_subject(),
                Certificate::new(chain.leaf().to_owned()).shown_subject()
            );
            assert_eq!(
                linked[proxies.len()].shown_subject(),
                chain.end_entity().shown_subject()
            );
            assert_eq!(
                linked.len(),
                proxies.len() + 1 + chain.linked_authorities().len()
            );
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Ok(certificate) = Certificate::from_der(input) {
        // Each reads parts of the certificate by hand.
        let _ = certificate.kind();
        let _ = certificate.subject();
        let _ = certificate.issuer();
        assert!(certificate.shown_subject().chars().all(|c| !c.is_control()));
        assert!(certificate.shown_issuer().chars().all(|c| !c.is_control()));
    }
});
