//! What the man page and the example say holds.

use lcas_module_test::options_of;

const PAGE: &str = include_str!("../lcas_voms.mod.8.md");
const DATABASE: &str = include_str!("../example/lcas.db");
const FILE: &str = include_str!("../example/lcas_voms.gacl");
/// The lines of an example as the page shows them.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

#[test]
fn the_man_page_describes_every_option() {
    let options = options_of("lcas_voms");
    assert_eq!(options.len(), 8);
    for option in options {
        assert!(
            PAGE.contains(&format!("**{option}**")),
            "{option} is missing"
        );
    }
}

#[test]
fn the_man_page_shows_the_example() {
    let database: String = DATABASE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| format!("    {line}\n"))
        .collect();
    assert!(PAGE.contains(&database), "{database}");
    assert!(PAGE.contains(&indented(FILE)), "{FILE}");
}

#[test]
fn the_policy_of_the_example_is_read_without_remarks() {
    let policy = lc_gacl::Policy::read(FILE.as_bytes(), lc_gacl::Legacy::Read).expect("a policy");
    assert_eq!(policy.remarks(), []);
    assert_eq!(policy.entries().len(), 2);
}
