//! What the module leaves in memory.

use lcmaps_module_test::assert_nothing_stays;
use lcmaps_module_test::recording::Arguments;
use lcmaps_module_test::site::{Kind, Site};

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    let site = Site::new("lcmaps_localaccount", Kind::Accounts, "\"/CN=a\" daemon\n");
    let words = site.words();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let strangers = [Arguments::dn("/CN=b"), Arguments::dn("/CN=b")];
    assert_nothing_stays("lcmaps_localaccount", &words, &strangers);
}
