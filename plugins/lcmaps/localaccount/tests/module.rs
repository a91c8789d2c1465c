//! `lcmaps_localaccount` under a host that records.

use std::fs;
use std::path::PathBuf;

use lcmaps_module_test::module_file;
use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};
use tempfile::TempDir;

/// An account that every machine has and that is not root's: name, uid, gid.
const SOMEBODY: (&str, u32, u32) = ("daemon", 1, 1);

/// A grid-mapfile and the module that reads it.
struct Fixture {
    _scratch: TempDir,
    path: PathBuf,
}

/// What came of one call.
struct Outcome {
    code: i32,
    mapping: Mapping,
    log: String,
    path: String,
}

impl Fixture {
    fn new(text: &str) -> Self {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let path = scratch.path().join("grid-mapfile");
        fs::write(&path, text).expect("a grid-mapfile");
        Self {
            _scratch: scratch,
            path,
        }
    }

    fn call(
        &self,
        call: impl FnOnce(&LoadedModule, lcmaps_module_test::recording::Instance) -> i32,
    ) -> Outcome {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &module_file("lcmaps_localaccount"));
        let path = self.path.display().to_string();
        let instance = module.start(&["-gridmapfile", &path]);
        let code = call(&module, instance);
        assert_eq!(module.terminate(), 0);
        Outcome {
            code,
            mapping: host.mapping(),
            log: host.log(),
            path,
        }
    }

    fn run(&self, arguments: &Arguments) -> Outcome {
        self.call(|module, instance| module.run(instance, arguments))
    }

    fn verify(&self, arguments: &Arguments) -> Outcome {
        self.call(|module, instance| module.verify(instance, arguments))
    }
}

impl Outcome {
    fn says(&self, line: &str) {
        let line = line.replace("FILE", &self.path);
        assert!(
            self.log.contains(&format!("{line}\n")),
            "no line\n  {line}\nin\n{}",
            self.log
        );
    }
}

fn refusal_of(words: &[&str]) -> String {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_localaccount"));
    assert_eq!(module.initialize(words), 1, "{words:?} are accepted");
    assert_eq!(module.terminate(), 0);
    host.log()
}

#[test]
fn a_listed_user_gets_the_account_with_all_its_groups() {
    let fixture = Fixture::new("# comment\n\"/CN=a\" daemon\n");
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
    outcome.says("<6>lcmaps_gridmapfile: Found mapping daemon for \"/CN=a\" (line 2) at FILE:2");
    outcome.says("<6>lcmaps_localaccount-plugin_run(): localaccount plugin succeeded");
}

#[test]
fn a_stranger_is_refused_with_the_name_of_the_file() {
    let outcome = Fixture::new("\"/CN=a\" daemon\n").run(&Arguments::dn("/CN=b"));
    assert_eq!(outcome.code, 1);
    assert_eq!(
        outcome.mapping,
        Mapping {
            dn: Some("/CN=b".to_owned()),
            ..Mapping::default()
        }
    );
    outcome.says("<5>lcmaps_localaccount-plugin_run(): No match for a localaccount for user \"/CN=b\", in FILE");
    outcome.says("<6>lcmaps_localaccount-plugin_run(): localaccount plugin failed");
}

#[test]
fn a_refusal_tells_which_line_was_passed_over_and_why() {
    let outcome = Fixture::new("\"/CN=a\" .pool\n").run(&Arguments::dn("/CN=a"));
    outcome.says(
        "<5>lcmaps_localaccount-plugin_run(): No match for a localaccount for user \"/CN=a\", in FILE \
         (line 1 matches but has no mapping of the wanted kind)",
    );
    let outcome =
        Fixture::new("\"/CN=a\"\n\"/CN=a\" .p\n\"/CN=a\" .p\n").run(&Arguments::dn("/CN=a"));
    outcome.says("<4>lcmaps_gridmapfile: Skipping malformed line 1: no mappings. (FILE:1)");
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
        Fixture::new("\"/CN=a/Email=a@b\" daemon\n").run(&Arguments::dn("/CN=a/emailAddress=a@b"));
    assert!(
        outcome
            .log
            .contains("(line 1 has \"/CN=a/Email=a@b\", which is another name)\n"),
        "{}",
        outcome.log
    );
    let outcome = Fixture::new("\"/CN=a\" daemon\r\n").run(&Arguments::dn("/CN=b"));
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
        Fixture::new("\"/CN=a\" no-such-account\n\"/CN=a\" daemon\n").run(&Arguments::dn("/CN=a"));
    assert_eq!(outcome.code, 1);
    assert!(outcome.mapping.uids.is_empty());
    outcome.says("<4>lcmaps_localaccount-plugin_run(): no user account found with the name \"no-such-account\"");
}

#[test]
fn an_account_with_a_carriage_return_is_explained() {
    let outcome = Fixture::new("\"/CN=a\" daemon\r\n").run(&Arguments::dn("/CN=a"));
    assert_eq!(outcome.code, 1);
    outcome.says(
        "<4>lcmaps_localaccount-plugin_run(): no user account found with the name \"daemon\" \
         (its line ends in CR LF; save the file with Unix line ends)",
    );
}

#[test]
fn nobody_is_mapped_to_root() {
    let outcome = Fixture::new("\"/CN=a\" root\n").run(&Arguments::dn("/CN=a"));
    assert_eq!(outcome.code, 1);
    assert!(outcome.mapping.uids.is_empty() && outcome.mapping.secondary_gids.is_empty());
    outcome.says(
        "<3>lcmaps_localaccount-plugin_run(): account root has uid 0, and nobody is mapped to root",
    );
}

#[test]
fn wildcards_are_ordinary_characters() {
    let fixture = Fixture::new("\"/CN=*\" daemon\n");
    assert_eq!(fixture.run(&Arguments::dn("/CN=a")).code, 1);
    assert_eq!(fixture.run(&Arguments::dn("/CN=*")).code, 0);
}

#[test]
fn a_broken_line_before_the_user_fails_with_its_place() {
    let outcome = Fixture::new("\"/CN=z daemon\n\"/CN=a\" daemon\n").run(&Arguments::dn("/CN=a"));
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.log.contains(&format!(
            "<3>lcmaps_localaccount-plugin_run(): {}:1:1: ",
            outcome.path
        )),
        "{}",
        outcome.log
    );
}

#[test]
fn a_user_may_ask_for_any_account_of_his_line() {
    let fixture = Fixture::new("\"/CN=a\" daemon,bin\n\"/CN=a\" games\n");
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
    let outcome =
        Fixture::new("\"/CN=a\" daemon\n").run(&Arguments::dn("/CN=a").requested_username(""));
    assert_eq!(outcome.code, 1);
}

#[test]
fn the_account_of_a_user_verifies() {
    let fixture = Fixture::new("\"/CN=a\" daemon,bin\n");
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
    let fixture = Fixture::new("\"/CN=a\" daemon\n\"/CN=b\" bin\n");
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
    let fixture = Fixture::new("\"/CN=a\" daemon,bin\n");
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
    let fixture = Fixture::new("\"/CN=a\" root,daemon\n");
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
    let fixture = Fixture::new("\"/CN=a\" daemon\n\"/CN=b\" bin\n");
    let host = RecordingHost::take();
    host.register_dn(c"/CN=b");
    let module = LoadedModule::load(&host, &module_file("lcmaps_localaccount"));
    let instance = module.start(&["-gridmap", &fixture.path.display().to_string()]);
    assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), 0);
    module.terminate();
    assert_eq!(host.mapping().uids, [2]);
}

#[test]
fn a_user_without_a_dn_is_refused() {
    let outcome = Fixture::new("\"\" daemon\n").run(&Arguments::default());
    assert_eq!(outcome.code, 1);
    let outcome = Fixture::new("\"\" daemon\n").run(&Arguments::dn(""));
    assert_eq!(outcome.code, 0, "an empty DN is a DN");
}

#[test]
fn a_change_of_the_file_counts_at_once() {
    let fixture = Fixture::new("\"/CN=a\" daemon\n");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_localaccount"));
    let instance = module.start(&["-GRIDMAPFILE", &fixture.path.display().to_string()]);
    for (text, code) in [
        ("\"/CN=b\" daemon\n", 1),
        ("\"/CN=a\" daemon\n", 0),
        ("", 1),
    ] {
        fs::write(&fixture.path, text).expect("a grid-mapfile");
        assert_eq!(
            module.run(instance, &Arguments::dn("/CN=a")),
            code,
            "{text}"
        );
    }
    fs::remove_file(&fixture.path).expect("a grid-mapfile");
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
    let (one, two) = (
        Fixture::new("\"/CN=a\" daemon\n"),
        Fixture::new("\"/CN=a\" bin\n"),
    );
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_localaccount"));
    let one = module.start(&["-gridmapfile", &one.path.display().to_string()]);
    let two = module.start(&["-gridmapfile", &two.path.display().to_string()]);
    assert_eq!(module.run(two, &Arguments::dn("/CN=a")), 0);
    assert_eq!(module.run(one, &Arguments::dn("/CN=a")), 0);
    assert_eq!(host.mapping().uids, [2, 1]);
    module.terminate();
    module.terminate();
}

#[test]
fn options_that_cannot_work_fail_the_start() {
    let log = refusal_of(&["-gridmapfil", "/etc/grid-mapfile"]);
    let expected = "unknown option \"-gridmapfil\"; known options: -gridmapfile -GRIDMAPFILE -gridmap -GRIDMAP\n";
    assert!(log.contains(expected), "{log}");
    assert!(
        refusal_of(&["-gridmap"]).contains("option -gridmap needs a value: the grid-mapfile\n")
    );
    assert!(refusal_of(&["-gridmapfile", ""]).contains("option -gridmapfile needs a value"));
    assert!(refusal_of(&["-gridmapfile", "no-such-file"]).contains("no-such-file"));
}

#[test]
fn the_last_of_repeated_options_counts() {
    let (one, two) = (
        Fixture::new("\"/CN=a\" daemon\n"),
        Fixture::new("\"/CN=a\" bin\n"),
    );
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_localaccount"));
    let (one, two) = (
        &one.path.display().to_string(),
        &two.path.display().to_string(),
    );
    let instance = module.start(&["-gridmapfile", one, "-gridmap", two]);
    assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), 0);
    assert_eq!(host.mapping().uids, [2]);
    module.terminate();
}
