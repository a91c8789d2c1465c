//! The rules for proxies, from the end entity down to the leaf.
//!
//! That each proxy was signed by the key above it, the [`Chain`] has established. OpenSSL is not
//! asked to validate proxies: it knows those of RFC 3820 only, and from version 3 on refuses two levels of
//! Globus 2 proxies, since it takes the upper one for a user without the right to sign.
#![forbid(unsafe_code)]

use openssl::nid::Nid;

use crate::certificate::{Certificate, Kind};
use crate::chain::Chain;
use crate::libcrypto::{self, verify as checks};
use crate::proxy::{DRAFT_PROXY_CERT_INFO, Flavour, Language, Proxy};
use crate::verdict::{VerifyError, Warning};

/// Checks the proxies of a chain for a moment in seconds since 1970.
pub(crate) fn check(
    chain: &Chain,
    authorities: &[Certificate],
    time: i64,
    warnings: &mut Vec<Warning>,
) -> Result<(), VerifyError> {
    let mut above: Option<Above> = None;
    let mut issuer = chain.end_entity();
    for (level, certificate) in chain.proxies().iter().rev().enumerate() {
        let Ok(Kind::Proxy(proxy)) = certificate.kind() else {
            return Err(VerifyError::WrongPlace {
                subject: certificate.shown_subject(),
            });
        };
        let link = Link {
            level,
            certificate,
            issuer,
        };
        link.dates(time)?;
        link.names()?;
        link.issued(proxy.flavour)?;
        link.extensions()?;
        for authority in authorities {
            if !checks::names_allowed(authority.x509(), certificate.x509()) {
                return Err(VerifyError::NameConstraints {
                    subject: certificate.shown_subject(),
                    authority: authority.shown_subject(),
                });
            }
        }
        link.remarks(proxy, warnings);
        above = Some(link.below(proxy, above)?);
        issuer = certificate;
    }
    Ok(())
}

/// What the proxies so far leave to those below.
struct Above {
    flavour: Flavour,
    limited: bool,
    /// How many more proxies may follow.
    remaining: Option<u32>,
}

/// A proxy and what issued it.
struct Link<'a> {
    level: usize,
    certificate: &'a Certificate,
    issuer: &'a Certificate,
}

impl Link<'_> {
    fn below(&self, proxy: Proxy, above: Option<Above>) -> Result<Above, VerifyError> {
        let level = self.level;
        let subject = || self.certificate.shown_subject();
        let mut remaining = None;
        if let Some(above) = above {
            if above.flavour != proxy.flavour {
                return Err(VerifyError::MixedProxies {
                    level,
                    subject: subject(),
                    flavour: proxy.flavour,
                    above: above.flavour,
                });
            }
            if above.limited && !proxy.is_limited() {
                return Err(VerifyError::FullBelowLimited {
                    level,
                    subject: subject(),
                });
            }
            remaining = match above.remaining {
                Some(0) => {
                    return Err(VerifyError::PathTooLong {
                        level,
                        subject: subject(),
                        issuer: self.issuer.shown_subject(),
                    });
                }
                Some(remaining) => Some(remaining - 1),
                None => None,
            };
        }
        Ok(Above {
            flavour: proxy.flavour,
            limited: proxy.is_limited(),
            remaining: match (remaining, proxy.path_length) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            },
        })
    }

    fn dates(&self, time: i64) -> Result<(), VerifyError> {
        let subject = || self.certificate.shown_subject();
        let Some(validity) = self.certificate.validity() else {
            return Err(VerifyError::UnreadableDates { subject: subject() });
        };
        if time < validity.not_before {
            return Err(VerifyError::NotYetValid {
                subject: subject(),
                from: validity.not_before,
                time,
            });
        }
        if time > validity.not_after {
            return Err(VerifyError::Expired {
                subject: subject(),
                since: validity.not_after,
                time,
            });
        }
        Ok(())
    }

    /// The subject is the issuer's and one CN more.
    fn names(&self) -> Result<(), VerifyError> {
        let subject = self.certificate.x509().subject_name();
        let last = libcrypto::attributes(subject)
            .last()
            .map(|attribute| attribute.nid);
        if last == Some(Nid::COMMONNAME.as_raw())
            && libcrypto::extends_by_one(subject, self.issuer.x509().subject_name())
        {
            return Ok(());
        }
        Err(VerifyError::NameNotExtended {
            level: self.level,
            subject: self.certificate.shown_subject(),
            issuer: self.issuer.shown_subject(),
        })
    }

    fn issued(&self, flavour: Flavour) -> Result<(), VerifyError> {
        let refuse = |reason: String| VerifyError::NotIssued {
            level: self.level,
            subject: self.certificate.shown_subject(),
            issuer: self.issuer.shown_subject(),
            reason,
        };
        if !checks::may_sign(self.issuer.x509()) {
            let reason = "the key usage of the issuer is without digitalSignature";
            return Err(refuse(reason.to_owned()));
        }
        match checks::check_issued(self.issuer.x509(), self.certificate.x509()) {
            (0, _) => Ok(()),
            // OpenSSL takes older proxies for ordinary certificates, which only CAs sign.
            (checks::code::KEY_USAGE_NO_CERTIFICATE_SIGN, _) if flavour != Flavour::Rfc3820 => {
                Ok(())
            }
            (_, words) => Err(refuse(words)),
        }
    }

    fn extensions(&self) -> Result<(), VerifyError> {
        match checks::unhandled_critical(self.certificate.x509(), &[DRAFT_PROXY_CERT_INFO]) {
            None => Ok(()),
            Some(oid) => Err(VerifyError::UnknownExtension {
                subject: self.certificate.shown_subject(),
                oid,
            }),
        }
    }

    fn remarks(&self, proxy: Proxy, warnings: &mut Vec<Warning>) {
        if matches!(proxy.language, Language::Any | Language::Other) {
            warnings.push(Warning::Restricted {
                level: self.level,
                subject: self.certificate.shown_subject(),
            });
        }
        let (own, above) = (self.certificate.x509(), self.issuer.x509());
        if proxy.flavour == Flavour::Gt2 && own.serial_number() != above.serial_number() {
            warnings.push(Warning::OtherSerial {
                level: self.level,
                subject: self.certificate.shown_subject(),
            });
        }
    }
}
