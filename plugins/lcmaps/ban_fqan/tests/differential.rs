//! The same ban lists and FQANs through this module and the C one, where that is installed.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use lcmaps_module_test::module_file;
use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};
use proptest::prelude::*;

const ORIGINAL: &str = "/usr/lib/lcmaps/liblcmaps_ban_fqan.so";

/// Result and mapping of one run; without a file when there is no text for it.
fn run(module: &Path, file: &Path, wildcards: bool, fqans: &[&str]) -> (bool, Mapping) {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, module);
    let file = file.display().to_string();
    let mut words = vec!["-banmapfile", &file];
    if !wildcards {
        words.push("--disablewildcard");
    }
    let instance = module.start(&words);
    let mut arguments = Arguments::dn("/CN=a");
    if !fqans.is_empty() {
        arguments = arguments.fqans(fqans);
    }
    let code = module.run(instance, &arguments);
    module.terminate();
    (code == 0, host.mapping())
}

#[test]
fn both_modules_ban_the_same_users() {
    if !Path::new(ORIGINAL).exists() {
        eprintln!("skipped: {ORIGINAL} is not installed (package lcmaps-plugins-voms)");
        return;
    }
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let file = scratch.path().join("ban");
    let ours = module_file("lcmaps_ban_fqan");
    let line = prop::sample::select(vec![
        "/vo",
        "\"/vo/a\"",
        "/vo/a/Role=x y",
        "/vo/*",
        "\"/v?\"",
        "*/Role=[xy]*",
        "/other # /vo",
        "\"/vo",
        "/vo\\",
        "\"\"",
        "",
    ]);
    let text = prop::option::weighted(
        0.9,
        prop::collection::vec(line, 0..4).prop_map(|lines| lines.join("\n")),
    );
    let fqan = prop::sample::select(vec![
        "/vo",
        "/vo/a",
        "/vo/a/Role=x",
        "/vo/Role=NULL/Capability=NULL",
        "/third/Role=y",
        "*",
        "",
    ]);
    let fqans = prop::collection::vec(fqan, 0..4);
    let config = ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let (passed, banned) = (Cell::new(0), Cell::new(0));
    proptest!(config, |(text in text, fqans in fqans, wildcards: bool)| {
        match &text {
            Some(text) => fs::write(&file, text).expect("a ban list"),
            None => drop(fs::remove_file(&file)),
        }
        let original = run(Path::new(ORIGINAL), &file, wildcards, &fqans);
        let ours = run(&ours, &file, wildcards, &fqans);
        let count = if original.0 { &passed } else { &banned };
        count.set(count.get() + 1);
        prop_assert_eq!(ours, original, "{:?} {:?}", text, fqans);
    });
    assert!(
        passed.get() > 50 && banned.get() > 50,
        "{} passed, {} were banned: the cases are too odd",
        passed.get(),
        banned.get()
    );
}
