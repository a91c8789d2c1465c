//! What the man page and the example say holds.

const PAGE: &str = include_str!("../lcas_timeslots.mod.8.md");
const DATABASE: &str = include_str!("../example/lcas.db");
const FILE: &str = include_str!("../example/timeslots.db");
/// The lines of an example as the page shows them.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
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
fn a_check_finds_nothing_in_the_example() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("timeslots.db");
    std::fs::write(&path, FILE).expect("a file");
    let path = std::ffi::CString::new(path.display().to_string()).expect("a path");
    let words = [path.as_c_str()];
    let find = |name: &std::ffi::CStr| Ok(name.to_str()?.into());
    let words = lcas_module_support::Words::new(&words);
    let findings =
        lcas_module_support::check("lcas_timeslots", words, &find).expect("a module of ours");
    assert_eq!(findings, []);
}
