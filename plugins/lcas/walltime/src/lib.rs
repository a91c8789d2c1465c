//! LCAS module `lcas_walltime`: lets in requests that ask for no more wall-clock time than the user is granted.
#![deny(unsafe_code)]

use lcas_module_certificates::AttributeReader;
use lcas_module_support::walltime::{WallTime, wanted};
use lcas_plugin::{Credential, Failure, Granted, Init, Module, Request};

/// The module with its configuration.
struct WallTimeLimit {
    rule: WallTime,
    /// Where attributes have limits.
    reader: Option<AttributeReader>,
}

impl Module for WallTimeLimit {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let rule = WallTime::configure(init.words(), &|name| init.find_file(name))?;
        for finding in rule.findings() {
            init.log().warning(finding);
        }
        let reader = if rule.wants_attributes() {
            Some(AttributeReader::new(rule.attributes(), init.log())?)
        } else {
            None
        };
        Ok(Self { rule, reader })
    }

    fn confirm(
        &self,
        request: &Request<'_>,
        credential: &Credential<'_>,
    ) -> Result<Granted, Failure> {
        let wanted = wanted(request.text().map(std::ffi::CStr::to_bytes))?;
        let limit = match &self.reader {
            Some(reader) => {
                let user = reader.user(credential, request.log())?;
                let names = user.names();
                self.rule.limit(names.iter().map(Vec::as_slice))?
            }
            None => {
                let dn = credential.dn().map(std::ffi::CStr::to_bytes);
                self.rule.limit(dn.into_iter())?
            }
        };
        self.rule.admit(wanted, &limit).map(Granted::because)
    }
}

lcas_plugin::export_module!(WallTimeLimit, "lcas_walltime", certificates);
