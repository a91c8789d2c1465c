//! What the man page and the examples say holds.

use lcmaps_module_test::module_folder;
use lcmaps_module_test::real::{Answer, Case, can_fake_accounts, libraries};

const PAGE: &str = include_str!("../lcmaps_dummy_good.mod.8.md");
const EXAMPLE: &str = include_str!("../example/lcmaps.db");

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

#[test]
fn the_man_page_shows_the_example() {
    let (_, shown) = EXAMPLE.split_once('\n').expect("a remark and the rest");
    for line in shown.lines().filter(|line| !line.is_empty()) {
        assert!(
            PAGE.contains(&format!("\n    {line}\n")),
            "{line} is missing"
        );
    }
}

#[test]
fn the_example_works() {
    if !can_fake_accounts() {
        return;
    }
    let modules = module_folder(&["lcmaps_dummy_good", "lcmaps_dummy_bad"]);
    for library in libraries() {
        let case = Case::new(&library, EXAMPLE)
            .env("LCMAPS_MODULES_DIR", modules.path())
            .accounts("nobody:x:65534:65534::/:/bin/sh\n", "nogroup:x:65534:\n");
        let report = case.username("/CN=anybody").run();
        assert_eq!(
            report.only(),
            &Answer::Username("nobody".to_owned()),
            "{}",
            report.log
        );
    }
}
