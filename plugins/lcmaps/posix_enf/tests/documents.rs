//! What the man page and the example say holds.

use std::fs;

use lcmaps_module_test::real::{Call, Case, libraries};
use lcmaps_module_test::{Documents, TESTER_DN, TESTER_PEM, module_folder};

const DOCUMENTS: Documents = Documents {
    module: "lcmaps_posix_enf",
    page: include_str!("../lcmaps_posix_enf.mod.8.md"),
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
    let modules = module_folder(&["lcmaps_localaccount", "lcmaps_posix_enf"]);
    let folder = tempfile::tempdir().expect("a scratch folder");
    let map = folder.path().join("grid-mapfile");
    fs::write(&map, format!("\"{TESTER_DN}\" daemon\n")).expect("a map file");
    let db = DOCUMENTS.example.replace(
        "/etc/grid-security/grid-mapfile",
        &map.display().to_string(),
    );
    for library in libraries() {
        // A verification, after which the process can still write its report.
        let case = Case::new(&library, &db)
            .env("LCMAPS_MODULES_DIR", modules.path())
            .call(Call::Verify {
                pem: TESTER_PEM.to_owned(),
                uid: 1,
            });
        let report = case.run();
        report.expect_log("lcmaps_posix_enf-plugin_verify(): posix_enf plugin succeeded");
    }
}
