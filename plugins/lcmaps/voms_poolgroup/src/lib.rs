//! LCMAPS module `lcmaps_voms_poolgroup`: maps each FQAN of a user to a group of the pool that a
//! groupmapfile gives to it, always the same one.
#![deny(unsafe_code)]

use lc_gridmap::{Accept, Wildcards};
use lcmaps_module_support::{
    GROUP_LEASING_OPTIONS, GROUP_MAP_FILE_OPTIONS, GROUP_MAPPING_OPTIONS, GroupLeasing,
    GroupMapFile, GroupMapping, MapSearch,
};
use lcmaps_plugin::{Argument, Failure, Init, Module, Run};

/// All options, for the message about an unknown one.
const OPTIONS: [&str; 12] = {
    let [a, b, c, d] = GROUP_MAP_FILE_OPTIONS;
    let [e, f, g, h, i] = GROUP_LEASING_OPTIONS;
    let [j, k, l] = GROUP_MAPPING_OPTIONS;
    [a, b, c, d, e, f, g, h, i, j, k, l]
};

/// The module with its configuration.
#[derive(Default)]
struct VomsPoolGroup {
    map_file: GroupMapFile,
    leasing: GroupLeasing,
    mapping: GroupMapping,
}

impl VomsPoolGroup {
    fn map(&self, run: &Run<'_>) -> Result<(), Failure> {
        let file = self.map_file.open(run.log())?;
        let store = self.leasing.store()?;
        let search = MapSearch {
            log: run.log(),
            file: &file,
            wildcards: Wildcards::On,
        };
        let places = format!("{} and {}", file.path().display(), store.path().display());
        self.mapping.map(run, "a VOMS poolgroup", &places, |fqan| {
            let mapping = match search.find(fqan, Accept::Pool)? {
                Ok(mapping) => mapping,
                Err(no_match) => return Ok(Err(no_match.to_string())),
            };
            let lease = self.leasing.lease(run, fqan, mapping.pool(&file)?)?;
            Ok(lease.map_err(|no_lease| format!(": {no_lease}")))
        })
    }
}

impl Module for VomsPoolGroup {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let mut module = Self::default();
        let mut words = init.words();
        while let Some(word) = words.next() {
            if !module.map_file.take_option(word, &mut words)?
                && !module.leasing.take_option(word, &mut words)?
                && !module.mapping.take_option(word, &mut words)?
            {
                return Err(words.unknown(word, &OPTIONS).into());
            }
        }
        module.map_file.require()?;
        if let Some(remark) = module.leasing.remark() {
            init.log().info(remark);
        }
        Ok(module)
    }

    fn arguments(&self) -> &[Argument] {
        &[Argument::Fqans]
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.map(run)
    }

    /// As a run, but only leases that exist count.
    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.map(run)
    }
}

lcmaps_plugin::export_module!(VomsPoolGroup, "lcmaps_voms_poolgroup");
