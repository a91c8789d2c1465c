//! `lcmaps_dummy_good` under a host that records and inside real libraries.

use lcmaps_module_test::module_file;
use lcmaps_module_test::real::{Answer, Call, Case, can_fake_accounts, libraries};
use proptest::prelude::*;

use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// What a run with these words adds.
fn mapping(words: &[&str]) -> Mapping {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_dummy_good"));
    let instance = module.start(words);
    assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), 0);
    assert_eq!(module.terminate(), 0);
    host.mapping()
}

/// The log of a start that these words prevent.
fn refusal(words: &[&str]) -> String {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_dummy_good"));
    assert_eq!(module.initialize(words), 1, "{words:?} are accepted");
    assert_eq!(module.terminate(), 0);
    host.log()
}

#[test]
fn without_options_it_adds_nothing() {
    assert_eq!(mapping(&[]), Mapping::default());
    assert_eq!(mapping(&["what", "--ever"]), Mapping::default());
}

#[test]
fn ids_are_added_and_both_make_a_pool_index() {
    let both = mapping(&[
        "--dummy-uid",
        "5",
        "--dummy-gid",
        "7",
        "--dummy-sec-gid",
        "9",
    ]);
    assert_eq!(
        (both.uids, both.primary_gids, both.secondary_gids),
        (vec![5], vec![7], vec![9])
    );
    assert_eq!(both.pool_index.as_deref(), Some("dummy%205%207"));
    assert_eq!(mapping(&["--dummy-uid", "5"]).pool_index, None);
    assert_eq!(mapping(&["--dummy-gid", "5"]).pool_index, None);
}

#[test]
fn names_are_looked_up() {
    let mapping = mapping(&[
        "--dummy-username",
        "root",
        "--dummy-group",
        "root",
        "--dummy-sec-group",
        "root",
    ]);
    assert_eq!(
        (mapping.uids, mapping.primary_gids, mapping.secondary_gids),
        (vec![0], vec![0], vec![0])
    );
}

#[test]
fn the_last_of_repeated_options_counts_in_any_case() {
    assert_eq!(mapping(&["--DUMMY-UID", "5", "--dummy-Uid", "7"]).uids, [7]);
    assert_eq!(
        mapping(&["--dummy-uid", "5", "--dummy-username", "root"]).uids,
        [0]
    );
    assert_eq!(
        mapping(&["--dummy-sec-group", "root", "--dummy-sec-gid", "3"]).secondary_gids,
        [3]
    );
}

#[test]
fn an_option_without_a_value_is_ignored() {
    assert_eq!(mapping(&["--dummy-uid"]), Mapping::default());
    assert_eq!(mapping(&["--dummy-username", ""]), Mapping::default());
}

#[test]
fn a_number_that_is_no_id_fails_the_start() {
    for word in [
        "x",
        "5x",
        "-1",
        "+1",
        "0x5",
        " 5",
        "4294967295",
        "4294967296",
        "99999999999999999999",
    ] {
        let log = refusal(&["--dummy-gid", word]);
        assert!(
            log.contains(&format!("option \"--dummy-gid\": \"{word}\" is not an id")),
            "{log}"
        );
    }
    assert_eq!(
        mapping(&["--dummy-uid", "4294967294"]).uids,
        [4_294_967_294]
    );
}

#[test]
fn a_name_that_does_not_exist_fails_the_start() {
    let log = refusal(&["--dummy-username", "no-such-account-here"]);
    assert!(
        log.contains("option \"--dummy-username\": there is no account \"no-such-account-here\"\n"),
        "{log}"
    );
    let log = refusal(&["--dummy-sec-group", "no-such-group-here"]);
    assert!(
        log.contains("option \"--dummy-sec-group\": there is no group \"no-such-group-here\"\n"),
        "{log}"
    );
}

#[test]
fn no_configuration_does_harm() {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_dummy_good"));
    let option = prop::sample::select(vec![
        "--dummy-uid",
        "--dummy-username",
        "--dummy-GID",
        "--dummy-sec-group",
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

#[test]
fn verification_succeeds_and_adds_nothing() {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_dummy_good"));
    let instance = module.start(&["--dummy-uid", "5"]);
    assert_eq!(
        module.verify(instance, &Arguments::dn("/CN=a").requested_uid(6)),
        0
    );
    module.terminate();
    assert_eq!(host.mapping(), Mapping::default());
}

#[test]
fn it_maps_in_a_real_library() {
    for library in libraries() {
        let words = "--dummy-uid 41 --dummy-gid 42 --dummy-sec-gid 43";
        let case = Case::of_module(&library, &module_file("lcmaps_dummy_good"), words);
        let case = case.account("/CN=a").call(Call::Restart).account("/CN=b");
        let report = case.run();
        let account = Answer::Account {
            uid: 41,
            primary_gids: vec![42],
            secondary_gids: vec![43],
            pool_index: Some("dummy%2041%2042".to_owned()),
        };
        let expected = [account.clone(), Answer::Done, account];
        assert_eq!(
            report.answers,
            expected,
            "{}\n{}",
            library.display(),
            report.log
        );
        report.expect_log("lcmaps_dummy_good-plugin_run(): good plugin succeeded");
    }
}

#[test]
fn names_are_looked_up_among_the_accounts_of_the_machine() {
    if !can_fake_accounts() {
        return;
    }
    for library in libraries() {
        let words = "--dummy-username ann --dummy-group staff";
        let case = Case::of_module(&library, &module_file("lcmaps_dummy_good"), words);
        let case = case.accounts("ann:x:5001:6001::/:/bin/sh\n", "staff:x:6002:\n");
        let report = case.username("/CN=a").run();
        assert_eq!(
            report.only(),
            &Answer::Username("ann".to_owned()),
            "{}",
            report.log
        );
        report.expect_log("uid:'5001',pgid:'6002'");
    }
}
