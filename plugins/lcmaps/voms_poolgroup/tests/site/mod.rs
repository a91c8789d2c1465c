//! The groups of these tests, and a site for the module.
// Each test file uses its own part of this.
#![allow(dead_code)]

use lcmaps_module_test::site::Kind;
use lcmaps_module_test::with_accounts;

pub use lcmaps_module_test::site::Site;

/// The only account.
pub const PASSWD: &str = "root:x:0:0::/root:/bin/sh\nann:x:5001:6001::/:/bin/sh\n";

/// gr01 to gr50 have the gids 6001 to 6050.
pub fn groups() -> String {
    let mut lines =
        "root:x:0:\nwheel01:x:0:\nother01:x:6101:\ngrx:x:6102:\ngrid01:x:6103:\n".to_owned();
    lines.extend((1..=50).map(|number| format!("gr{number:02}:x:{}:\n", 6000 + number)));
    lines
}

/// A groupmapfile and a groupmapdir.
pub fn site(map: &str, groups: &[&str]) -> Site {
    Site::new("lcmaps_voms_poolgroup", Kind::Groups, map).pool(groups)
}

/// Runs a test with a site and its groups.
pub fn with_site(map: &str, entries: &[&str], test: impl FnOnce(&Site)) {
    with_accounts(PASSWD, &groups(), || test(&site(map, entries)));
}
