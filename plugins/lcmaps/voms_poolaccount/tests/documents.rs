//! What the man page and the example say holds.

use std::fs;

use lcmaps_module_test::real::{Answer, Case, can_fake_accounts, libraries};
use lcmaps_module_test::site::{Kind, Site};
use lcmaps_module_test::{Documents, module_folder};

const DOCUMENTS: Documents = Documents {
    module: "lcmaps_voms_poolaccount",
    page: include_str!("../lcmaps_voms_poolaccount.mod.8.md"),
    example: include_str!("../example/lcmaps.db"),
};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

#[test]
fn the_man_page_describes_every_option() {
    DOCUMENTS.describe_every_option(26);
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
    let modules = module_folder(&["lcmaps_voms_poolaccount", "lcmaps_voms_localgroup"]);
    for library in libraries() {
        let site = Site::new(
            "lcmaps_voms_poolaccount",
            Kind::Accounts,
            "\"/atlas/Role=production/*\" .atlasprd\n\"/atlas/*\" .atlas\n",
        )
        .pool(&["atlas001", "atlas002", "atlasprd001"]);
        let folder = site.file.parent().expect("the folder of the site");
        let groups = "\"/atlas/*\" atlas\n\"/*\" grid\n";
        fs::write(folder.join("groupmapfile"), groups).expect("a groupmapfile");
        let db = DOCUMENTS
            .example
            .replace("/etc/grid-security", &folder.display().to_string());
        let case = Case::new(&library, &db)
            .env("LCMAPS_MODULES_DIR", modules.path())
            .accounts("atlas001:x:5001:6009::/:/bin/sh\natlas002:x:5002:6009::/:/bin/sh\natlasprd001:x:5003:6009::/:/bin/sh\n", "grid:x:6001:\natlas:x:6002:\nshared:x:6009:\n");
        let report = case
            .account_of(
                "/CN=a",
                &["/atlas/Role=production/x", "/atlas/Role=NULL", "/cms"],
            )
            .account_of("/CN=a", &["/cms", "/atlas/Role=NULL"])
            .account_of("/CN=a", &["/cms"])
            .run();
        let account = |uid, primary, secondary: &[u32], lease: &str| Answer::Account {
            uid,
            primary_gids: vec![primary],
            secondary_gids: secondary.to_vec(),
            pool_index: Some(lease.to_owned()),
        };
        let names = ["%2fcn%3da:atlas:grid:atlas", "%2fcn%3da:grid:atlas"];
        let number = |lease: &str| -> u32 {
            let account = site
                .lease(lease)
                .unwrap_or_else(|| panic!("no {lease}\n{}", report.log));
            let number = account.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            number.parse().expect("a number")
        };
        assert_eq!(
            site.lease(names[0]).as_deref(),
            Some("atlasprd001"),
            "{}",
            report.log
        );
        let expected = [
            account(5003, 6002, &[6001, 6002], names[0]),
            account(5000 + number(names[1]), 6001, &[6002], names[1]),
            Answer::Failed(1),
        ];
        assert_eq!(report.answers, expected, "{}", report.log);
    }
}
