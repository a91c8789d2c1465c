//! The accounts of these tests, and a site for the module.
// Each test file uses its own part of this.
#![allow(dead_code)]

use lcmaps_module_test::site::Kind;
use lcmaps_module_test::with_accounts;

pub use lcmaps_module_test::site::Site;

/// pa001 to pa050 have the uids 5001 to 5050 in group 6000, pb001 to pb009 5101 to 5109 in 6001.
pub fn passwd() -> String {
    let mut lines = "root:x:0:0::/root:/bin/sh\ntoor01:x:0:0::/root:/bin/sh\n".to_owned();
    lines.extend(
        (1..=50).map(|number| format!("pa{number:03}:x:{}:6000::/:/bin/sh\n", 5000 + number)),
    );
    lines.extend(
        (1..=9).map(|number| format!("pb{number:03}:x:{}:6001::/:/bin/sh\n", 5100 + number)),
    );
    lines
}

/// The groups of [`passwd`], and those that modules before this one map to.
pub const GROUP: &str =
    "root:x:0:\npa:x:6000:\npb:x:6001:\nextra:x:6002:pa001\natlas:x:6003:\ncms:x:6004:\n";

/// A grid-mapfile and a gridmapdir.
pub fn site(map: &str, accounts: &[&str]) -> Site {
    Site::new("lcmaps_voms_poolaccount", Kind::Accounts, map).pool(accounts)
}

/// Runs a test with a site and its accounts.
pub fn with_site(map: &str, accounts: &[&str], test: impl FnOnce(&Site)) {
    with_accounts(&passwd(), GROUP, || test(&site(map, accounts)));
}
