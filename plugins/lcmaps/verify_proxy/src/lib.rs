//! LCMAPS module `lcmaps_verify_proxy`: lets in only users whose certificate chain holds.
#![deny(unsafe_code)]

mod attributes;
mod host;
mod options;

use std::time::SystemTime;

use lc_x509::{Certificate, Chain, KeyMatch, Kind, Verified, Verifier};
use lcmaps_plugin::{Argument, Failure, Init, Logger, Module, Run, Shown};

use host::NoChain;
use options::{LimitedProxies, Options};

/// The module with its configuration.
struct VerifyProxy {
    options: Options,
    verifier: Verifier,
}

impl VerifyProxy {
    fn chain(&self, run: &Run<'_>) -> Result<Chain, Failure> {
        let chain = host::chain(run).map_err(|reason| match reason {
            NoChain::None => Failure::refused(
                "there is no certificate chain: the application handed over a name only",
            ),
            NoChain::Unlinked(error) => Failure::refused(error),
        })?;
        if !host::leaf_is_first(run, &chain) {
            return Err(Failure::refused(
                "the certificate of the user is not the first one of the chain",
            ));
        }
        // With a GSS credential the application may state a name of its own.
        let stated = run.user_dn().filter(|_| run.gss_credential().is_none());
        if let Some(dn) = stated
            && dn != chain.dn()
        {
            return Err(Failure::refused(format_args!(
                "the certificates are those of \"{}\", but the user is to be mapped as \"{}\"",
                Shown(chain.dn().to_bytes()),
                Shown(dn.to_bytes())
            )));
        }
        Ok(chain)
    }

    /// Whether the sender has the private key of the first certificate.
    fn private_key(&self, pem: Option<&[u8]>, leaf: &Certificate) -> Result<(), Failure> {
        let Some(pem) = pem else {
            return self.no_key("the application handed over no PEM text");
        };
        match leaf.key_in(pem) {
            KeyMatch::Belongs => Ok(()),
            KeyMatch::Foreign => Err(Failure::refused(format_args!(
                "the private key is not that of the first certificate, {}",
                leaf.shown_subject()
            ))),
            KeyMatch::Absent => self.no_key("there is none in the PEM text"),
            KeyMatch::Encrypted => self.no_key("the one in the PEM text is encrypted"),
            KeyMatch::Damaged => self.no_key("the one in the PEM text is damaged"),
        }
    }

    fn no_key(&self, reason: &str) -> Result<(), Failure> {
        if self.options.key_may_be_absent {
            return Ok(());
        }
        Err(Failure::refused(format_args!(
            "no private key: {reason}; --discard_private_key_absence would accept that"
        )))
    }

    fn limited(&self, chain: &Chain) -> Result<(), Failure> {
        let limited = |certificate: &Certificate| matches!(certificate.kind(), Ok(Kind::Proxy(proxy)) if proxy.is_limited());
        match self.options.limited {
            LimitedProxies::Allowed => Ok(()),
            LimitedProxies::Refused => match chain.proxies().iter().find(|one| limited(one)) {
                None => Ok(()),
                Some(proxy) => Err(Failure::refused(format_args!(
                    "limited proxies are not let in here: {}",
                    proxy.shown_subject()
                ))),
            },
            LimitedProxies::Required => match chain.linked().first() {
                Some(leaf) if limited(leaf) => Ok(()),
                _ => Err(Failure::refused(
                    "only limited proxies are let in here, and the first certificate is none",
                )),
            },
        }
    }
}

/// Tells what was found, certificate by certificate.
fn describe(log: Logger, verified: &Verified) {
    let depth_of_end_entity = verified.path().len() - verified.authorities().len() - 1;
    for (depth, certificate) in verified.path().iter().enumerate().rev() {
        let subject = certificate.shown_subject();
        match certificate.kind() {
            Ok(Kind::Authority) => {
                log.info(format_args!("Cert at depth {depth} is a CA: \"{subject}\""));
            }
            Ok(Kind::Proxy(proxy)) => log.info(format_args!(
                "Cert at depth {depth} (proxylevel {level}) is a {proxy}: \"{subject}\"",
                level = depth_of_end_entity - depth - 1,
            )),
            _ => log.info(format_args!(
                "Cert at depth {depth} is an EEC: \"{subject}\""
            )),
        }
    }
    for warning in verified.warnings() {
        log.warning(warning);
    }
}

impl Module for VerifyProxy {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let options = Options::read(init)?;
        lc_shared_signatures::share();
        let verifier = Verifier::new(&options.folder, options.settings);
        Ok(Self { options, verifier })
    }

    fn arguments(&self) -> &[Argument] {
        &[
            Argument::UserDn,
            Argument::LeafCertificate,
            Argument::CertificateChain,
            Argument::GssCredential,
            Argument::VomsData,
            Argument::Pem,
        ]
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        let now = SystemTime::now();
        let chain = self.chain(run)?;
        if !self.options.only_lifetimes {
            let verified = self
                .verifier
                .verify(&chain, now)
                .map_err(Failure::refused)?;
            describe(run.log(), &verified);
            if let Some(leaf) = chain.linked().first() {
                self.private_key(run.pem().map(std::ffi::CStr::to_bytes), leaf)?;
            }
        }
        self.limited(&chain)?;
        (self.options.lifetimes.check(&chain)).map_err(Failure::refused)?;
        if let Some(limit) = self.options.longest_attributes {
            attributes::check(run.voms(), limit, now)?;
        }
        Ok(())
    }

    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.run(run)
    }
}

lcmaps_plugin::export_module!(VerifyProxy, "lcmaps_verify_proxy");
