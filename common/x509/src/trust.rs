//! The trust folder: CAs, CRLs and what each CA may sign, under the hash of the CA's name.
//!
//! ```text
//! HASH.0 HASH.1 …     CA certificates        HASH.r0 HASH.r1 …   CRLs
//! HASH.signing_policy                        HASH.namespaces
//! ```
#![forbid(unsafe_code)]

mod file;
mod namespaces;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use openssl::x509::{X509, X509Crl, X509Ref};

use crate::certificate::Certificate;
use crate::libcrypto::verify::{self as libcrypto, Crls};
use crate::pem;

use file::Files;
pub(crate) use namespaces::{Opinion, SigningRules};

const LARGEST_CA_FILE: u64 = crate::MAX_PEM_BYTES as u64;
const LARGEST_CRL_FILE: u64 = 256 * 1024 * 1024;
const LARGEST_POLICY_FILE: u64 = 1024 * 1024;

/// Most files of one kind under one hash.
const MOST_OF_A_HASH: usize = 64;
/// Most names that are looked up for one chain; the CAs of an input name one each.
const MOST_NAMES: usize = 2 * crate::MAX_CERTIFICATES;

/// A trust folder with what is known of its files.
pub(crate) struct Folder {
    path: PathBuf,
    authorities: Files<Vec<X509>>,
    crls: Files<Vec<X509Crl>>,
    signing_policies: Files<SigningRules>,
    namespaces: Files<SigningRules>,
}

/// A file that is there and of no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unusable {
    pub(crate) path: PathBuf,
    pub(crate) reason: String,
}

/// What the folder has for a chain.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) authorities: Vec<X509>,
    pub(crate) crl_files: Vec<Crls>,
    pub(crate) unusable_authorities: Vec<Unusable>,
    /// With the hash of the CA.
    pub(crate) unusable_crls: Vec<(u32, Unusable)>,
    /// Hashes for which there is a CRL file.
    pub(crate) with_crl: HashSet<u32>,
}

impl Folder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            authorities: Files::new(LARGEST_CA_FILE, |text| {
                pem::certificates(text).map_err(|error| error.to_string())
            }),
            crls: Files::new(LARGEST_CRL_FILE, read_crls),
            signing_policies: Files::new(LARGEST_POLICY_FILE, SigningRules::signing_policy),
            namespaces: Files::new(LARGEST_POLICY_FILE, SigningRules::namespaces),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The CAs and CRLs that may matter for these certificates: those of their issuers, of the
    /// issuers of these, and so on.
    pub(crate) fn gather<'a>(&self, certificates: impl Iterator<Item = &'a X509Ref>) -> Gathered {
        let mut gathered = Gathered::default();
        let mut names: Vec<u32> = certificates.map(libcrypto::issuer_hash).collect();
        let mut seen = HashSet::new();
        while let Some(hash) = names.pop() {
            if seen.len() == MOST_NAMES || !seen.insert(hash) {
                continue;
            }
            for number in 0..MOST_OF_A_HASH {
                let path = self.path.join(format!("{hash:08x}.{number}"));
                match self.authorities.get(&path) {
                    Ok(None) => break,
                    Ok(Some(found)) => {
                        names.extend(found.iter().map(|ca| libcrypto::issuer_hash(ca)));
                        gathered.authorities.extend(found.iter().cloned());
                    }
                    Err(reason) => gathered
                        .unusable_authorities
                        .push(Unusable { path, reason }),
                }
            }
            for number in 0..MOST_OF_A_HASH {
                let path = self.path.join(format!("{hash:08x}.r{number}"));
                match self.crls.get(&path) {
                    Ok(None) => break,
                    Ok(Some(found)) => {
                        gathered.with_crl.insert(hash);
                        gathered.crl_files.push(found);
                    }
                    Err(reason) => {
                        gathered.with_crl.insert(hash);
                        gathered
                            .unusable_crls
                            .push((hash, Unusable { path, reason }));
                    }
                }
            }
        }
        gathered
    }

    /// What the files of a certificate's issuer say about its subject, each with its path.
    pub(crate) fn opinions(
        &self,
        certificate: &Certificate,
    ) -> Result<Vec<(PathBuf, Opinion)>, Unusable> {
        let hash = libcrypto::issuer_hash(certificate.x509());
        let mut opinions = Vec::new();
        for (kind, files) in [
            ("namespaces", &self.namespaces),
            ("signing_policy", &self.signing_policies),
        ] {
            let path = self.path.join(format!("{hash:08x}.{kind}"));
            let file = match files.get(&path) {
                Ok(None) => continue,
                Ok(Some(file)) => file,
                Err(reason) => return Err(Unusable { path, reason }),
            };
            let opinion = match (certificate.issuer(), certificate.subject()) {
                (Ok(issuer), Ok(subject)) => {
                    file.opinion(&issuer.to_string_lossy(), &subject.to_string_lossy())
                }
                // A name that is nobody's is in no namespace.
                _ => Opinion::Denied,
            };
            opinions.push((path, opinion));
        }
        Ok(opinions)
    }
}

/// The CRLs of a file, in PEM or DER.
fn read_crls(bytes: &[u8]) -> Result<Vec<X509Crl>, String> {
    // DER begins with a SEQUENCE; no text does.
    if bytes.first() == Some(&0x30) && bytes.get(1).is_some_and(|length| length & 0x80 != 0) {
        return Ok(vec![libcrypto::decode_crl(bytes)?]);
    }
    let crls = pem::blocks(bytes, b"X509 CRL")?
        .iter()
        .map(|der| libcrypto::decode_crl(der))
        .collect::<Result<Vec<_>, _>>()?;
    if crls.is_empty() {
        return Err("it holds no CRL".to_owned());
    }
    Ok(crls)
}
