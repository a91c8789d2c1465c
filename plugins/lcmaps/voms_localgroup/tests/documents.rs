//! What the man page and the example say holds.

use lcmaps_module_test::real::{Answer, Case, can_fake_accounts, libraries};
use lcmaps_module_test::site::{Kind, Site};
use lcmaps_module_test::{Documents, module_folder};

const DOCUMENTS: Documents = Documents {
    module: "lcmaps_voms_localgroup",
    page: include_str!("../lcmaps_voms_localgroup.mod.8.md"),
    example: include_str!("../example/lcmaps.db"),
};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

#[test]
fn the_man_page_describes_every_option() {
    DOCUMENTS.describe_every_option(7);
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
    let modules = module_folder(&["lcmaps_voms_localgroup", "lcmaps_dummy_good"]);
    for library in libraries() {
        let site = Site::new(
            "lcmaps_voms_localgroup",
            Kind::Groups,
            "\"/atlas/Role=production/*\" atlasprd\n\"/atlas/*\" atlas\n",
        );
        let folder = site.file.parent().expect("the folder of the site");
        assert_eq!(folder.join("groupmapfile"), site.file);
        let db = DOCUMENTS
            .example
            .replace("/etc/grid-security", &folder.display().to_string());
        let case = Case::new(&library, &db)
            .env("LCMAPS_MODULES_DIR", modules.path())
            .accounts(
                "nobody:x:65534:65534::/:/bin/sh\n",
                "atlas:x:6001:\natlasprd:x:6002:\n",
            );
        let report = case
            .account_of(
                "/CN=a",
                &[
                    "/atlas/Role=NULL/Capability=NULL",
                    "/atlas/Role=production/Capability=NULL",
                ],
            )
            .account_of("/CN=a", &["/cms"])
            .run();
        let account = Answer::Account {
            uid: 65534,
            primary_gids: vec![6001],
            secondary_gids: vec![6002],
            pool_index: None,
        };
        assert_eq!(
            report.answers,
            [account, Answer::Failed(1)],
            "{}",
            report.log
        );
    }
}
