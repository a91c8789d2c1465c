//! LCMAPS module `lcmaps_dummy_bad`: always fails. The end of a policy branch that must not
//! succeed, and a stand-in while a policy is being written.
#![deny(unsafe_code)]

use lcmaps_plugin::{Failure, Init, Level, Module, Run};

/// Has no configuration; words are ignored.
struct DummyBad;

impl DummyBad {
    fn fail() -> Result<(), Failure> {
        Err(Failure::at(Level::Info, "fails, as it always does"))
    }
}

impl Module for DummyBad {
    const LABEL: Option<&'static str> = Some("bad");

    fn initialize(_init: &Init<'_>) -> Result<Self, Failure> {
        Ok(Self)
    }

    fn run(&self, _run: &Run<'_>) -> Result<(), Failure> {
        Self::fail()
    }

    fn verify(&self, _run: &Run<'_>) -> Result<(), Failure> {
        Self::fail()
    }
}

lcmaps_plugin::export_module!(DummyBad, "lcmaps_dummy_bad");
