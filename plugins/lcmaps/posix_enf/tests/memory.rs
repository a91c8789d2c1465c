//! What the module leaves in memory.

use lcmaps_module_test::assert_nothing_stays;
use lcmaps_module_test::recording::Arguments;

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    // Without a mapping it refuses.
    let nobody = [Arguments::dn("/CN=a"), Arguments::dn("/CN=b")];
    assert_nothing_stays("lcmaps_posix_enf", &["-maxuid", "1"], &nobody);
}
