//! What the module leaves in memory.

use std::fs;

use lcmaps_module_test::assert_nothing_stays;
use lcmaps_module_test::recording::Arguments;

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let list = scratch.path().join("ban");
    fs::write(&list, "/vo/bad\n").expect("a ban list");
    let list = list.display().to_string();
    let banned = [
        Arguments::dn("/CN=a").fqans(&["/vo/bad"]),
        Arguments::dn("/CN=a").fqans(&["/vo", "/vo/bad"]),
    ];
    assert_nothing_stays("lcmaps_ban_fqan", &["-banmapfile", &list], &banned);
}
