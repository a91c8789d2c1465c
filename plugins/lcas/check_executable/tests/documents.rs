//! What the man page and the example say holds.

use lcas_module_test::options_of;

const PAGE: &str = include_str!("../lcas_check_executable.mod.8.md");
const DATABASE: &str = include_str!("../example/lcas.db");

#[test]
fn the_man_page_describes_every_option() {
    let options = options_of("lcas_check_executable");
    assert_eq!(options.len(), 1);
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
}
