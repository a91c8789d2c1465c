//! A module that wants certificates, for the tests of the SDK.
#![deny(unsafe_code)]

use lcas_plugin::{Credential, Failure, Granted, Init, Module, Request};

struct Toy;

impl Module for Toy {
    fn initialize(_: &Init<'_>) -> Result<Self, Failure> {
        Ok(Self)
    }

    fn confirm(&self, _: &Request<'_>, credential: &Credential<'_>) -> Result<Granted, Failure> {
        let certificates = credential
            .certificates()
            .ok_or_else(|| Failure::error("there are no certificates"))?;
        Ok(Granted::because(format_args!(
            "leaf {:?}, chain {:?}",
            certificates.leaf(),
            certificates.chain()
        )))
    }
}

lcas_plugin::export_module!(Toy, "lcas_toy_x509", certificates);
