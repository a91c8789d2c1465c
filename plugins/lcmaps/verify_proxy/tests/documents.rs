//! What the man page and the example say holds.

use lcmaps_module_test::Documents;

const DOCUMENTS: Documents = Documents {
    module: "lcmaps_verify_proxy",
    page: include_str!("../lcmaps_verify_proxy.mod.8.md"),
    example: include_str!("../example/lcmaps.db"),
};

#[test]
fn the_man_page_describes_every_option() {
    DOCUMENTS.describe_every_option(15);
}

#[test]
fn the_man_page_shows_the_example() {
    DOCUMENTS.show_the_example();
}
