//! What the man page and the example say holds.

use lcmaps_module_test::real::{Answer, Case, can_fake_accounts, libraries};
use lcmaps_module_test::{Documents, module_folder};

const DOCUMENTS: Documents = Documents {
    module: "lcmaps_voms",
    page: include_str!("../lcmaps_voms.mod.8.md"),
    example: include_str!("../example/lcmaps.db"),
};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

#[test]
fn the_man_page_shows_the_example() {
    DOCUMENTS.show_the_example();
}

#[test]
fn the_example_works() {
    if !can_fake_accounts() {
        return;
    }
    let modules = module_folder(&["lcmaps_voms", "lcmaps_dummy_good"]);
    for library in libraries() {
        let case = Case::new(&library, DOCUMENTS.example)
            .env("LCMAPS_MODULES_DIR", modules.path())
            .accounts("nobody:x:65534:65534::/:/bin/sh\n", "nogroup:x:65534:\n");
        let report = case.username("/CN=anybody").run();
        assert_eq!(
            report.only(),
            &Answer::Username("nobody".to_owned()),
            "{}",
            report.log
        );
        report.expect_log(
            "lcmaps_voms-plugin_initialize(): plugin is deprecated, remove it from policy",
        );
    }
}
