//! `lcmaps_ban_fqan` under a host that records.

use std::fs;
use std::path::PathBuf;

use lcmaps_module_test::module_file;
use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};
use tempfile::TempDir;

/// A ban list and the module that reads it.
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

/// Which entry point is called.
#[derive(Clone, Copy)]
enum Entry {
    Run,
    Verify,
}

impl Fixture {
    fn new(text: &str) -> Self {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let path = scratch.path().join("ban.db");
        fs::write(&path, text).expect("a ban list");
        Self {
            _scratch: scratch,
            path,
        }
    }

    fn without_file() -> Self {
        let fixture = Self::new("");
        fs::remove_file(&fixture.path).expect("the ban list");
        fixture
    }

    fn call(&self, entry: Entry, registered: Option<&std::ffi::CStr>, fqans: &[&str]) -> Outcome {
        let host = RecordingHost::take();
        if let Some(fqan) = registered {
            host.register_fqan(fqan);
        }
        let module = LoadedModule::load(&host, &module_file("lcmaps_ban_fqan"));
        let path = self.path.display().to_string();
        let instance = module.start(&["-banmapfile", &path]);
        let mut arguments = Arguments::dn("/CN=a");
        if !fqans.is_empty() {
            arguments = arguments.fqans(fqans);
        }
        let code = match entry {
            Entry::Run => module.run(instance, &arguments),
            Entry::Verify => module.verify(instance, &arguments),
        };
        assert_eq!(module.terminate(), 0);
        Outcome {
            code,
            mapping: host.mapping(),
            log: host.log(),
            path,
        }
    }

    fn run(&self, fqans: &[&str]) -> Outcome {
        self.call(Entry::Run, None, fqans)
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

#[test]
fn one_banned_fqan_refuses_the_user_wherever_it_stands() {
    let fixture = Fixture::new("\"/vo/bad\"\n");
    for fqans in [
        &["/vo/bad"][..],
        &["/vo/bad", "/vo"],
        &["/vo", "/vo/x", "/vo/bad"],
    ] {
        let outcome = fixture.run(fqans);
        assert_eq!(outcome.code, 1, "{fqans:?}");
        outcome.says(
            "<5>lcmaps_ban_fqan-plugin_run(): FQAN \"/vo/bad\" is found on the ban list: FILE:1",
        );
    }
}

#[test]
fn a_user_none_of_whose_fqans_is_banned_passes_unchanged() {
    let outcome = Fixture::new("\"/vo/bad\"\n").run(&["/vo", "/vo/bad/Role=x", "/vo/BAD"]);
    assert_eq!(outcome.code, 0, "{}", outcome.log);
    assert_eq!(outcome.mapping, Mapping::default());
    outcome.says("<6>lcmaps_ban_fqan-plugin_run(): ban_fqan plugin succeeded");
}

#[test]
fn a_pattern_bans_groups_and_roles_below() {
    let fixture = Fixture::new("/vo/bad*\n");
    assert_eq!(fixture.run(&["/vo/bad/sub/Role=x/Capability=NULL"]).code, 1);
    assert_eq!(fixture.run(&["/vo/good", "/vo"]).code, 0);
}

#[test]
fn fqans_that_ban_nobody_as_they_are_written_are_told_when_the_service_starts() {
    let fixture = Fixture::new("/vo/role=admin\nvo\n/vo/Role=other\n");
    let outcome = fixture.call(Entry::Run, None, &["/vo/Role=admin"]);
    assert_eq!(outcome.code, 0);
    for (line, name) in [(1, "/vo/role=admin"), (2, "vo")] {
        let warning = format!(
            "<4>lcmaps_ban_fqan-plugin_initialize(): {}:{line}: \"{name}\" bans nobody",
            outcome.path
        );
        assert!(outcome.log.contains(&warning), "{}", outcome.log);
    }
    let nearly = "FQAN \"/vo/Role=admin\" is not banned, but in";
    assert!(outcome.log.contains(nearly), "{}", outcome.log);
    assert_eq!(outcome.log.matches("<4>").count(), 3, "{}", outcome.log);
}

#[test]
fn a_user_without_fqans_passes_even_if_there_is_no_list() {
    for fixture in [Fixture::new("*\n"), Fixture::without_file()] {
        let outcome = fixture.run(&[]);
        assert_eq!(outcome.code, 0, "{}", outcome.log);
        outcome.says("<6>lcmaps_ban_fqan-plugin_run(): the user has no FQANs, so none is banned");
    }
}

#[test]
fn a_missing_file_refuses_everybody_with_fqans_and_is_an_error_from_the_start() {
    let outcome = Fixture::without_file().run(&["/vo"]);
    assert_eq!(outcome.code, 1);
    for entry in ["initialize", "run"] {
        outcome.says(&format!(
            "<3>lcmaps_ban_fqan-plugin_{entry}(): cannot use the ban list: FILE does not exist; \
             create it, or correct the path in the configuration; everybody is refused until that is \
             put right; to ban nobody, make an empty file"
        ));
    }
}

#[test]
fn a_broken_line_refuses_everybody_with_fqans() {
    let outcome = Fixture::new("\"/vo/bad\n").run(&["/vo"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.log.contains("the quoted name is not closed"),
        "{}",
        outcome.log
    );
}

#[test]
fn registered_fqans_count_in_place_of_those_of_the_certificate() {
    let fixture = Fixture::new("/vo/bad\n");
    let call = |registered, fqans: &[&str]| fixture.call(Entry::Run, Some(registered), fqans).code;
    assert_eq!(call(c"/vo/bad", &["/vo"]), 1);
    assert_eq!(call(c"/vo/bad", &[]), 1);
    assert_eq!(call(c"/vo", &["/vo/bad"]), 0);
}

#[test]
fn verification_refuses_the_same_users() {
    let fixture = Fixture::new("/vo/bad\n");
    let verify = |fqans: &[&str]| fixture.call(Entry::Verify, None, fqans).code;
    assert_eq!(
        (verify(&["/vo/bad"]), verify(&["/vo"]), verify(&[])),
        (1, 0, 0)
    );
}

#[test]
fn options_that_cannot_work_fail_the_start() {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_ban_fqan"));
    for (words, reason) in [
        (
            &[][..],
            "there is no ban list; name its file with option -banmapfile",
        ),
        (&["-banmapfile"], "option -banmapfile needs a value"),
        (&["-ban"], "unknown option \"-ban\""),
    ] {
        assert_eq!(module.initialize(words), 1, "{words:?}");
        assert!(host.log().contains(reason), "{}", host.log());
    }
    module.terminate();
}
