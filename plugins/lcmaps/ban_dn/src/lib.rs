//! LCMAPS module `lcmaps_ban_dn`: refuses users whose DN is on a ban list.
#![deny(unsafe_code)]

use lcmaps_module_support::{BanList, Names};
use lcmaps_plugin::{Argument, Failure, Init, Module, Run};

/// The module with its configuration.
struct BanDn {
    list: BanList,
}

impl Module for BanDn {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let list = BanList::configure(init, Names::Dn)?;
        Ok(Self { list })
    }

    fn arguments(&self) -> &[Argument] {
        &[Argument::UserDn]
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        let dn = run.settle_dn()?;
        self.list
            .open(run.log())?
            .admit(run.log(), "DN", dn.to_bytes())
    }

    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.run(run)
    }
}

lcmaps_plugin::export_module!(BanDn, "lcmaps_ban_dn");
