//! LCMAPS module `lcmaps_poolaccount`: maps a DN to an account of the pool that a grid-mapfile gives
//! to it, always the same one.
#![deny(unsafe_code)]

use lc_gridmap::{Accept, Wildcards};
use lc_leases::LeaseName;
use lcmaps_module_support::{
    AccountGids, LEASING_OPTIONS, Leasing, MAP_FILE_OPTIONS, MapFileSource, MapSearch, OwnAccount,
    Request, is_one_of,
};
use lcmaps_plugin::{Argument, Failure, Init, Module, Run, Shown};

/// The options that make an asterisk in the grid-mapfile an asterisk.
const WILDCARD_OPTIONS: [&str; 5] = [
    "-no_wildcard",
    "-disablewildcard",
    "-disablewildcards",
    "--disablewildcard",
    "--disablewildcards",
];

/// All options, for the message about an unknown one.
const OPTIONS: [&str; 15] = {
    let [a, b, c, d] = MAP_FILE_OPTIONS;
    let [e, f, g, h, i, j] = LEASING_OPTIONS;
    let [k, l, m, n, o] = WILDCARD_OPTIONS;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o]
};

/// The module with its configuration.
struct PoolAccount {
    map_file: MapFileSource,
    wildcards: Wildcards,
    leasing: Leasing,
}

impl PoolAccount {
    fn map(&self, run: &Run<'_>) -> Result<(), Failure> {
        let dn = run.settle_dn()?;
        let dn = dn.to_bytes();
        let request = Request::of(run)?;
        let what = || match request.name() {
            Some(name) => format!("requested poolaccount {}", Shown(name.to_bytes())),
            None => "a poolaccount".to_owned(),
        };
        let Some(file) = self.map_file.open(OwnAccount::Refused)? else {
            return Err(Failure::error("there is no grid-mapfile"));
        };
        let store = self.leasing.store()?;
        let places = format!("{} and {}", file.path().display(), store.path().display());
        let search = MapSearch {
            log: run.log(),
            file: &file,
            wildcards: self.wildcards,
        };
        let mapping = match search.find(dn, Accept::Pool)? {
            Ok(mapping) => mapping,
            Err(no_match) => return Err(no_match.refuse(what(), dn, places)),
        };
        let pool = mapping.pool(&file)?;
        let name = |counter| LeaseName::with_map_counter(dn, counter);
        match self.leasing.lease(run, dn, pool, &request, name)? {
            Ok(lease) => lease.adopt(run, &request, AccountGids::ALL),
            Err(no_lease) => {
                let (what, dn) = (what(), Shown(dn));
                Err(Failure::refused(format_args!(
                    "No match for {what} for user \"{dn}\", in {places}: {no_lease}"
                )))
            }
        }
    }
}

impl Module for PoolAccount {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let mut module = Self {
            map_file: MapFileSource::default(),
            wildcards: Wildcards::On,
            leasing: Leasing::default(),
        };
        let mut words = init.words();
        while let Some(word) = words.next() {
            if is_one_of(word, &WILDCARD_OPTIONS) {
                module.wildcards = Wildcards::Off;
            } else if !module.map_file.take_option(word, &mut words)?
                && !module.leasing.take_option(word, &mut words)?
            {
                return Err(words.unknown(word, &OPTIONS).into());
            }
        }
        if let Some(remark) = module.map_file.remark() {
            init.log().info(remark);
        }
        if let Some(remark) = module.leasing.remark() {
            init.log().info(remark);
        }
        Ok(module)
    }

    fn arguments(&self) -> &[Argument] {
        &[
            Argument::UserDn,
            Argument::MapCounter,
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

lcmaps_plugin::export_module!(PoolAccount, "lcmaps_poolaccount");
