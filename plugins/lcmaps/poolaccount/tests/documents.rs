//! What the man page and the example say holds.

mod site;

use lcmaps_module_test::real::{Answer, Case, can_fake_accounts, libraries};
use lcmaps_module_test::{Documents, module_folder};
use site::{GROUP, passwd, site};

const DOCUMENTS: Documents = Documents {
    module: "lcmaps_poolaccount",
    page: include_str!("../lcmaps_poolaccount.mod.8.md"),
    example: include_str!("../example/lcmaps.db"),
};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

#[test]
fn the_man_page_describes_every_option() {
    DOCUMENTS.describe_every_option(15);
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
    let modules = module_folder(&[
        "lcmaps_localaccount",
        "lcmaps_poolaccount",
        "lcmaps_dummy_bad",
    ]);
    for library in libraries() {
        let site = site("\"/O=x/CN=own\" other001\n\"/O=x/*\" .pool\n", &["pool001"]);
        let grid_security = site
            .file
            .parent()
            .expect("the folder of the site")
            .display()
            .to_string();
        let db = DOCUMENTS
            .example
            .replace("/etc/grid-security", &grid_security);
        let case = Case::new(&library, &db)
            .env("LCMAPS_MODULES_DIR", modules.path())
            .accounts(&passwd(), GROUP);
        let report = case
            .username("/O=x/CN=own")
            .username("/O=x/CN=a")
            .username("/O=x/CN=b")
            .run();
        let name = |name: &str| Answer::Username(name.to_owned());
        assert_eq!(
            report.answers,
            [name("other001"), name("pool001"), Answer::Failed(1)],
            "{}",
            report.log
        );
        report.expect_log(
            "no pool-entry available for pool-name pool and lease \"%2fo%3dx%2fcn%3db\"",
        );
    }
}
