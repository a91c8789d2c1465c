//! The same map files and users through this module and the C one, where that is installed.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};
use lcmaps_module_test::{module_file, original_module};
use proptest::prelude::*;

/// Result and mapping of one run.
fn run(module: &Path, file: &Path, dn: &str, requested: Option<&str>) -> (bool, Mapping) {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, module);
    let instance = module.start(&["-gridmapfile", &file.display().to_string()]);
    let mut arguments = Arguments::dn(dn);
    if let Some(name) = requested {
        arguments = arguments.requested_username(name);
    }
    let code = module.run(instance, &arguments);
    module.terminate();
    let mut mapping = host.mapping();
    mapping.secondary_gids.sort_unstable();
    mapping.secondary_gids.dedup();
    (code == 0, mapping)
}

/// Pieces of map files: what has a meaning in one, and what looks as if.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
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
        "\n",
        "\r",
        "*",
        "[a]",
        "daemon",
        "bin",
        ".pool",
        "nobody-knows",
        "dae\\mon",
        "\"\"",
        "\u{e9}",
    ])
}

fn map_file() -> impl Strategy<Value = String> {
    let line = (prop::collection::vec(piece(), 0..8)).prop_map(|pieces| pieces.concat());
    let entry = (
        prop::sample::select(vec!["\"/CN=a\"", "/CN=a", "\"/CN=b c\"", "\"/CN=\\\"a\""]),
        prop::sample::select(vec![" ", "\t ", " , ", ""]),
        prop::sample::select(vec![
            "daemon",
            "bin,daemon",
            ".pool",
            ".pool,bin",
            "",
            "nobody-knows",
            "daemon#x",
            "\\#x",
        ]),
    );
    let entry = entry.prop_map(|(name, gap, account)| format!("{name}{gap}{account}"));
    prop::collection::vec(prop_oneof![1 => line, 4 => entry], 0..8)
        .prop_map(|lines| lines.join("\n"))
}

#[test]
fn both_modules_map_alike() {
    let Some(original) = original_module("lcmaps_localaccount") else {
        return;
    };
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let file = scratch.path().join("map");
    let ours = module_file("lcmaps_localaccount");
    let dn = prop::sample::select(vec![
        "/CN=a",
        "/CN=a",
        "/CN=a",
        "/CN=b c",
        "/CN=a",
        "/CN=b c",
        "/CN=b",
        "/CN=\\\"a",
        "\"",
        "*",
        "[a]",
        "",
        "\u{e9}",
    ]);
    let requested = prop::option::weighted(
        0.2,
        prop::sample::select(vec!["daemon", "bin", "", ".pool", "nobody-knows"]),
    );
    let config = ProptestConfig {
        cases: 600,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mapped = Cell::new(0);
    proptest!(config, |(text in map_file(), dn in dn, requested in requested)| {
        fs::write(&file, &text).expect("a map file");
        let original = run(&original, &file, dn, requested);
        let ours = run(&ours, &file, dn, requested);
        mapped.set(mapped.get() + u32::from(original.0));
        prop_assert_eq!(ours, original, "{:?}", text);
    });
    assert!(
        mapped.get() > 50,
        "only {} users were mapped: the cases are too odd",
        mapped.get()
    );
}
