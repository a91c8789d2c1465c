//! LCMAPS module `lcmaps_voms`: does nothing, and succeeds. It read VOMS attributes once, which the
//! library does itself; policy files still name it.
#![deny(unsafe_code)]

use lcmaps_plugin::{Failure, Init, Module, Run};

/// The module. It has no configuration.
struct Voms;

impl Module for Voms {
    /// Takes any words: they told the module where to find files that the library finds without.
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        init.log().warning(
            "plugin is deprecated, remove it from policy: it does nothing, and its options have no effect",
        );
        Ok(Self)
    }

    fn run(&self, _run: &Run<'_>) -> Result<(), Failure> {
        Ok(())
    }

    fn verify(&self, _run: &Run<'_>) -> Result<(), Failure> {
        Ok(())
    }
}

lcmaps_plugin::export_module!(Voms, "lcmaps_voms");
