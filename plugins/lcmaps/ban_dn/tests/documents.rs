//! What the man page and the example say holds.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use lcmaps_module_test::real::{Answer, Case, can_fake_accounts, libraries};
use lcmaps_module_test::{Documents, module_folder};

const DOCUMENTS: Documents = Documents {
    module: "lcmaps_ban_dn",
    page: include_str!("../lcmaps_ban_dn.mod.8.md"),
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
    let modules = module_folder(&["lcmaps_ban_dn", "lcmaps_localaccount"]);
    let grid_security = tempfile::tempdir().expect("a scratch folder");
    let write = |name: &str, text: &str| {
        fs::write(grid_security.path().join(name), text).expect("a file");
    };
    fs::set_permissions(grid_security.path(), fs::Permissions::from_mode(0o755))
        .expect("a folder of ours");
    write(
        "grid-mapfile",
        "\"/C=NL/O=Example/CN=Jane Doe\" jane\n\"/C=NL/O=Example/CN=John Doe\" jane\n",
    );
    let (_, list) = DOCUMENTS
        .page
        .split_once("    # ")
        .expect("the page shows a list");
    let (list, _) = list.split_once("\n\n").expect("the list ends");
    let list: String = format!("    # {list}")
        .lines()
        .map(|line| format!("{}\n", line.trim_start()))
        .collect();
    write("ban_users.db", &list);
    let db = DOCUMENTS.example.replace(
        "/etc/grid-security",
        &grid_security.path().display().to_string(),
    );
    for library in libraries() {
        let case = Case::new(&library, &db)
            .env("LCMAPS_MODULES_DIR", modules.path())
            .accounts("jane:x:5001:6001::/:/bin/sh\n", "staff:x:6001:\n");
        let report = ["/C=NL/O=Example/CN=Jane Doe", "/C=NL/O=Example/CN=John Doe"]
            .iter()
            .fold(case, |case, dn| case.username(dn))
            .run();
        let passed: Vec<bool> = report
            .answers
            .iter()
            .map(|answer| !matches!(answer, Answer::Failed(_)))
            .collect();
        assert_eq!(passed, [true, false], "{}", report.log);
    }
}
