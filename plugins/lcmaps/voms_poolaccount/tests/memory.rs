//! What the module leaves in memory.

use lcmaps_module_test::assert_nothing_stays;
use lcmaps_module_test::recording::Arguments;
use lcmaps_module_test::site::{Kind, Site};

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    let site =
        Site::new("lcmaps_voms_poolaccount", Kind::Accounts, "/vo .daemon\n").pool(&["daemon"]);
    let words = site.words();
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.push("--use-account-gid");
    let strangers = [
        Arguments::dn("/CN=a").fqans(&["/a", "/b/Role=NULL"]),
        Arguments::dn("/CN=a"),
    ];
    assert_nothing_stays("lcmaps_voms_poolaccount", &words, &strangers);
}
