//! From the leaf to the end entity and on to its CAs, by issuer name and signature.
//!
//! At each step *every* certificate of the issuer's name is tried. The step is refused when one
//! that made the signature may not have made it (a CA above a proxy, a user above a user), so the
//! order of the input and an additional certificate can only refuse a chain, never bend it.
#![forbid(unsafe_code)]

use crate::MAX_SIGNATURE_CHECKS;
use crate::certificate::{Certificate, Kind};
use crate::error::Error;
use crate::libcrypto::{self, Signature};
use crate::memo;

/// The way found.
#[derive(Debug)]
pub(crate) struct Way {
    /// Indices into the input: the leaf, proxies, the end entity, CAs. Each was signed by the
    /// key of the next one.
    pub(crate) steps: Vec<usize>,
    /// How many steps lead to the end entity: 0 when the leaf is one.
    pub(crate) end_entity: usize,
    /// Certificates that had the right name and the wrong key.
    pub(crate) other_key: Vec<usize>,
    /// Certificates that could stand in the place of one on the way.
    pub(crate) spare: Vec<usize>,
}

/// Follows the chain from the first certificate of an input without duplicates.
pub(crate) fn follow(certificates: &[Certificate]) -> Result<Way, Error> {
    let leaf = certificates.first().ok_or(Error::NoCertificate)?;
    if kind(leaf)? == Kind::Authority {
        return Err(Error::LeafIsAuthority {
            subject: leaf.shown_subject(),
        });
    }
    let mut walk = Walk {
        certificates,
        steps: vec![0],
        other_key: Vec::new(),
        spare: Vec::new(),
        unknown: None,
        checks: 0,
    };
    let mut at = 0;
    while let Kind::Proxy(_) = kind(&certificates[at])? {
        at = walk.issuer_of_proxy(at)?;
        walk.steps.push(at);
    }
    let end_entity = walk.steps.len() - 1;
    while let Some(issuer) = walk.issuing_authority(at)? {
        walk.steps.push(issuer);
        at = issuer;
    }
    Ok(Way {
        steps: walk.steps,
        end_entity,
        other_key: walk.other_key,
        spare: walk.spare,
    })
}

fn kind(certificate: &Certificate) -> Result<Kind, Error> {
    certificate.kind().map_err(|irregularity| Error::Irregular {
        subject: certificate.shown_subject(),
        irregularity,
    })
}

struct Walk<'a> {
    certificates: &'a [Certificate],
    steps: Vec<usize>,
    other_key: Vec<usize>,
    spare: Vec<usize>,
    /// Why the latest signature could not be checked.
    unknown: Option<String>,
    checks: usize,
}

impl Walk<'_> {
    /// The certificate, below the CAs, that issued this proxy.
    fn issuer_of_proxy(&mut self, proxy: usize) -> Result<usize, Error> {
        let tried = self.other_key.len();
        let signers = self.signers(proxy, |walk, candidate| !walk.steps.contains(&candidate))?;
        for &signer in &signers {
            if kind(&self.certificates[signer])? == Kind::Authority {
                return Err(Error::ProxyOfAuthority {
                    proxy: self.certificates[proxy].shown_subject(),
                    issuer: self.certificates[signer].shown_subject(),
                });
            }
        }
        self.spare.extend(&signers);
        self.preferred(&signers).ok_or_else(|| {
            if self.other_key.len() == tried {
                Error::IssuerMissing {
                    proxy: self.certificates[proxy].shown_subject(),
                    issuer: self.certificates[proxy].shown_issuer(),
                }
            } else {
                self.not_signed(proxy)
            }
        })
    }

    /// The CA of the input that issued this end entity or CA; `None` at the end of the way.
    fn issuing_authority(&mut self, subject: usize) -> Result<Option<usize>, Error> {
        let tried = self.other_key.len();
        let signers = self.signers(subject, |_, candidate| candidate != subject)?;
        for &signer in &signers {
            if kind(&self.certificates[signer])? != Kind::Authority {
                return Err(Error::IssuedByNonAuthority {
                    subject: self.certificates[subject].shown_subject(),
                    issuer: self.certificates[signer].shown_subject(),
                });
            }
        }
        // A CA of the issuer's name may be one of an older key. A user or proxy of that name that
        // did not sign shows a damaged or made-up certificate.
        let is_authority = |&at: &usize| self.certificates[at].kind() == Ok(Kind::Authority);
        if signers.is_empty() && !self.other_key[tried..].iter().all(is_authority) {
            return Err(self.not_signed(subject));
        }
        // CAs that certified each other, or one key with several certificates, end the way.
        Ok(self
            .preferred(&signers)
            .filter(|signer| !self.steps.contains(signer)))
    }

    /// All certificates that bear the issuer's name and made the signature, in input order.
    fn signers(
        &mut self,
        child: usize,
        may_be: impl Fn(&Self, usize) -> bool,
    ) -> Result<Vec<usize>, Error> {
        self.unknown = None;
        let mut signers = Vec::new();
        for candidate in 0..self.certificates.len() {
            if !may_be(self, candidate) || !self.bears_issuer_name(candidate, child) {
                continue;
            }
            if self.made(child, candidate)? {
                signers.push(candidate);
            } else {
                self.other_key.push(candidate);
            }
        }
        Ok(signers)
    }

    /// Of several certificates for one key, the first that has not expired, as OpenSSL does.
    fn preferred(&self, signers: &[usize]) -> Option<usize> {
        let current = |&&signer: &&usize| libcrypto::is_current(self.certificates[signer].x509());
        signers
            .iter()
            .find(current)
            .or_else(|| signers.first())
            .copied()
    }

    fn not_signed(&mut self, child: usize) -> Error {
        Error::NotSigned {
            subject: self.certificates[child].shown_subject(),
            issuer: self.certificates[child].shown_issuer(),
            reason: self.unknown.take().unwrap_or_else(|| {
                "the certificate of that name in the input has another key".to_owned()
            }),
        }
    }

    fn bears_issuer_name(&self, candidate: usize, child: usize) -> bool {
        libcrypto::same_name(
            self.certificates[child].x509().issuer_name(),
            self.certificates[candidate].x509().subject_name(),
        )
    }

    fn made(&mut self, child: usize, issuer: usize) -> Result<bool, Error> {
        if self.checks == MAX_SIGNATURE_CHECKS {
            return Err(Error::TooManySignatures);
        }
        self.checks += 1;
        let (child, issuer) = (&self.certificates[child], &self.certificates[issuer]);
        match memo::signature(child.x509(), issuer.x509()) {
            Signature::Good => Ok(true),
            Signature::Bad => Ok(false),
            Signature::Unknown(reason) => {
                self.unknown = Some(reason);
                Ok(false)
            }
        }
    }
}
