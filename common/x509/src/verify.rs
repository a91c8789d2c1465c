//! The verifier: a trust folder, rules, and the order of checks.
#![forbid(unsafe_code)]

use std::fmt;
use std::path::PathBuf;
use std::time::SystemTime;

use openssl::nid::Nid;
use openssl::x509::{X509, X509Ref};

use crate::certificate::{Certificate, Kind};
use crate::chain::Chain;
use crate::libcrypto::verify::{self as libcrypto, Material, Path, Problem, code};
use crate::paths::Paths;
use crate::trust::{Folder, Gathered, Opinion};
use crate::verdict::{Verified, VerifyError, Warning};
use crate::{dates, delegation};

/// Shortest RSA key of a CA or user without a warning.
const LEAST_BITS: u32 = 2048;
/// The same for proxies, which live for hours.
const LEAST_BITS_OF_PROXY: u32 = 1024;

/// What to do when there is no CRL of a CA. A CRL that has expired or is of no use refuses in
/// both cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingCrl {
    /// Take it that nothing is revoked, and warn.
    #[default]
    Tolerated,
    /// Refuse the chain.
    Refused,
}

/// What to do with `signing_policy` and `namespaces` files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NamespaceRules {
    /// Leave them alone.
    Ignored,
    /// A file that is there must allow what its CA signed.
    #[default]
    WherePresent,
    /// The same, and each CA that signed must have a file.
    Required,
}

/// Rules that a site chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// For CAs without a CRL.
    pub missing_crl: MissingCrl,
    /// For the names that CAs sign.
    pub namespaces: NamespaceRules,
}

/// Verifies chains against the CAs of one trust folder; never against those of the system.
///
/// Files of the folder are kept while they stay the same, which is looked up for each chain: a
/// change takes effect at once. One verifier serves any number of threads.
pub struct Verifier {
    folder: Folder,
    settings: Settings,
    paths: Paths,
}

impl Verifier {
    /// A verifier for a folder such as `/etc/grid-security/certificates`.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, settings: Settings) -> Self {
        Self {
            folder: Folder::new(folder.into()),
            settings,
            paths: Paths::new(),
        }
    }

    /// The trust folder.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Verifies a chain for a moment in time.
    ///
    /// OpenSSL validates the path from the end entity to a trusted root; the proxies below follow
    /// the rules of this crate. Their signatures were checked when the chain was made.
    ///
    /// # Errors
    /// Why the chain is not to be trusted: the first reason found.
    pub fn verify(&self, chain: &Chain, time: SystemTime) -> Result<Verified, VerifyError> {
        let time = dates::unix(time);
        let input = chain.linked_authorities().iter().chain(chain.authorities());
        let untrusted: Vec<X509> = input.map(|ca| ca.x509().to_owned()).collect();
        let end_entity = chain.end_entity();
        let gathered = self
            .folder
            .gather(std::iter::once(end_entity.x509()).chain(untrusted.iter().map(AsRef::as_ref)));
        let material = Material {
            trusted: &gathered.authorities,
            untrusted: &untrusted,
            crls: &gathered.crl_files,
            time,
        };
        let path = (self.paths.validate(end_entity.x509(), &material))
            .ok_or(VerifyError::OutOfMemory)?
            .map_err(|problem| self.explain(&problem, end_entity, &gathered, time))?;

        let mut warnings = Vec::new();
        self.revocation(&path, &gathered, &mut warnings)?;
        let authorities: Vec<_> = (path.certificates.into_iter().skip(1))
            .map(Certificate::new)
            .collect();
        for authority in &authorities {
            if authority.kind() != Ok(Kind::Authority) {
                return Err(VerifyError::WrongPlace {
                    subject: authority.shown_subject(),
                });
            }
        }
        let signed: Vec<_> = (std::iter::once(end_entity).chain(&authorities))
            .take(authorities.len().max(1))
            .collect();
        self.namespaces(&signed)?;
        delegation::check(chain, &authorities, time, &mut warnings)?;
        for certificate in signed.into_iter().chain(chain.proxies()) {
            signature(certificate, &mut warnings)?;
        }
        let above = std::iter::once(end_entity).chain(&authorities);
        above.for_each(|certificate| key_length(certificate, LEAST_BITS, &mut warnings));
        for proxy in chain.proxies() {
            key_length(proxy, LEAST_BITS_OF_PROXY, &mut warnings);
        }
        let mut path: Vec<_> = chain.proxies().to_vec();
        path.push(end_entity.clone());
        path.extend(authorities);
        Ok(Verified {
            path,
            end_entity: chain.proxies().len(),
            warnings,
        })
    }

    /// CRLs that OpenSSL did not find: none there, or none that fits.
    fn revocation(
        &self,
        path: &Path,
        gathered: &Gathered,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), VerifyError> {
        let mut told = Vec::new();
        for certificate in &path.certificates {
            let hash = libcrypto::issuer_hash(certificate);
            let unusable = gathered.unusable_crls.iter().find(|(of, _)| *of == hash);
            if let Some((_, unusable)) = unusable {
                return Err(VerifyError::UnusableCrl {
                    issuer: issuer(certificate),
                    reason: format!("{}: {}", unusable.path.display(), unusable.reason),
                });
            }
        }
        for &at in &path.without_crl {
            let Some(certificate) = path.certificates.get(at) else {
                continue;
            };
            let hash = libcrypto::issuer_hash(certificate);
            let (issuer, folder) = (issuer(certificate), self.folder.path());
            if gathered.with_crl.contains(&hash) {
                let reason = format!("no CRL in {}/{hash:08x}.r* fits it", folder.display());
                return Err(VerifyError::UnusableCrl { issuer, reason });
            }
            let file = folder.join(format!("{hash:08x}.r0"));
            if self.settings.missing_crl == MissingCrl::Refused {
                return Err(VerifyError::NoCrl { issuer, file });
            }
            if !told.contains(&hash) {
                told.push(hash);
                warnings.push(Warning::NoCrl { issuer, file });
            }
        }
        Ok(())
    }

    /// Whether the issuers of these certificates may sign their names.
    fn namespaces(&self, signed: &[&Certificate]) -> Result<(), VerifyError> {
        if self.settings.namespaces == NamespaceRules::Ignored {
            return Ok(());
        }
        for certificate in signed {
            let opinions = (self.folder.opinions(certificate)).map_err(|unusable| {
                VerifyError::UnusableNamespace {
                    file: unusable.path,
                    reason: unusable.reason,
                }
            })?;
            if opinions.is_empty() && self.settings.namespaces == NamespaceRules::Required {
                return Err(VerifyError::NoNamespace {
                    issuer: certificate.shown_issuer(),
                    folder: self.folder.path().to_owned(),
                });
            }
            for (file, opinion) in opinions {
                let detail = match opinion {
                    Opinion::Allowed => continue,
                    Opinion::Denied => "",
                    Opinion::Silent => " (it says nothing about that CA)",
                };
                return Err(VerifyError::OutsideNamespace {
                    issuer: certificate.shown_issuer(),
                    subject: certificate.shown_subject(),
                    file,
                    detail,
                });
            }
        }
        Ok(())
    }

    /// Why the CA of a certificate was not found, as far as the folder tells.
    fn missing_authority(&self, certificate: &Certificate, gathered: &Gathered) -> String {
        if let Some(file) = gathered.unusable_authorities.first() {
            return format!(" ({}: {})", file.path.display(), file.reason);
        }
        match std::fs::metadata(self.folder.path()) {
            Err(error) => format!(" ({error})"),
            Ok(folder) if !folder.is_dir() => " (it is no directory)".to_owned(),
            Ok(_) => format!(
                " (CAs are found by links to their files, {:08x}.0 for this one; \"openssl rehash\" makes them)",
                libcrypto::issuer_hash(certificate.x509())
            ),
        }
    }

    /// OpenSSL's verdict in the words of a site.
    fn explain(
        &self,
        problem: &Problem,
        end_entity: &Certificate,
        gathered: &Gathered,
        time: i64,
    ) -> VerifyError {
        let certificate = match &problem.certificate {
            Some(certificate) => Certificate::new(certificate.clone()),
            None => end_entity.clone(),
        };
        let (subject, issuer) = (certificate.shown_subject(), certificate.shown_issuer());
        let folder = self.folder.path().to_owned();
        match (problem.code, certificate.validity()) {
            (
                code::NO_ISSUER
                | code::NO_LOCAL_ISSUER
                | code::SELF_SIGNED_LEAF
                | code::SELF_SIGNED_IN_CHAIN
                | code::CANNOT_VERIFY_LEAF,
                _,
            ) => VerifyError::UnknownAuthority {
                subject,
                issuer,
                folder,
                hint: self.missing_authority(&certificate, gathered),
            },
            (code::NOT_YET_VALID, Some(validity)) => VerifyError::NotYetValid {
                subject,
                from: validity.not_before,
                time,
            },
            (code::EXPIRED, Some(validity)) => VerifyError::Expired {
                subject,
                since: validity.not_after,
                time,
            },
            (code::REVOKED, _) => VerifyError::Revoked { subject, issuer },
            (code::CRL_EXPIRED, _) => VerifyError::StaleCrl {
                issuer,
                folder,
                problem: "has expired",
            },
            (code::CRL_NOT_YET_VALID, _) => VerifyError::StaleCrl {
                issuer,
                folder,
                problem: "is not valid yet",
            },
            _ => VerifyError::Path {
                subject,
                reason: problem.words.clone(),
            },
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("folder", &self.folder.path())
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

fn issuer(certificate: &X509Ref) -> String {
    crate::name::shown(certificate.issuer_name())
}

/// Whether a signature can be relied on. Those of roots are not looked at: nobody else made them.
fn signature(certificate: &Certificate, warnings: &mut Vec<Warning>) -> Result<(), VerifyError> {
    const SHA512_224: i32 = 1094;
    const SHA3_512: i32 = 1099;
    const ED25519: i32 = 1087;
    const ED448: i32 = 1088;
    let algorithm = || libcrypto::signature_name(certificate.x509());
    let subject = || certificate.shown_subject();
    if let Some((digest, key)) = libcrypto::signature_algorithm(certificate.x509()) {
        match (Nid::from_raw(digest), key) {
            (Nid::SHA224 | Nid::SHA256 | Nid::SHA384 | Nid::SHA512, _) => return Ok(()),
            (Nid::UNDEF, ED25519 | ED448) => return Ok(()),
            // SHA-512/224, SHA-512/256 and the four of SHA-3 are numbered in a row.
            _ if (SHA512_224..=SHA3_512).contains(&digest) => return Ok(()),
            (Nid::MD5 | Nid::SHA1, _) => {
                warnings.push(Warning::OldDigest {
                    subject: subject(),
                    algorithm: algorithm(),
                });
                return Ok(());
            }
            _ => {}
        }
    }
    Err(VerifyError::Signature {
        subject: subject(),
        algorithm: algorithm(),
    })
}

fn key_length(certificate: &Certificate, least: u32, warnings: &mut Vec<Warning>) {
    if let Some(bits) = libcrypto::rsa_bits(certificate.x509())
        && bits < least
    {
        warnings.push(Warning::ShortKey {
            subject: certificate.shown_subject(),
            bits,
            least,
        });
    }
}
