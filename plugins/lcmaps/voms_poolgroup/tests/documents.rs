//! What the man page and the example say holds.

use lcmaps_module_test::real::{Answer, Case, can_fake_accounts, libraries};
use lcmaps_module_test::site::{Kind, Site};
use lcmaps_module_test::{Documents, module_folder};

const DOCUMENTS: Documents = Documents {
    module: "lcmaps_voms_poolgroup",
    page: include_str!("../lcmaps_voms_poolgroup.mod.8.md"),
    example: include_str!("../example/lcmaps.db"),
};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

#[test]
fn the_man_page_describes_every_option() {
    DOCUMENTS.describe_every_option(12);
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
    let modules = module_folder(&["lcmaps_voms_poolgroup", "lcmaps_dummy_good"]);
    for library in libraries() {
        let site = Site::new(
            "lcmaps_voms_poolgroup",
            Kind::Groups,
            "\"/atlas/*\" .atlas\n\"/*\" .vo\n",
        )
        .pool(&["atlas001", "vo01"]);
        let folder = site.file.parent().expect("the folder of the site");
        assert_eq!(folder.join("groupmapfile"), site.file);
        let db = DOCUMENTS
            .example
            .replace("/etc/grid-security", &folder.display().to_string());
        let case = Case::new(&library, &db)
            .env("LCMAPS_MODULES_DIR", modules.path())
            .accounts(
                "nobody:x:65534:65534::/:/bin/sh\n",
                "atlas001:x:6001:\nvo01:x:6002:\n",
            );
        let report = case
            .account_of("/CN=a", &["/atlas/Role=NULL", "/cms"])
            .account_of("/CN=b", &["/cms", "/dteam"])
            .account_of("/CN=b", &["/dteam"])
            .run();
        let account = |primary, secondary: &[u32]| Answer::Account {
            uid: 65534,
            primary_gids: vec![primary],
            secondary_gids: secondary.to_vec(),
            pool_index: None,
        };
        let expected = [
            account(6001, &[6002]),
            account(6002, &[]),
            Answer::Failed(1),
        ];
        assert_eq!(report.answers, expected, "{}", report.log);
        assert_eq!(
            site.names(),
            ["%2fatlas%2frole%3dnull", "%2fcms", "atlas001", "vo01"]
        );
    }
}
