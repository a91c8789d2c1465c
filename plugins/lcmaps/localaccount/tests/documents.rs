//! What the man page and the example say holds.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use lcmaps_module_test::real::{Answer, Case, can_fake_accounts, libraries};
use lcmaps_module_test::{Documents, module_folder};

const DOCUMENTS: Documents = Documents {
    module: "lcmaps_localaccount",
    page: include_str!("../lcmaps_localaccount.mod.8.md"),
    example: include_str!("../example/lcmaps.db"),
};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

#[test]
fn the_man_page_describes_every_option() {
    DOCUMENTS.describe_every_option(4);
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
    let modules = module_folder(&["lcmaps_localaccount", "lcmaps_dummy_bad"]);
    let grid_security = tempfile::tempdir().expect("a scratch folder");
    fs::set_permissions(grid_security.path(), fs::Permissions::from_mode(0o755))
        .expect("a folder of ours");
    // The lines that the man page shows.
    let map = "# remark\n\"/C=NL/O=Example/CN=Jane Doe\" jane\n/C=NL/O=Example/CN=short short\n";
    fs::write(grid_security.path().join("grid-mapfile"), map).expect("a grid-mapfile");
    let db = DOCUMENTS.example.replace(
        "/etc/grid-security",
        &grid_security.path().display().to_string(),
    );
    for library in libraries() {
        let case = Case::new(&library, &db)
            .env("LCMAPS_MODULES_DIR", modules.path())
            .accounts("jane:x:5001:6001::/:/bin/sh\n", "staff:x:6001:\n");
        let report = case
            .username("/C=NL/O=Example/CN=Jane Doe")
            .username("/C=NL/O=Example/CN=John Doe")
            .run();
        assert_eq!(
            report.answers,
            [Answer::Username("jane".to_owned()), Answer::Failed(1)],
            "{}",
            report.log
        );
    }
}
