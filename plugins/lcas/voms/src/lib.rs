//! LCAS module `lcas_voms`: lets users in whose VOMS attributes a policy allows.
#![deny(unsafe_code)]

use lcas_module_certificates::AttributeReader;
use lcas_module_support::VomsOptions;
use lcas_plugin::{Credential, Failure, Granted, Init, Module, Request};

/// The module with its configuration.
struct Voms {
    options: VomsOptions,
    reader: AttributeReader,
}

impl Module for Voms {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let options = VomsOptions::configure(init.words(), &|name| init.find_file(name))?;
        for finding in options.policy().findings() {
            init.log().warning(finding);
        }
        let reader = AttributeReader::new(options.attributes(), init.log())?;
        Ok(Self { options, reader })
    }

    fn confirm(
        &self,
        request: &Request<'_>,
        credential: &Credential<'_>,
    ) -> Result<Granted, Failure> {
        let user = self.reader.user(credential, request.log())?;
        self.options.policy().admit(&user).map(Granted::because)
    }
}

lcas_plugin::export_module!(Voms, "lcas_voms", certificates);
