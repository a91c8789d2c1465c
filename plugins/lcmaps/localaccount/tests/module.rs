//! `lcmaps_localaccount` under a host that records.

use std::fs;

use lcmaps_module_test::module_file;
use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};
use lcmaps_module_test::site::{Kind, Site, refusal_of};

/// An account that every machine has and that is not root's: name, uid, gid.
const SOMEBODY: (&str, u32, u32) = ("daemon", 1, 1);

/// A grid-mapfile.
fn site(map: &str) -> Site {
    Site::new("lcmaps_localaccount", Kind::Accounts, map)
}

#[test]
fn a_listed_user_gets_the_account_with_all_its_groups() {
    let fixture = site("# comment\n\"/CN=a\" daemon\n");
    let outcome = fixture.run(&Arguments::dn("/CN=a"));
    assert_eq!(outcome.code, 0, "{}", outcome.log);
    let mapping = &outcome.mapping;
    assert_eq!(mapping.dn.as_deref(), Some("/CN=a"));
    assert_eq!(
        (mapping.uids.as_slice(), mapping.primary_gids.as_slice()),
        (&[SOMEBODY.1][..], &[SOMEBODY.2][..])
    );
    assert!(
        mapping.secondary_gids.contains(&SOMEBODY.2),
        "the primary group is among the groups"
    );
    assert_eq!(mapping.pool_index, None);
    outcome.says("<6>lcmaps_gridmapfile: Found mapping daemon for \"/CN=a\" (line 2) at @FILE@:2");
    outcome.says("<6>lcmaps_localaccount-plugin_run(): localaccount plugin succeeded");
}

#[test]
fn a_stranger_is_refused_with_the_name_of_the_file() {
    let outcome = site("\"/CN=a\" daemon\n").run(&Arguments::dn("/CN=b"));
    assert_eq!(outcome.code, 1);
    assert_eq!(
        outcome.mapping,
        Mapping {
            dn: Some("/CN=b".to_owned()),
            ..Mapping::default()
        }
    );
    outcome.says("<5>lcmaps_localaccount-plugin_run(): No match for a localaccount for user \"/CN=b\", in @FILE@");
    outcome.says("<6>lcmaps_localaccount-plugin_run(): localaccount plugin failed");
}

#[test]
fn a_refusal_tells_which_line_was_passed_over_and_why() {
    let outcome = site("\"/CN=a\" .pool\n").run(&Arguments::dn("/CN=a"));
    outcome.says(
        "<5>lcmaps_localaccount-plugin_run(): No match for a localaccount for user \"/CN=a\", in @FILE@ \
         (line 1 matches but has no mapping of the wanted kind)",
    );
    let outcome = site("\"/CN=a\"\n\"/CN=a\" .p\n\"/CN=a\" .p\n").run(&Arguments::dn("/CN=a"));
    outcome.says("<4>lcmaps_gridmapfile: Skipping malformed line 1: no mappings. (@FILE@:1)");
    assert!(
        outcome
            .log
            .contains("(line 1 has a name but no mapping, as do 2 more)"),
        "{}",
        outcome.log
    );
}

#[test]
fn a_refusal_tells_of_other_spellings_and_line_ends() {
    let outcome =
        site("\"/CN=a/Email=a@b\" daemon\n").run(&Arguments::dn("/CN=a/emailAddress=a@b"));
    assert!(
        outcome
            .log
            .contains("(line 1 has \"/CN=a/Email=a@b\", which is another name)\n"),
        "{}",
        outcome.log
    );
    let outcome = site("\"/CN=a\" daemon\r\n").run(&Arguments::dn("/CN=b"));
    assert!(
        outcome
            .log
            .contains("(line 1 ends in CR LF; save the file with Unix line ends)\n"),
        "{}",
        outcome.log
    );
}

#[test]
fn an_account_that_does_not_exist_is_not_passed_over() {
    let outcome =
        site("\"/CN=a\" no-such-account\n\"/CN=a\" daemon\n").run(&Arguments::dn("/CN=a"));
    assert_eq!(outcome.code, 1);
    assert!(outcome.mapping.uids.is_empty());
    outcome.says("<4>lcmaps_localaccount-plugin_run(): no user account found with the name \"no-such-account\"");
}

#[test]
fn an_account_with_a_carriage_return_is_explained() {
    let outcome = site("\"/CN=a\" daemon\r\n").run(&Arguments::dn("/CN=a"));
    assert_eq!(outcome.code, 1);
    outcome.says(
        "<4>lcmaps_localaccount-plugin_run(): no user account found with the name \"daemon\" \
         (its line ends in CR LF; save the file with Unix line ends)",
    );
}

#[test]
fn nobody_is_mapped_to_root() {
    let outcome = site("\"/CN=a\" root\n").run(&Arguments::dn("/CN=a"));
    assert_eq!(outcome.code, 1);
    assert!(outcome.mapping.uids.is_empty() && outcome.mapping.secondary_gids.is_empty());
    outcome.says(
        "<3>lcmaps_localaccount-plugin_run(): account root has uid 0, and nobody is mapped to root",
    );
}

#[test]
fn wildcards_are_ordinary_characters() {
    let fixture = site("\"/CN=*\" daemon\n");
    assert_eq!(fixture.run(&Arguments::dn("/CN=a")).code, 1);
    assert_eq!(fixture.run(&Arguments::dn("/CN=*")).code, 0);
}

#[test]
fn a_broken_line_before_the_user_fails_with_its_place() {
    let outcome = site("\"/CN=z daemon\n\"/CN=a\" daemon\n").run(&Arguments::dn("/CN=a"));
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.log.contains(&format!(
            "<3>lcmaps_localaccount-plugin_run(): {}:1:1: ",
            outcome.fill("@FILE@")
        )),
        "{}",
        outcome.log
    );
}

#[test]
fn a_user_may_ask_for_any_account_of_his_line() {
    let fixture = site("\"/CN=a\" daemon,bin\n\"/CN=a\" games\n");
    let uid = |name: &str| {
        let outcome = fixture.run(&Arguments::dn("/CN=a").requested_username(name));
        (outcome.code, outcome.mapping.uids)
    };
    assert_eq!(uid("daemon"), (0, vec![1]));
    assert_eq!(uid("bin"), (0, vec![2]));
    assert_eq!(
        uid("games"),
        (0, vec![5]),
        "another line of his is his as well"
    );
    assert_eq!(uid("sys"), (1, vec![]));
    let outcome = fixture.run(&Arguments::dn("/CN=a").requested_username("sys"));
    assert!(
        outcome
            .log
            .contains("No match for requested localaccount sys for user \"/CN=a\", in "),
        "{}",
        outcome.log
    );
}

#[test]
fn an_empty_name_is_asked_for_and_not_found() {
    let outcome = site("\"/CN=a\" daemon\n").run(&Arguments::dn("/CN=a").requested_username(""));
    assert_eq!(outcome.code, 1);
}

#[test]
fn the_account_of_a_user_verifies() {
    let fixture = site("\"/CN=a\" daemon,bin\n");
    assert_eq!(
        fixture
            .verify(&Arguments::dn("/CN=a").requested_uid(1))
            .mapping
            .uids,
        [1]
    );
    let outcome = fixture.verify(&Arguments::dn("/CN=a").requested_uid(2));
    assert_eq!(
        (outcome.code, outcome.mapping.uids.as_slice()),
        (0, &[2][..])
    );
    outcome.says("<6>lcmaps_localaccount-plugin_verify(): localaccount plugin succeeded");
}

#[test]
fn the_account_of_somebody_else_does_not_verify() {
    let fixture = site("\"/CN=a\" daemon\n\"/CN=b\" bin\n");
    let outcome = fixture.verify(&Arguments::dn("/CN=a").requested_uid(2));
    assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
    assert!(
        outcome
            .log
            .contains("No match for requested localaccount bin for user"),
        "{}",
        outcome.log
    );
}

#[test]
fn a_name_and_a_uid_must_agree() {
    let fixture = site("\"/CN=a\" daemon,bin\n");
    let arguments = Arguments::dn("/CN=a").requested_username("bin");
    assert_eq!(fixture.verify(&arguments.requested_uid(2)).code, 0);
    let arguments = Arguments::dn("/CN=a").requested_username("bin");
    let outcome = fixture.verify(&arguments.requested_uid(1));
    assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
    outcome.says(
        "<5>lcmaps_localaccount-plugin_verify(): account bin has uid 2, not the requested uid 1",
    );
}

#[test]
fn there_must_be_something_to_verify() {
    let fixture = site("\"/CN=a\" root,daemon\n");
    for (arguments, reason) in [
        (Arguments::dn("/CN=a"), "nothing to verify"),
        (
            Arguments::dn("/CN=a").requested_uid(0),
            "uid 0, which nobody is mapped to",
        ),
        (
            Arguments::dn("/CN=a").requested_uid(3_999_999_999),
            "uid 3999999999, which no account has",
        ),
    ] {
        let outcome = fixture.verify(&arguments);
        assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
        assert!(outcome.log.contains(reason), "{}", outcome.log);
    }
}

#[test]
fn a_dn_that_was_registered_before_counts() {
    let fixture = site("\"/CN=a\" daemon\n\"/CN=b\" bin\n");
    let host = RecordingHost::take();
    host.register_dn(c"/CN=b");
    let module = LoadedModule::load(&host, &module_file("lcmaps_localaccount"));
    let instance = module.start(&["-gridmap", &fixture.file.display().to_string()]);
    assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), 0);
    module.terminate();
    assert_eq!(host.mapping().uids, [2]);
}

#[test]
fn a_user_without_a_dn_is_refused() {
    let outcome = site("\"\" daemon\n").run(&Arguments::default());
    assert_eq!(outcome.code, 1);
    let outcome = site("\"\" daemon\n").run(&Arguments::dn(""));
    assert_eq!(outcome.code, 0, "an empty DN is a DN");
}

#[test]
fn a_change_of_the_file_counts_at_once() {
    let fixture = site("\"/CN=a\" daemon\n");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_localaccount"));
    let instance = module.start(&["-GRIDMAPFILE", &fixture.file.display().to_string()]);
    for (text, code) in [
        ("\"/CN=b\" daemon\n", 1),
        ("\"/CN=a\" daemon\n", 0),
        ("", 1),
    ] {
        fs::write(&fixture.file, text).expect("a grid-mapfile");
        assert_eq!(
            module.run(instance, &Arguments::dn("/CN=a")),
            code,
            "{text}"
        );
    }
    fs::remove_file(&fixture.file).expect("a grid-mapfile");
    assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), 1);
    assert!(
        host.log().contains("cannot use the grid-mapfile: "),
        "{}",
        host.log()
    );
    module.terminate();
}

#[test]
fn two_instances_read_two_files() {
    let (one, two) = (site("\"/CN=a\" daemon\n"), site("\"/CN=a\" bin\n"));
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_localaccount"));
    let one = module.start(&["-gridmapfile", &one.file.display().to_string()]);
    let two = module.start(&["-gridmapfile", &two.file.display().to_string()]);
    assert_eq!(module.run(two, &Arguments::dn("/CN=a")), 0);
    assert_eq!(module.run(one, &Arguments::dn("/CN=a")), 0);
    assert_eq!(host.mapping().uids, [2, 1]);
    module.terminate();
    module.terminate();
}

#[test]
fn options_that_cannot_work_fail_the_start() {
    let log = refusal_of("lcmaps_localaccount", &["-gridmapfil", "/etc/grid-mapfile"]);
    let expected = "unknown option \"-gridmapfil\"; known options: -gridmapfile -GRIDMAPFILE -gridmap -GRIDMAP\n";
    assert!(log.contains(expected), "{log}");
    assert!(
        refusal_of("lcmaps_localaccount", &["-gridmap"])
            .contains("option -gridmap needs a value: the grid-mapfile\n")
    );
    assert!(
        refusal_of("lcmaps_localaccount", &["-gridmapfile", ""])
            .contains("option -gridmapfile needs a value")
    );
    assert!(
        refusal_of("lcmaps_localaccount", &["-gridmapfile", "no-such-file"])
            .contains("no-such-file")
    );
}

#[test]
fn the_last_of_repeated_options_counts() {
    let (one, two) = (site("\"/CN=a\" daemon\n"), site("\"/CN=a\" bin\n"));
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_localaccount"));
    let (one, two) = (
        &one.file.display().to_string(),
        &two.file.display().to_string(),
    );
    let instance = module.start(&["-gridmapfile", one, "-gridmap", two]);
    assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), 0);
    assert_eq!(host.mapping().uids, [2]);
    module.terminate();
}
