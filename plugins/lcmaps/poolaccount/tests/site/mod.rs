//! The accounts of these tests, and a site for the module.
// Each test file uses its own part of this.
#![allow(dead_code)]

use lcmaps_module_test::site::Kind;
use lcmaps_module_test::with_accounts;

pub use lcmaps_module_test::site::Site;

/// pool001 to pool050 have the uids 5001 to 5050, all in group 6000.
pub fn passwd() -> String {
    let mut lines = "root:x:0:0::/root:/bin/sh\ntoor01:x:0:0::/root:/bin/sh\n".to_owned();
    lines.push_str("other001:x:5101:6001::/:/bin/sh\npoolx:x:5102:6000::/:/bin/sh\npoolside01:x:5103:6000::/:/bin/sh\n");
    lines.extend(
        (1..=50).map(|number| format!("pool{number:03}:x:{}:6000::/:/bin/sh\n", 5000 + number)),
    );
    lines
}

/// The groups of [`passwd`].
pub const GROUP: &str = "root:x:0:\npool:x:6000:\nother:x:6001:\nextra:x:6002:pool001\n";

/// A grid-mapfile and a gridmapdir.
pub fn site(map: &str, accounts: &[&str]) -> Site {
    Site::new("lcmaps_poolaccount", Kind::Accounts, map).pool(accounts)
}

/// Runs a test with a site and its accounts.
pub fn with_site(map: &str, accounts: &[&str], test: impl FnOnce(&Site)) {
    with_accounts(&passwd(), GROUP, || test(&site(map, accounts)));
}
