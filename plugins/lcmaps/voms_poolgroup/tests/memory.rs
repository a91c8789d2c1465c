//! What the module leaves in memory.

use lcmaps_module_test::assert_nothing_stays;
use lcmaps_module_test::recording::Arguments;
use lcmaps_module_test::site::{Kind, Site};

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    let map = "/vo .daemon\n";
    let site = Site::new("lcmaps_voms_poolgroup", Kind::Groups, map).pool(&["daemon"]);
    let words = site.words();
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.extend(["-mapmin", "3", "-strict_poolprefix_match", "no"]);
    let strangers = [
        Arguments::dn("/CN=a").fqans(&["/vo", "/b/Role=NULL"]),
        Arguments::dn("/CN=a"),
    ];
    assert_nothing_stays("lcmaps_voms_poolgroup", &words, &strangers);
}
