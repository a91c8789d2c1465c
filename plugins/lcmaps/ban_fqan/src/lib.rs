//! LCMAPS module `lcmaps_ban_fqan`: refuses users one of whose FQANs is on a ban list.
#![deny(unsafe_code)]

use lcmaps_module_support::{BanList, Names};
use lcmaps_plugin::{Argument, Failure, Init, Module, Run};

/// The module with its configuration.
struct BanFqan {
    list: BanList,
}

impl Module for BanFqan {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let list = BanList::configure(init, Names::Fqan)?;
        Ok(Self { list })
    }

    fn arguments(&self) -> &[Argument] {
        &[Argument::Fqans]
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        let fqans = run.settle_fqans();
        if fqans.is_empty() {
            // Whatever the list says, it says nothing about a user without attributes.
            run.log().info("the user has no FQANs, so none is banned");
            return Ok(());
        }
        // All of them are held against one state of the file.
        let list = self.list.open(run.log())?;
        fqans
            .iter()
            .try_for_each(|fqan| list.admit(run.log(), "FQAN", fqan.to_bytes()))
    }

    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.run(run)
    }
}

lcmaps_plugin::export_module!(BanFqan, "lcmaps_ban_fqan");
