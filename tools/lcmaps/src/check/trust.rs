//! The directory of trusted CAs: certificates and CRLs that no longer hold, or are never found.

use std::collections::BTreeSet;
use std::path::Path;

use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::x509::{X509, X509Crl};

use super::files;
use super::finding::{Findings, Place};

/// No CRL is larger.
const LARGEST: u64 = 256 << 20;

/// What a file of the directory is, by its name.
enum Entry<'a> {
    Certificate(&'a str),
    Crl(&'a str),
}

/// Checks all files that a verification could use.
pub fn check(folder: &Path, crl_needed: bool, place: &Place, findings: &mut Findings) {
    let names = match list(folder) {
        Ok(names) => names,
        Err(problem) => {
            let message = format!(
                "cannot read the CA directory {}: {problem}",
                folder.display()
            );
            let advice = "install the CA certificates, or name their directory with -certdir";
            findings.error(place, message, advice);
            return;
        }
    };
    files::protected(folder, &Place::of_file(folder), findings);
    let Ok(now) = Asn1Time::days_from_now(0) else {
        return;
    };
    let (mut authorities, mut with_crl) = (Vec::new(), BTreeSet::new());
    for name in &names {
        let file = folder.join(name);
        let place = Place::of_file(&file);
        match entry(name) {
            None => continue,
            Some(Entry::Certificate(hash)) => {
                authorities.push((hash, file.clone()));
                if let Some(text) = read(&file, &place, findings) {
                    certificate(&text, hash, &now, &place, findings);
                }
            }
            Some(Entry::Crl(hash)) => {
                with_crl.insert(hash);
                if let Some(text) = read(&file, &place, findings) {
                    crl(&text, hash, &now, &place, findings);
                }
            }
        }
    }
    if authorities.is_empty() {
        let message = format!("{} holds no CA: nobody can be verified", folder.display());
        findings.error(
            place,
            message,
            "install the CA certificates, with names like HASH.0",
        );
    }
    for (hash, file) in authorities {
        if !with_crl.contains(hash) {
            let message = format!("the CA has no CRL {hash}.r0");
            let place = Place::of_file(&file);
            if crl_needed {
                findings.error(&place, message, "fetch it: --require-crl refuses its users");
            } else {
                findings.warning(
                    &place,
                    message,
                    "fetch it: revoked certificates are accepted",
                );
            }
        }
    }
}

fn list(folder: &Path) -> std::io::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        if let Ok(name) = entry?.file_name().into_string() {
            names.insert(name);
        }
    }
    Ok(names)
}

/// `HASH.N` or `HASH.rN`.
fn entry(name: &str) -> Option<Entry<'_>> {
    const HASH: usize = 8;
    let (hash, number) = name.split_once('.')?;
    if hash.len() != HASH || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match number.strip_prefix('r') {
        Some(number) if digits(number) => Some(Entry::Crl(hash)),
        None if digits(number) => Some(Entry::Certificate(hash)),
        _ => None,
    }
}

fn read(file: &Path, place: &Place, findings: &mut Findings) -> Option<Vec<u8>> {
    let text = file.metadata().and_then(|data| {
        if data.is_file() && data.len() <= LARGEST {
            std::fs::read(file)
        } else {
            Err(std::io::Error::other("it is no regular file, or too large"))
        }
    });
    match text {
        Ok(text) => Some(text),
        Err(problem) => {
            let message = format!("cannot be read: {problem}");
            findings.error(place, message, "correct its mode, or install it again");
            None
        }
    }
}

fn certificate(text: &[u8], hash: &str, now: &Asn1TimeRef, place: &Place, findings: &mut Findings) {
    let Ok(certificate) = X509::from_pem(text).or_else(|_| X509::from_der(text)) else {
        findings.error(
            place,
            "holds no certificate",
            "install it again, or remove it",
        );
        return;
    };
    let real = format!("{:08x}", certificate.subject_name_hash());
    if !real.eq_ignore_ascii_case(hash) && !old_hash_is(&certificate, hash) {
        let message = format!("is never found: the name of this CA has the hash {real}");
        findings.error(place, message, "run openssl rehash on the directory");
    }
    if certificate.not_after() < now {
        let message = format!("the CA has expired on {}", certificate.not_after());
        findings.warning(place, message, "update the CA certificates, or remove it");
    } else if certificate.not_before() > now {
        let message = format!("the CA holds from {} on only", certificate.not_before());
        findings.warning(place, message, "check the clock of this machine");
    }
}

/// Older programs look for files under the MD5 hash of the name.
fn old_hash_is(certificate: &X509, hash: &str) -> bool {
    let Ok(name) = certificate.subject_name().to_der() else {
        return false;
    };
    let Ok(digest) = openssl::hash::hash(openssl::hash::MessageDigest::md5(), &name) else {
        return false;
    };
    let first: Vec<u8> = digest.iter().copied().take(4).rev().collect();
    let old: String = first.iter().map(|byte| format!("{byte:02x}")).collect();
    old.eq_ignore_ascii_case(hash)
}

fn crl(text: &[u8], hash: &str, now: &Asn1TimeRef, place: &Place, findings: &mut Findings) {
    let Ok(crl) = X509Crl::from_pem(text).or_else(|_| X509Crl::from_der(text)) else {
        let advice = "fetch it again; users of this CA are refused until then";
        findings.error(place, "holds no CRL", advice);
        return;
    };
    match crl.next_update() {
        Some(next) if next < now => {
            let message = format!("the CRL has expired on {next}");
            let advice = "fetch a new one (fetch-crl); users of this CA are refused until then";
            findings.error(place, message, advice);
        }
        None => {
            let message = format!("the CRL of CA {hash} does not say until when it holds");
            findings.warning(place, message, "tell the CA");
        }
        Some(_) => {}
    }
}
