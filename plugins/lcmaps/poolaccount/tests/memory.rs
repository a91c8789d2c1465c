//! What the module leaves in memory.

use lcmaps_module_test::assert_nothing_stays;
use lcmaps_module_test::recording::Arguments;
use lcmaps_module_test::site::{Kind, Site};

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    let map = "\"/CN=a\" .daemon\n";
    let site = Site::new("lcmaps_poolaccount", Kind::Accounts, map).pool(&["daemon"]);
    let words = site.words();
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.extend(["-strict_poolprefix_match", "no"]);
    let strangers = [Arguments::dn("/CN=b"), Arguments::dn("/CN=b")];
    assert_nothing_stays("lcmaps_poolaccount", &words, &strangers);
}
