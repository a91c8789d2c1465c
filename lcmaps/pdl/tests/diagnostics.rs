//! What is said about bad policy files: every file in `bad/` has its messages beside it.

use std::fmt::Write as _;
use std::path::Path;

use lcmaps_pdl::{Options, compile};

#[test]
fn every_bad_file_gets_the_messages_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert!(names.len() > 50);

    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("bad");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for name in names {
        let text = std::fs::read(folder.join(format!("{name}.db"))).unwrap();
        let options = Options {
            file: "lcmaps.db",
            library_dir: "/usr/lib",
        };
        let report = compile(&text, &options);
        let mut shown = String::new();
        for diagnostic in &report.diagnostics {
            writeln!(shown, "{}", diagnostic.excerpt(&text)).unwrap();
        }
        let verdict = if report.compiled.is_some() {
            "accepted"
        } else {
            "refused"
        };
        writeln!(shown, "{verdict}").unwrap();
        assert!(!report.diagnostics.is_empty(), "{name} is not bad");
        settings.bind(|| insta::assert_snapshot!(name.as_str(), shown));
    }
}
