//! The same ban lists and users through this module and the C one, where that is installed.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use lcmaps_module_test::module_file;
use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};
use proptest::prelude::*;

const ORIGINAL: &str = "/usr/lib/lcmaps/liblcmaps_ban_dn.so";

/// Result and mapping of one run.
fn run(module: &Path, file: &Path, option: Option<&str>, dn: &str) -> (bool, Mapping) {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, module);
    let file = file.display().to_string();
    let words: Vec<&str> = ["-banmapfile", &file].into_iter().chain(option).collect();
    let instance = module.start(&words);
    let code = module.run(instance, &Arguments::dn(dn));
    module.terminate();
    (code == 0, host.mapping())
}

/// Pieces of ban lists: what has a meaning in one, and what looks as if.
fn ban_list() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\"/CN=a\"",
        "\"/CN=b c\"",
        "/CN=a",
        "/CN=b",
        "\"",
        "\\",
        "\\\"",
        "#",
        " ",
        "\t",
        ",",
        "*",
        "[a]",
        "?",
        "x",
        "\"\"",
        "\u{e9}",
    ]);
    let line = prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat());
    let entry = prop::sample::select(vec![
        "\"/CN=a\"",
        "/CN=b",
        "\"/CN=b c\" x",
        "\"/CN=[ab]\"",
        "/CN=?\tx,y",
        "\"*c\"",
        "\"/CN=\\\"a\"",
        "# /CN=a",
    ]);
    let line = prop_oneof![1 => line, 3 => entry.prop_map(str::to_owned)];
    prop::collection::vec(line, 0..5).prop_map(|lines| lines.join("\n"))
}

#[test]
fn both_modules_ban_the_same_users() {
    if !Path::new(ORIGINAL).exists() {
        eprintln!("skipped: {ORIGINAL} is not installed (package lcmaps-plugins-basic-bandn)");
        return;
    }
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let file = scratch.path().join("ban");
    let ours = module_file("lcmaps_ban_dn");
    let dn = prop::sample::select(vec![
        "/CN=a",
        "/CN=b",
        "/CN=b c",
        "/CN=c",
        "/CN=\\\"a",
        "\"",
        "*",
        "[a]",
        "",
        "\u{e9}",
    ]);
    let option = prop::option::weighted(
        0.3,
        prop::sample::select(vec![
            "-no_wildcard",
            "-disablewildcard",
            "-disablewildcards",
            "--disablewildcard",
            "--disablewildcards",
        ]),
    );
    let config = ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let (passed, banned) = (Cell::new(0), Cell::new(0));
    proptest!(config, |(text in ban_list(), dn in dn, option in option)| {
        fs::write(&file, &text).expect("a ban list");
        let original = run(Path::new(ORIGINAL), &file, option, dn);
        let ours = run(&ours, &file, option, dn);
        let count = if original.0 { &passed } else { &banned };
        count.set(count.get() + 1);
        prop_assert_eq!(ours, original, "{:?} {:?}", text, option);
    });
    assert!(
        passed.get() > 50 && banned.get() > 50,
        "{} passed, {} were banned: the cases are too odd",
        passed.get(),
        banned.get()
    );
}

#[test]
fn both_modules_know_the_same_names_of_the_file_option() {
    if !Path::new(ORIGINAL).exists() {
        eprintln!("skipped: {ORIGINAL} is not installed (package lcmaps-plugins-basic-bandn)");
        return;
    }
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let file = scratch.path().join("ban");
    fs::write(&file, "").expect("a ban list");
    let file = file.display().to_string();
    for option in [
        "-banmapfile",
        "-BANMAPFILE",
        "-ban_mapfile",
        "-BAN_MAPFILE",
        "-gridmapfile",
        "-GRIDMAPFILE",
        "-gridmap",
        "-GRIDMAP",
        "-banmap",
        "--banmapfile",
    ] {
        let codes = [Path::new(ORIGINAL), &module_file("lcmaps_ban_dn")].map(|module| {
            let host = RecordingHost::take();
            let module = LoadedModule::load(&host, module);
            let code = module.initialize(&[option, &file]);
            module.terminate();
            code
        });
        assert_eq!(codes[0], codes[1], "{option}");
    }
}
