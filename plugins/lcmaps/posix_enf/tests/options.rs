//! The options of `lcmaps_posix_enf` under a host that records.

use lcmaps_module_test::module_file;
use lcmaps_module_test::recording::{LoadedModule, RecordingHost};
use proptest::prelude::*;

/// Result and log of a start with these words.
fn start(words: &[&str]) -> (i32, String) {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_posix_enf"));
    let code = module.initialize(words);
    assert_eq!(module.terminate(), 0);
    (code, host.log())
}

#[test]
fn a_value_that_is_no_number_or_no_answer_fails_the_start() {
    for words in [
        ["-maxuid", "x"],
        ["-maxuid", "-1"],
        ["-MAXPGID", "1x"],
        ["-maxsgid", "99999999999999999999999"],
        ["-set_only_euid", "maybe"],
        ["-set_only_egid", "YES"],
    ] {
        let (code, log) = start(&words);
        assert_eq!(code, 1, "{words:?}");
        assert!(
            log.contains(&format!("option {}: \"{}\" is not ", words[0], words[1])),
            "{log}"
        );
    }
    assert_eq!(start(&["-maxuid"]).0, 1);
    assert_eq!(start(&["-set_only_euid", ""]).0, 1);
}

#[test]
fn thirty_two_secondary_groups_are_the_most_that_can_be_asked_for() {
    assert_eq!(start(&["-maxsgid", "32"]).0, 0);
    let (code, log) = start(&["-MAXSGID", "33"]);
    assert_eq!(code, 1);
    assert!(
        log.contains("option -MAXSGID: 33 is more than 32; leave the option out"),
        "{log}"
    );
}

#[test]
fn a_word_that_is_no_option_is_told() {
    let (code, log) = start(&["-maxsgids", "-maxuid", "1"]);
    assert_eq!(code, 0);
    assert!(
        log.contains(
            "<4>lcmaps_posix_enf-plugin_initialize(): \"-maxsgids\" is ignored; known options: "
        ),
        "{log}"
    );
}

#[test]
fn no_configuration_does_harm() {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_posix_enf"));
    let option = prop::sample::select(vec![
        "-maxuid",
        "-MAXPGID",
        "-maxsgid",
        "-set_only_euid",
        "yes",
    ]);
    let word = prop_oneof![
        option.prop_map(str::to_owned),
        "[0-9]{1,12}",
        "[^\\x00]{0,6}"
    ];
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(words in prop::collection::vec(word, 0..6))| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let code = module.initialize(&words);
        prop_assert!(code == 0 || code == 1);
        prop_assert_eq!(module.introspect().is_ok(), code == 0);
        prop_assert_eq!(module.terminate(), 0);
    });
}
