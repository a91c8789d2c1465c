//! LCAS module `lcas_userallow`: lets in users who are listed.
#![deny(unsafe_code)]

use lcas_module_support::{DnList, Listed, Listing, default_map_file};
use lcas_plugin::{Credential, Failure, Granted, Init, Module, Request, Shown};

/// The module with its configuration.
struct UserAllow {
    list: DnList,
}

impl Module for UserAllow {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let find = |name: &std::ffi::CStr| init.find_file(name);
        let list = DnList::configure(Listing::Allows, init.words(), default_map_file, &find)?;
        for finding in list.findings() {
            init.log().warning(finding);
        }
        Ok(Self { list })
    }

    fn confirm(&self, _: &Request<'_>, credential: &Credential<'_>) -> Result<Granted, Failure> {
        let dn = credential
            .dn()
            .map(std::ffi::CStr::to_bytes)
            .filter(|dn| !dn.is_empty())
            .ok_or_else(|| Failure::refused("the user has no DN"))?;
        match self.list.find(dn)? {
            Some(Listed {
                path,
                line,
                pattern,
            }) => Ok(Granted::because(format_args!(
                "\"{}\" is listed in {}:{line}, \"{}\"",
                Shown(dn),
                path.display(),
                Shown(&pattern)
            ))),
            None => Err(Failure::refused(format_args!(
                "\"{}\" is not in {}",
                Shown(dn),
                self.list.path().display()
            ))),
        }
    }
}

lcas_plugin::export_module!(UserAllow, "lcas_userallow");
