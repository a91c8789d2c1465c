//! What the man page and the example say holds.

use std::fs;

use lcmaps_module_test::real::{Answer, Case, can_fake_accounts, libraries};
use lcmaps_module_test::site::{Kind, Site};
use lcmaps_module_test::{Documents, module_folder};

const DOCUMENTS: Documents = Documents {
    module: "lcmaps_voms_localaccount",
    page: include_str!("../lcmaps_voms_localaccount.mod.8.md"),
    example: include_str!("../example/lcmaps.db"),
};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

#[test]
fn the_man_page_describes_every_option() {
    DOCUMENTS.describe_every_option(13);
}

#[test]
fn the_man_page_shows_the_example() {
    DOCUMENTS.show_the_example();
}

#[test]
fn the_example_works_with_the_lines_of_the_man_page() {
    if !can_fake_accounts() {
        return;
    }
    let modules = module_folder(&[
        "lcmaps_voms_localaccount",
        "lcmaps_localaccount",
        "lcmaps_dummy_bad",
    ]);
    for library in libraries() {
        let site = Site::new(
            "lcmaps_voms_localaccount",
            Kind::Accounts,
            "\"/CN=own\" own\n",
        );
        let folder = site.file.parent().expect("the folder of the site");
        let map = "\"/atlas/Role=production/*\" atlasprd\n\"/atlas/*\" atlas\n";
        fs::write(folder.join("voms-mapfile"), map).expect("a map file");
        let db = DOCUMENTS
            .example
            .replace("/etc/grid-security", &folder.display().to_string());
        let case = Case::new(&library, &db)
            .env("LCMAPS_MODULES_DIR", modules.path())
            .accounts("atlas:x:5001:6001::/:/bin/sh\natlasprd:x:5002:6001::/:/bin/sh\nown:x:5003:6001::/:/bin/sh\n", "staff:x:6001:\n");
        let report = case
            .account_of("/CN=a", &["/atlas/Role=NULL/Capability=NULL"])
            .account_of("/CN=a", &["/atlas/Role=production/Capability=NULL"])
            .account_of("/CN=own", &["/cms"])
            .account_of("/CN=a", &["/cms"])
            .run();
        let account = |uid| Answer::Account {
            uid,
            primary_gids: vec![6001],
            secondary_gids: vec![6001],
            pool_index: None,
        };
        let expected = [
            account(5001),
            account(5002),
            account(5003),
            Answer::Failed(1),
        ];
        assert_eq!(report.answers, expected, "{}", report.log);
    }
}
