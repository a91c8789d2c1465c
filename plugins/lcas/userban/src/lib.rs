//! LCAS module `lcas_userban`: refuses users who are listed.
#![deny(unsafe_code)]

use lcas_module_support::{DEFAULT_BAN_LIST, DnList, Listed, Listing};
use lcas_plugin::{Credential, Failure, Granted, Init, Module, Request, Shown};

/// The module with its configuration.
struct UserBan {
    list: DnList,
}

impl Module for UserBan {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let default = || init.find_file(DEFAULT_BAN_LIST);
        let list = DnList::configure(Listing::Bans, init.words(), default, &|name| {
            init.find_file(name)
        })?;
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
            None => Ok(Granted::because(format_args!(
                "\"{}\" is not in {}",
                Shown(dn),
                self.list.path().display()
            ))),
            Some(Listed {
                path,
                line,
                pattern,
            }) => Err(Failure::refused(format_args!(
                "\"{}\" is banned by {}:{line}, \"{}\"",
                Shown(dn),
                path.display(),
                Shown(&pattern)
            ))),
        }
    }
}

lcas_plugin::export_module!(UserBan, "lcas_userban");
