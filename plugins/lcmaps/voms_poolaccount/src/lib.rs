//! LCMAPS module `lcmaps_voms_poolaccount`: maps the FQANs of a user to an account of the pool that a
//! grid-mapfile gives to them. The user has one account for each set of groups.
#![deny(unsafe_code)]

mod options;

use std::ffi::{CStr, CString};

use lc_gridmap::{Accept, Wildcards};
use lc_leases::LeaseName;
use lcmaps_module_support::{MapSearch, Misses, OwnAccount, Request, fqans_of, group_names};
use lcmaps_plugin::{Argument, Failure, Init, Mode, Module, Run, Shown};

use options::Options;

/// The module with its configuration.
struct VomsPoolAccount(Options);

impl VomsPoolAccount {
    fn map(&self, run: &Run<'_>) -> Result<(), Failure> {
        let options = &self.0;
        let dn = run.settle_dn()?;
        let dn = dn.to_bytes();
        let fqans = fqans_of(run)?;
        let request = Request::of(run)?;
        let counter = options.leasing.map_counter(run)?;
        let groups = self.groups(run)?;
        let groups: Vec<&[u8]> = groups.iter().map(|name| CStr::to_bytes(name)).collect();
        let name = |counter| LeaseName::with_groups_and_map_counter(dn, &groups, counter);
        let Some(file) = options.map_file.open(OwnAccount::Refused)? else {
            return Err(Failure::error("there is no grid-mapfile"));
        };
        let store = options.leasing.store()?;
        let search = MapSearch {
            log: run.log(),
            file: &file,
            wildcards: Wildcards::On,
        };
        let mut misses = Misses::default();
        for fqan in fqans.iter().map(|fqan| fqan.to_bytes()) {
            let mapping = match search.find(fqan, Accept::Pool)? {
                Ok(mapping) => mapping,
                Err(no_match) => {
                    misses.add(fqan, no_match);
                    continue;
                }
            };
            let pool = mapping.pool(&file)?;
            match options.leasing.lease(run, dn, pool, &request, name)? {
                Ok(lease) => return lease.adopt(run, &request, options.gids),
                Err(no_lease) => {
                    misses.add(fqan, format_args!(": {no_lease}"));
                    // A user may wish for an account of the pool that comes first for him, not for
                    // one of another pool. He may have one of those though, from a time when the
                    // first pool was full, and an application may have it verified.
                    if run.mode() == Mode::Run && no_lease.is_of_another_pool() {
                        break;
                    }
                }
            }
        }
        let what = match request.name() {
            Some(name) => format!("requested poolaccount {}", Shown(name.to_bytes())),
            None => "a VOMS poolaccount".to_owned(),
        };
        let counter = if counter == 0 {
            String::new()
        } else {
            format!(", mapcount={counter}")
        };
        Err(Failure::refused(format_args!(
            "No match for {what} for any of the FQANs of user \"{}\"{counter}, in {} and {}: {misses}",
            Shown(dn),
            file.path().display(),
            store.path().display()
        )))
    }

    /// The names of the groups that make the user's lease another one.
    fn groups(&self, run: &Run<'_>) -> Result<Vec<CString>, Failure> {
        let primary = run.registered_primary_gids();
        if primary.is_empty() && self.0.groups.primary_required {
            return Err(Failure::refused(
                "no primary group found, and option --require-primary-gid demands one: \
                 let a module that maps to groups come first",
            ));
        }
        if primary.len() > 1 {
            run.log().warning(format_args!(
                "{} primary groups found; all of them become part of the lease's name",
                primary.len()
            ));
        }
        let secondary = if self.0.groups.secondary {
            run.registered_secondary_gids()
        } else {
            Vec::new()
        };
        group_names(&primary, &secondary)
    }
}

impl Module for VomsPoolAccount {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        Options::read(init).map(Self)
    }

    fn arguments(&self) -> &[Argument] {
        &[
            Argument::UserDn,
            Argument::Fqans,
            Argument::MapCounter,
            Argument::RequestedUid,
            Argument::RequestedUsername,
        ]
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.map(run)
    }

    /// As a run, but only a lease that exists counts.
    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.map(run)
    }
}

lcmaps_plugin::export_module!(VomsPoolAccount, "lcmaps_voms_poolaccount");
