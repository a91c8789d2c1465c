//! LCMAPS module `lcmaps_localaccount`: maps a DN to the account that a grid-mapfile gives to it.
#![deny(unsafe_code)]

use lc_gridmap::{Accept, Wildcards};
use lc_os::Account;
use lcmaps_module_support::{
    AccountGids, MAP_FILE_OPTIONS, MapFileSource, MapSearch, OwnAccount, Request, adopt,
    find_account,
};
use lcmaps_plugin::{Argument, Failure, Init, Module, Run, Shown};

/// The module with its configuration.
struct LocalAccount {
    map_file: MapFileSource,
}

impl LocalAccount {
    /// The account of the user in a file, or the user's own when there is none.
    fn account(&self, run: &Run<'_>, dn: &[u8], request: &Request) -> Result<Account, Failure> {
        let Some(file) = self.map_file.open(OwnAccount::Allowed)? else {
            return own_account(run, request);
        };
        let accept = request
            .name()
            .map_or(Accept::Local, |name| Accept::Exactly(name.to_bytes()));
        // Names are compared letter by letter: an asterisk is an asterisk.
        let search = MapSearch {
            log: run.log(),
            file: &file,
            wildcards: Wildcards::Off,
        };
        match search.find(dn, accept)? {
            Ok(mapping) => find_account(request, &mapping.account),
            Err(no_match) => {
                let what = match request.name() {
                    Some(name) => format!("requested localaccount {}", Shown(name.to_bytes())),
                    None => "a localaccount".to_owned(),
                };
                Err(no_match.refuse(what, dn, file.path().display()))
            }
        }
    }
}

/// A user without a grid-mapfile who runs a service maps everybody to himself.
fn own_account(run: &Run<'_>, request: &Request) -> Result<Account, Failure> {
    let account = lc_os::own_account()?.ok_or_else(|| {
        Failure::error("there is no grid-mapfile, and the calling user has no account")
    })?;
    let name = Shown(account.name.to_bytes());
    run.log().named("lcmaps_gridmapfile").notice(format_args!(
        "no grid-mapfile: will use own account \"{name}\" as default"
    ));
    request.accept(&account)?;
    Ok(account)
}

impl Module for LocalAccount {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let mut map_file = MapFileSource::default();
        let mut words = init.words();
        while let Some(word) = words.next() {
            if !map_file.take_option(word, &mut words)? {
                return Err(words.unknown(word, &MAP_FILE_OPTIONS).into());
            }
        }
        if let Some(remark) = map_file.remark() {
            init.log().info(remark);
        }
        Ok(Self { map_file })
    }

    fn arguments(&self) -> &[Argument] {
        &[
            Argument::UserDn,
            Argument::RequestedUsername,
            Argument::RequestedUid,
        ]
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        let dn = run.settle_dn()?;
        let request = Request::of(run)?;
        let account = self.account(run, dn.to_bytes(), &request)?;
        adopt(run, &account, AccountGids::ALL)
    }

    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.run(run)
    }
}

lcmaps_plugin::export_module!(LocalAccount, "lcmaps_localaccount");
