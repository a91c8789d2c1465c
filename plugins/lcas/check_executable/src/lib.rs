//! LCAS module `lcas_check_executable`: lets in requests that run listed programs only.
#![deny(unsafe_code)]

use lcas_module_support::{Executables, Request as Job};
use lcas_plugin::{Credential, Failure, Granted, Init, Module, Request, Shown};

/// The module with its configuration.
struct CheckExecutable {
    executables: Executables,
}

impl Module for CheckExecutable {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let executables = Executables::configure(init.words())?;
        for finding in executables.findings() {
            init.log().warning(finding);
        }
        Ok(Self { executables })
    }

    fn confirm(&self, request: &Request<'_>, _: &Credential<'_>) -> Result<Granted, Failure> {
        let text = request.text().ok_or_else(|| {
            Failure::refused("there is no request: the application does not say what is to be run")
        })?;
        let job = Job::read(text.to_bytes())?;
        let programs: Vec<_> = (self.executables.admit(&job)?.into_iter())
            .map(|path| Shown(path).to_string())
            .collect();
        Ok(Granted::because(format_args!(
            "{} may be run",
            programs.join(", ")
        )))
    }
}

lcas_plugin::export_module!(CheckExecutable, "lcas_check_executable");
