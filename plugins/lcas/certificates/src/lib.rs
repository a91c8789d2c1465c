//! VOMS attributes of the user, for LCAS modules: from the host's certificates to verified names.
#![deny(unsafe_code)]

mod host;

use std::sync::Arc;

use lc_gacl::VomsAttribute;
use lc_voms::{Checks, Settings, When};
use lc_x509::Verifier;
use lcas_module_support::{AttributeOptions, VomsUser};
use lcas_plugin::{Credential, Failure, Logger, Shown};

/// Reads and verifies the VOMS attributes of users.
pub struct AttributeReader {
    settings: Settings,
}

impl AttributeReader {
    /// A reader with these directories.
    ///
    /// # Errors
    /// The environment names a directory that cannot be meant.
    pub fn new(options: &AttributeOptions, log: Logger) -> Result<Self, Failure> {
        for finding in options.findings() {
            if let Some(folder) = &finding.file {
                log.warning(format_args!("{}: {}", folder.display(), finding.text));
            }
        }
        lc_shared_signatures::share();
        let verifier = Verifier::new(options.certdir()?, lc_x509::Settings::default());
        Ok(Self {
            settings: Settings {
                vomsdir: options.vomsdir()?,
                authorities: Arc::new(verifier),
                checks: Checks::all(),
                when: When::Now,
                hostnames: hostname().into_iter().collect(),
            },
        })
    }

    /// DN and attributes of a user. The application has verified the certificates; that they belong together and to
    /// the DN, and who signed the attributes, is verified here.
    ///
    /// # Errors
    /// There are no certificates, or they do not belong together, or an attribute certificate does not hold: what
    /// the user is in his VO is not known then, and nothing that depends on it can be decided.
    pub fn user(&self, credential: &Credential<'_>, log: Logger) -> Result<VomsUser, Failure> {
        let chain = host::chain(credential)?;
        let dn = chain.dn();
        if let Some(stated) = credential.dn()
            && stated != dn
        {
            return Err(Failure::refused(format_args!(
                "the certificates are those of \"{}\", but the user is called \"{}\"",
                Shown(dn.to_bytes()),
                Shown(stated.to_bytes())
            )));
        }
        let outcome = lc_voms::attributes(&chain, &self.settings);
        if let Some(refused) = outcome.refused.first() {
            for refused in &outcome.refused {
                log.notice(refused);
            }
            return Err(Failure::refused(format_args!(
                "the VOMS attributes of the user cannot be relied on: {refused}"
            )));
        }
        let mut attributes = Vec::new();
        for certificate in outcome.granted() {
            attributes.extend(certificate.fqans.iter().map(|fqan| VomsAttribute {
                fqan: fqan.clone(),
                server: Some(certificate.issuer.clone().into_bytes()),
            }));
        }
        Ok(VomsUser {
            dn: Some(dn.to_bytes().to_vec()),
            attributes,
        })
    }
}

/// This host's name, for attributes that are meant for some hosts only.
fn hostname() -> Option<String> {
    nix::unistd::gethostname().ok()?.into_string().ok()
}
