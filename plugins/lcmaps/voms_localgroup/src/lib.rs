//! LCMAPS module `lcmaps_voms_localgroup`: maps the FQANs of a user to the groups that a groupmapfile
//! gives to them.
#![deny(unsafe_code)]

use lc_gridmap::{Accept, Wildcards};
use lcmaps_module_support::{
    GROUP_MAP_FILE_OPTIONS, GROUP_MAPPING_OPTIONS, GroupMapFile, GroupMapping, MapSearch,
};
use lcmaps_plugin::{Argument, Failure, Init, Module, Run};

/// All options, for the message about an unknown one.
const OPTIONS: [&str; 7] = {
    let [a, b, c, d] = GROUP_MAP_FILE_OPTIONS;
    let [e, f, g] = GROUP_MAPPING_OPTIONS;
    [a, b, c, d, e, f, g]
};

/// The module with its configuration.
#[derive(Default)]
struct VomsLocalGroup {
    map_file: GroupMapFile,
    mapping: GroupMapping,
}

impl Module for VomsLocalGroup {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let mut module = Self::default();
        let mut words = init.words();
        while let Some(word) = words.next() {
            if !module.map_file.take_option(word, &mut words)?
                && !module.mapping.take_option(word, &mut words)?
            {
                return Err(words.unknown(word, &OPTIONS).into());
            }
        }
        module.map_file.require()?;
        Ok(module)
    }

    fn arguments(&self) -> &[Argument] {
        &[Argument::Fqans]
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        let file = self.map_file.open(run.log())?;
        let search = MapSearch {
            log: run.log(),
            file: &file,
            wildcards: Wildcards::On,
        };
        let places = file.path().display().to_string();
        self.mapping.map(run, "a VOMS localgroup", &places, |fqan| {
            let found = search.find(fqan, Accept::Local)?;
            Ok(found.map(|mapping| mapping.account))
        })
    }

    /// The same as a run, which only reads.
    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.run(run)
    }
}

lcmaps_plugin::export_module!(VomsLocalGroup, "lcmaps_voms_localgroup");
