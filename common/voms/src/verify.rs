//! From a chain to the attributes that count.
#![forbid(unsafe_code)]

use std::time::{SystemTime, UNIX_EPOCH};

use lc_x509::{Certificate, Chain};
use openssl::x509::X509Ref;
use rasn::types::Any;

use crate::asn1::{self, AuthorityKey};
use crate::attributes::{Attributes, Outcome};
use crate::content::{self, Content};
use crate::name::Name;
use crate::number::Serial;
use crate::reason::{Reason, Refused};
use crate::settings::{Checks, Settings, When};
use crate::signer::{self, Signers};
use crate::{MAX_CERTIFICATES, MAX_EXTENSION_BYTES, libcrypto, time};

/// The contents octets of 1.3.6.1.4.1.8005.100.100.5, attribute certificates.
const ATTRIBUTE_CERTIFICATES: &[u8] = b"\x2b\x06\x01\x04\x01\xbe\x45\x64\x64\x05";
/// Those of 1.3.6.1.4.1.8005.100.100.3, what the user says about VOs.
const WORK_VO: &[u8] = b"\x2b\x06\x01\x04\x01\xbe\x45\x64\x64\x03";
/// Those of 1.3.6.1.4.1.8005.100.100.2, a file that the user includes.
const EXTRA_DATA: &[u8] = b"\x2b\x06\x01\x04\x01\xbe\x45\x64\x64\x02";

/// How far the clocks of a VOMS server and of this machine may be apart, in seconds.
const CLOCK_SKEW: i64 = 300;

/// Reads and verifies the attribute certificates of a chain: those of the first certificate,
/// from the leaf to the end entity, that has any. What is above it was given to the user earlier,
/// and the user replaced it.
#[must_use]
pub fn attributes(chain: &Chain, settings: &Settings) -> Outcome {
    let mut outcome = Outcome::default();
    for certificate in chain.proxies().iter().chain([chain.end_entity()]) {
        let first = |oid| certificate.extensions(oid).next().map(<[u8]>::to_vec);
        outcome.work_vo = outcome.work_vo.take().or_else(|| first(WORK_VO));
        outcome.extra_data = outcome.extra_data.take().or_else(|| first(EXTRA_DATA));
        let extensions: Vec<_> = certificate.extensions(ATTRIBUTE_CERTIFICATES).collect();
        if extensions.is_empty() {
            continue;
        }
        let refused = |reason| Refused {
            number: None,
            vo: None,
            carrier: certificate.shown_subject(),
            reason,
        };
        match bundle(&extensions).and_then(|bundle| Ok((bundle, Verifier::new(chain, settings)?))) {
            Ok((bundle, verifier)) => verifier.run(&bundle, certificate, &mut outcome),
            Err(reason) => outcome.refused.push(refused(reason)),
        }
        break;
    }
    outcome
}

/// The attribute certificates of the one extension.
fn bundle(extensions: &[&[u8]]) -> Result<Vec<Any>, Reason> {
    let &[der] = extensions else {
        return Err(Reason::RepeatedExtension);
    };
    if der.len() > MAX_EXTENSION_BYTES {
        return Err(Reason::ExtensionTooLong(der.len()));
    }
    let bundle: asn1::Bundle = asn1::decode(der).ok_or(Reason::NotAList)?;
    match bundle.certificates.len() {
        0 => Err(Reason::NotAList),
        1..=MAX_CERTIFICATES => Ok(bundle.certificates),
        many => Err(Reason::TooMany(many)),
    }
}

/// Whose attributes are looked at, and how.
struct Verifier<'a> {
    settings: &'a Settings,
    time: i64,
    end_entity: &'a X509Ref,
    holder: String,
    holder_authority: String,
    signers: Signers<'a>,
}

impl<'a> Verifier<'a> {
    fn new(chain: &'a Chain, settings: &'a Settings) -> Result<Self, Reason> {
        let time = time_of_verification(settings.when, chain.leaf())?;
        let end_entity = chain.end_entity();
        let holder_authority = end_entity
            .issuer()
            .map_err(|_| Reason::Malformed("the name of the user's CA is not usable"))?;
        Ok(Self {
            settings,
            time,
            end_entity: end_entity.x509(),
            holder: chain.dn().to_string_lossy().into_owned(),
            holder_authority: holder_authority.to_string_lossy().into_owned(),
            signers: Signers::new(&settings.vomsdir, &settings.authorities, time),
        })
    }

    fn run(mut self, bundle: &[Any], carrier: &Certificate, outcome: &mut Outcome) {
        for (at, der) in bundle.iter().enumerate() {
            match Content::read(der).and_then(|content| self.check(content)) {
                Ok(attributes) => outcome.accepted.push(attributes),
                Err(reason) => outcome.refused.push(Refused {
                    number: Some(at + 1),
                    vo: content::claimed_vo(der),
                    carrier: carrier.shown_subject(),
                    reason,
                }),
            }
        }
    }

    /// The cheap checks first.
    fn check(&mut self, content: Content) -> Result<Attributes, Reason> {
        let checks = self.settings.checks;
        if checks.contains(Checks::HOLDER) {
            self.check_holder(&content)?;
        }
        if checks.contains(Checks::DATES) {
            self.check_dates(&content)?;
        }
        if checks.contains(Checks::TARGETS) {
            self.check_targets(&content)?;
        }
        let signer = if checks.contains(Checks::SIGNATURE) {
            Some(self.signers.find(&content)?)
        } else {
            None
        };
        if let Some(signer) = &signer {
            if checks.contains(Checks::HOLDER)
                && signer::subject(signer.x509()).as_ref() != Some(&content.issuer)
            {
                return Err(Reason::OtherIssuer {
                    issuer: content.issuer.shown(),
                    signer: signer.shown_subject(),
                });
            }
            if checks.contains(Checks::KEY) && !is_key_of(&content.authority_key, signer) {
                return Err(Reason::OtherKey {
                    signer: signer.shown_subject(),
                });
            }
        }
        let (issuer, issuer_authority) = match &signer {
            Some(signer) => {
                let unusable = |_| Reason::Malformed("its signer has no usable name");
                let text = |name: std::ffi::CString| name.to_string_lossy().into_owned();
                (
                    text(signer.subject().map_err(unusable)?),
                    Some(text(signer.issuer().map_err(unusable)?)),
                )
            }
            None => (content.issuer.line().to_owned(), None),
        };
        Ok(Attributes {
            holder: self.holder.clone(),
            holder_authority: self.holder_authority.clone(),
            issuer,
            issuer_authority,
            vo: content.server.vo,
            uri: content.server.uri,
            not_before: content.not_before.text,
            not_after: content.not_after.text,
            fqans: content.fqans,
            generic: content.generic,
        })
    }

    /// It was given to the end entity: that certificate's number, and its issuer. Servers that
    /// were contacted with a Globus 2 proxy name the end entity itself as the issuer, for such a
    /// proxy has its issuer's number.
    fn check_holder(&self, content: &Content) -> Result<(), Reason> {
        let malformed = Reason::Malformed;
        let holder = &content.holder;
        if holder.object_digest.is_some() {
            return Err(malformed("its holder is given by a digest"));
        }
        let id = (holder.base_certificate.as_ref()).ok_or(malformed(
            "its holder is not given by issuer and serial number",
        ))?;
        if holder.entity_name.is_some() || id.issuer_uid.is_some() {
            return Err(malformed("its holder is given in two ways"));
        }
        let (issuer, serial) = content::certificate_id(id).ok_or(malformed(
            "its holder is not given by issuer and serial number",
        ))?;
        let unusable = malformed("the user's certificate has no usable number or issuer");
        let real_serial =
            Serial::of_certificate(self.end_entity.serial_number()).ok_or(unusable.clone())?;
        let real_issuer =
            Name::of_certificate(self.end_entity.issuer_name()).ok_or(unusable.clone())?;
        let subject = Name::of_certificate(self.end_entity.subject_name()).ok_or(unusable)?;
        if serial == real_serial && (issuer == real_issuer || issuer == subject) {
            return Ok(());
        }
        Err(Reason::OtherHolder {
            issuer: issuer.shown(),
            serial: serial.to_string(),
            real_issuer: real_issuer.shown(),
            real_serial: real_serial.to_string(),
        })
    }

    fn check_dates(&self, content: &Content) -> Result<(), Reason> {
        let time = time::shown(self.time);
        if content.not_before.seconds >= self.time.saturating_add(CLOCK_SKEW) {
            let from = time::shown(content.not_before.seconds);
            return Err(Reason::NotYetValid { from, time });
        }
        if content.not_after.seconds <= self.time.saturating_sub(CLOCK_SKEW) {
            let until = time::shown(content.not_after.seconds);
            return Err(Reason::Expired { until, time });
        }
        Ok(())
    }

    fn check_targets(&self, content: &Content) -> Result<(), Reason> {
        let Some(targets) = &content.targets else {
            return Ok(());
        };
        let hostnames = &self.settings.hostnames;
        let meant = |target: &String| {
            (hostnames.iter()).any(|name| !name.is_empty() && name.eq_ignore_ascii_case(target))
        };
        if targets.iter().any(meant) {
            return Ok(());
        }
        let text = |names: &[String]| match names {
            [] => "(none)".to_owned(),
            names => {
                let text: String = names.join(", ").chars().take(256).collect();
                text.escape_default().to_string()
            }
        };
        Err(Reason::OtherHost {
            targets: text(targets),
            hostnames: text(hostnames),
        })
    }
}

/// Whether the identifier is that of the certificate's key: its SHA-1, the identifier that the
/// certificate itself has, or the certificate's issuer and number.
fn is_key_of(key: &AuthorityKey, certificate: &Certificate) -> bool {
    let x509 = certificate.x509();
    if let Some(identifier) = &key.identifier {
        let own = x509.subject_key_id().map(|id| id.as_slice());
        let digest = libcrypto::key_digest(x509);
        return own == Some(identifier) || digest.is_some_and(|digest| digest == **identifier);
    }
    let (Some(issuer), Some(serial)) = (&key.issuer, &key.serial) else {
        return false;
    };
    Name::single(issuer)
        .is_some_and(|issuer| Name::of_certificate(x509.issuer_name()).as_ref() == Some(&issuer))
        && Serial::from_contents(&serial.0) == Serial::of_certificate(x509.serial_number())
}

/// The time of verification in seconds since 1970. 0 stands for now, whatever it is relative to.
fn time_of_verification(when: When, leaf: &X509Ref) -> Result<i64, Reason> {
    let unreadable = Reason::UnusableTime("the dates of the first certificate cannot be read");
    let sum = match when {
        When::Now => 0,
        When::At(time) => time,
        When::AfterStart(offset) | When::AfterEnd(offset) => {
            let base = match when {
                When::AfterStart(_) => leaf.not_before(),
                _ => leaf.not_after(),
            };
            libcrypto::seconds(base)
                .ok_or(unreadable)?
                .checked_add(offset)
                .ok_or(Reason::UnusableTime("it is out of range"))?
        }
    };
    match sum {
        0 => {
            let now = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_err(|_| Reason::UnusableTime("the clock stands before 1970"))?;
            i64::try_from(now.as_secs()).map_err(|_| Reason::UnusableTime("it is out of range"))
        }
        ..0 => Err(Reason::UnusableTime("it lies before 1970")),
        time => Ok(time),
    }
}
