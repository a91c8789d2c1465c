//! LCMAPS module `lcmaps_voms_localaccount`: maps the FQANs of a user to the account that a
//! grid-mapfile gives to the first of them that it has.
#![deny(unsafe_code)]

use lc_gridmap::{Accept, Wildcards};
use lcmaps_module_support::{
    AccountGids, GID_OPTIONS, GidOptions, MAP_FILE_OPTIONS, MapFileSource, MapSearch, Misses,
    OwnAccount, Request, adopt, find_account, fqans_of,
};
use lcmaps_plugin::{Argument, Failure, Init, Module, Run, Shown};

/// All options, for the message about an unknown one.
const OPTIONS: [&str; 13] = {
    let [a, b, c, d] = MAP_FILE_OPTIONS;
    let [e, f, g, h, i, j, k, l, m] = GID_OPTIONS;
    [a, b, c, d, e, f, g, h, i, j, k, l, m]
};

/// The module with its configuration.
struct VomsLocalAccount {
    map_file: MapFileSource,
    gids: AccountGids,
}

impl VomsLocalAccount {
    fn map(&self, run: &Run<'_>) -> Result<(), Failure> {
        let fqans = fqans_of(run)?;
        let request = Request::of(run)?;
        let Some(file) = self.map_file.open(OwnAccount::Refused)? else {
            return Err(Failure::error("there is no grid-mapfile"));
        };
        let search = MapSearch {
            log: run.log(),
            file: &file,
            wildcards: Wildcards::On,
        };
        let accept = request
            .name()
            .map_or(Accept::Local, |name| Accept::Exactly(name.to_bytes()));
        let mut misses = Misses::default();
        for fqan in &fqans {
            match search.find(fqan.to_bytes(), accept)? {
                Ok(mapping) => {
                    let account = find_account(&request, &mapping.account)?;
                    return adopt(run, &account, self.gids);
                }
                Err(no_match) => misses.add(fqan.to_bytes(), no_match),
            }
        }
        let what = match request.name() {
            Some(name) => format!("requested localaccount {}", Shown(name.to_bytes())),
            None => "a VOMS localaccount".to_owned(),
        };
        let path = file.path().display();
        Err(Failure::refused(format_args!(
            "No match for {what} for any of the FQANs, in {path}: {misses}"
        )))
    }
}

impl Module for VomsLocalAccount {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let mut map_file = MapFileSource::default();
        let mut gids = GidOptions::default();
        let mut words = init.words();
        while let Some(word) = words.next() {
            if !map_file.take_option(word, &mut words)? && !gids.take_option(word)? {
                return Err(words.unknown(word, &OPTIONS).into());
            }
        }
        if let Some(remark) = map_file.remark() {
            init.log().info(remark);
        }
        Ok(Self {
            map_file,
            gids: gids.over(AccountGids::ALL),
        })
    }

    fn arguments(&self) -> &[Argument] {
        &[
            Argument::Fqans,
            Argument::RequestedUid,
            Argument::RequestedUsername,
        ]
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.map(run)
    }

    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.map(run)
    }
}

lcmaps_plugin::export_module!(VomsLocalAccount, "lcmaps_voms_localaccount");
