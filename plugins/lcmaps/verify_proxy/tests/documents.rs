//! What the man page and the example say holds.

use lcmaps_module_test::options_of;

const PAGE: &str = include_str!("../lcmaps_verify_proxy.mod.8.md");
const EXAMPLE: &str = include_str!("../example/lcmaps.db");

#[test]
fn the_man_page_describes_every_option() {
    let options = options_of("lcmaps_verify_proxy");
    assert!(options.len() >= 15, "{options:?}");
    for option in options {
        let written = format!("**{}", option.replace("--", "\\-\\-"));
        assert!(PAGE.contains(&written), "{option} is missing");
    }
}

#[test]
fn the_man_page_shows_the_example() {
    let shown: String = EXAMPLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| format!("    {line}\n"))
        .collect();
    assert!(PAGE.contains(&shown.replace("    \n", "\n")), "{shown}");
}
