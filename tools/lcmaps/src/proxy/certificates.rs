//! What is shown of a certificate.

use lc_x509::{Certificate, Kind};
use lcmaps_tools::moment::Moment;
use openssl::pkey::{Id, PKey, Public};

use super::view::{CertificateView, Dates};

/// Where a certificate was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// In the file.
    Input,
    /// In the directory of trusted CAs.
    TrustDirectory,
}

/// A certificate as it is shown; `level` is that of a proxy of a chain.
pub fn describe(
    certificate: &Certificate,
    level: Option<usize>,
    found: Found,
    time: Moment,
) -> CertificateView {
    let x509 = certificate.x509();
    let (kind, description, proxy) = match certificate.kind() {
        Ok(Kind::Authority) => ("ca", "CA".to_owned(), None),
        Ok(Kind::EndEntity) => ("end entity", "end entity".to_owned(), None),
        Ok(Kind::Proxy(proxy)) => ("proxy", proxy.to_string(), Some(proxy)),
        Err(irregularity) => ("irregular", format!("irregular: {irregularity}"), None),
    };
    let key = x509.public_key().ok();
    CertificateView {
        kind,
        description,
        level,
        flavour: proxy.map(|proxy| proxy.flavour.to_string()),
        rights: proxy.map(|proxy| proxy.language.to_string()),
        path_length: match proxy {
            Some(proxy) => proxy.path_length,
            None => x509.pathlen(),
        },
        from: match found {
            Found::Input => "file",
            Found::TrustDirectory => "trust directory",
        },
        subject: name(certificate.subject(), || certificate.shown_subject()),
        issuer: name(certificate.issuer(), || certificate.shown_issuer()),
        serial: serial(certificate),
        validity: certificate.validity().map(|dates| Dates::new(dates, time)),
        signature_algorithm: x509.signature_algorithm().object().to_string(),
        key_bits: key.as_ref().map(|key| key.bits()),
        key_type: key.as_ref().map(key_type),
    }
}

/// A whole name, else what can be shown of it.
fn name<E>(whole: Result<std::ffi::CString, E>, else_shown: impl FnOnce() -> String) -> String {
    whole.map_or_else(|_| else_shown(), |name| name.to_string_lossy().into_owned())
}

fn serial(certificate: &Certificate) -> Option<String> {
    let number = certificate.x509().serial_number().to_bn().ok()?;
    Some(number.to_hex_str().ok()?.to_string())
}

fn key_type(key: &PKey<Public>) -> String {
    match key.id() {
        Id::RSA => "RSA".to_owned(),
        Id::RSA_PSS => "RSA-PSS".to_owned(),
        Id::EC => "EC".to_owned(),
        Id::DSA => "DSA".to_owned(),
        Id::ED25519 => "Ed25519".to_owned(),
        Id::ED448 => "Ed448".to_owned(),
        other => format!("number {}", other.as_raw()),
    }
}
