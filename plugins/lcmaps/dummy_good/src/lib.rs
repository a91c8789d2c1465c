//! LCMAPS module `lcmaps_dummy_good`: always succeeds, and maps to the ids in its configuration.
#![deny(unsafe_code)]

mod options;

use std::ffi::CString;

use lcmaps_plugin::{Failure, Init, Module, Run};

use crate::options::Ids;

/// What the configuration gives to everybody.
struct DummyGood(Ids);

impl Module for DummyGood {
    const LABEL: Option<&'static str> = Some("good");

    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        Ids::from_words(init.words()).map(Self)
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        let ids = &self.0;
        if let Some(uid) = ids.uid {
            run.add_uid(uid)?;
        }
        if let Some(gid) = ids.gid {
            run.add_primary_gid(gid)?;
        }
        if let Some(gid) = ids.secondary_gid {
            run.add_secondary_gid(gid)?;
        }
        if let (Some(uid), Some(gid)) = (ids.uid, ids.gid) {
            let index = CString::new(format!("dummy%20{uid}%20{gid}"))?;
            run.set_pool_index(&index)?;
        }
        Ok(())
    }

    fn verify(&self, _run: &Run<'_>) -> Result<(), Failure> {
        Ok(())
    }
}

lcmaps_plugin::export_module!(DummyGood, "lcmaps_dummy_good");
