//! The man page and the command know the same options.

use std::process::Command;

const PAGE: &str = include_str!("../../../man/lcas.1.md");

#[test]
fn the_man_page_describes_every_option() {
    let mut options = Vec::new();
    for command in ["check", "decide"] {
        let output = Command::new(env!("CARGO_BIN_EXE_lcas"))
            .args([command, "--help"])
            .output();
        let help = String::from_utf8(output.expect("the command").stdout).expect("UTF-8");
        let words = help.split(|c: char| c.is_whitespace() || c == ',');
        options.extend(
            words
                .filter(|word| word.starts_with("--"))
                .map(str::to_owned),
        );
    }
    options.sort();
    options.dedup();
    assert!(options.len() >= 9, "{options:?}");
    for option in options {
        assert!(
            PAGE.contains(&format!("**{option}**")),
            "{option} is missing"
        );
    }
}

#[test]
fn the_process_that_asks_is_no_command_for_people() {
    let output = Command::new(env!("CARGO_BIN_EXE_lcas"))
        .arg("--help")
        .output();
    let help = String::from_utf8(output.expect("the command").stdout).expect("UTF-8");
    assert!(
        help.contains("decide") && !help.contains("ask-library"),
        "{help}"
    );
}
