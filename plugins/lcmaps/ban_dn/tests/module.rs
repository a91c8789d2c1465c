//! `lcmaps_ban_dn` under a host that records.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use lcmaps_module_test::module_file;
use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};
use tempfile::TempDir;

/// A ban list and the module that reads it.
struct Fixture {
    scratch: TempDir,
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
        let path = scratch.path().join("ban.db");
        fs::write(&path, text).expect("a ban list");
        Self { scratch, path }
    }

    fn call(
        &self,
        more: &[&str],
        call: impl FnOnce(&LoadedModule, lcmaps_module_test::recording::Instance) -> i32,
    ) -> Outcome {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &module_file("lcmaps_ban_dn"));
        let path = self.path.display().to_string();
        let words: Vec<&str> = ["-banmapfile", &path]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        let instance = module.start(&words);
        let code = call(&module, instance);
        assert_eq!(module.terminate(), 0);
        Outcome {
            code,
            mapping: host.mapping(),
            log: host.log(),
            path,
        }
    }

    fn run(&self, dn: &str) -> Outcome {
        self.call(&[], |module, instance| {
            module.run(instance, &Arguments::dn(dn))
        })
    }
}

impl Outcome {
    fn mentions(&self, text: &str) {
        let text = text.replace("FILE", &self.path);
        assert!(self.log.contains(&text), "no\n  {text}\nin\n{}", self.log);
    }

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
fn a_listed_user_is_refused_with_the_line_that_bans_him() {
    let outcome = Fixture::new("# remark\n\n\"/CN=bad\"\n").run("/CN=bad");
    assert_eq!(outcome.code, 1);
    outcome.says("<5>lcmaps_ban_dn-plugin_run(): DN \"/CN=bad\" is found on the ban list: FILE:3");
    outcome.says("<6>lcmaps_ban_dn-plugin_run(): ban_dn plugin failed");
}

#[test]
fn everybody_else_passes_and_only_his_dn_is_registered() {
    let outcome = Fixture::new("\"/CN=bad\"\n").run("/CN=good");
    assert_eq!(outcome.code, 0, "{}", outcome.log);
    let expected = Mapping {
        dn: Some("/CN=good".to_owned()),
        ..Mapping::default()
    };
    assert_eq!(outcome.mapping, expected);
    outcome.says("<6>lcmaps_ban_dn-plugin_run(): ban_dn plugin succeeded");
}

#[test]
fn names_are_compared_whole_and_letter_by_letter() {
    let fixture = Fixture::new("\"/CN=bad\"\n");
    for (dn, code) in [
        ("/CN=bad", 1),
        ("/CN=BAD", 0),
        ("/CN=bad/CN=proxy", 0),
        ("/CN=ba", 0),
        ("", 0),
    ] {
        assert_eq!(fixture.run(dn).code, code, "{dn:?}");
    }
}

#[test]
fn a_pattern_bans_all_whom_it_fits_and_is_named() {
    let outcome = Fixture::new("\"/O=Evil/*\"\n").run("/O=Evil/OU=a/CN=b");
    assert_eq!(outcome.code, 1);
    outcome.says(
        "<5>lcmaps_ban_dn-plugin_run(): DN \"/O=Evil/OU=a/CN=b\" is found on the ban list: \
         FILE:1 by \"/O=Evil/*\"",
    );
    assert_eq!(Fixture::new("/CN=[ab]?\n").run("/CN=bc").code, 1);
    assert_eq!(Fixture::new("/CN=[ab]?\n").run("/CN=cc").code, 0);
}

#[test]
fn patterns_can_be_switched_off_by_every_spelling() {
    let fixture = Fixture::new("\"/CN=*\"\n");
    for option in [
        "-no_wildcard",
        "-disablewildcard",
        "-disablewildcards",
        "--disablewildcard",
        "--disablewildcards",
    ] {
        let run = |dn| {
            fixture
                .call(&[option], |module, instance| {
                    module.run(instance, &Arguments::dn(dn))
                })
                .code
        };
        assert_eq!((run("/CN=a"), run("/CN=*")), (0, 1), "{option}");
    }
}

#[test]
fn what_stands_behind_the_name_does_not_matter() {
    let fixture = Fixture::new("\"/CN=a\" .pool, someone # since May\n/CN=b\tx\n\"/CN=c\"d\n");
    for dn in ["/CN=a", "/CN=b", "/CN=c"] {
        assert_eq!(fixture.run(dn).code, 1, "{dn}");
    }
}

#[test]
fn a_missing_file_refuses_everybody_and_is_an_error_from_the_start() {
    let fixture = Fixture::new("");
    fs::remove_file(&fixture.path).expect("the ban list");
    let outcome = fixture.run("/CN=good");
    assert_eq!(outcome.code, 1);
    for entry in ["initialize", "run"] {
        outcome.says(&format!(
            "<3>lcmaps_ban_dn-plugin_{entry}(): cannot use the ban list: FILE does not exist; create \
             it, or correct the path in the configuration; everybody is refused until that is put \
             right; to ban nobody, make an empty file"
        ));
    }
}

#[test]
fn a_broken_line_refuses_everybody_and_is_told_with_its_place() {
    for text in ["\"/CN=bad\n", "/CN=bad\\\n", "\"/CN=x\"\n/CN=a\0b\n"] {
        let outcome = Fixture::new(text).run("/CN=good");
        assert_eq!(outcome.code, 1, "{text:?}");
        let line = text.lines().count();
        for entry in ["initialize", "run"] {
            let expected = format!(
                "<3>lcmaps_ban_dn-plugin_{entry}(): cannot use the ban list: {}:{line}:",
                outcome.path
            );
            assert!(outcome.log.contains(&expected), "{text:?}\n{}", outcome.log);
        }
    }
}

#[test]
fn a_file_that_is_none_refuses_everybody() {
    let fixture = Fixture::new("");
    fs::remove_file(&fixture.path).expect("the ban list");
    fs::create_dir(&fixture.path).expect("a folder in its place");
    let outcome = fixture.run("/CN=good");
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.log.contains("is no regular file"),
        "{}",
        outcome.log
    );
}

#[test]
fn an_empty_file_bans_nobody_and_draws_no_remark() {
    let outcome = Fixture::new("").run("/CN=good");
    assert_eq!(outcome.code, 0);
    assert!(!outcome.log.contains("<3>") && !outcome.log.contains("<4>"));
}

#[test]
fn a_ban_holds_although_the_file_has_line_ends_of_another_system() {
    let fixture = Fixture::new("/CN=bad\r\n\"/CN=worse\"\r\n/CN=evil*\r\n");
    for (dn, code) in [
        ("/CN=bad", 1),
        ("/CN=worse", 1),
        ("/CN=evil one", 1),
        ("/CN=good", 0),
    ] {
        assert_eq!(fixture.run(dn).code, code, "{dn}");
    }
}

#[test]
fn another_spelling_of_a_banned_name_passes_with_a_warning() {
    let outcome = Fixture::new("\n\"/CN=a/Email=a@b\"\n").run("/CN=a/emailAddress=a@b");
    assert_eq!(outcome.code, 0);
    outcome.says(
        "<4>lcmaps_ban_dn-plugin_run(): DN \"/CN=a/emailAddress=a@b\" is not banned, but in FILE \
         line 2 has \"/CN=a/Email=a@b\", which is another name",
    );
}

#[test]
fn lines_that_ban_nobody_are_told_once_when_the_service_starts() {
    let fixture = Fixture::new(
        "\"/CN=ok\"\nCN=a,O=b\n'/CN=c d'\n/C=NL/CN=Alice Tester\n\"/CN=a/CN=12345\"\n\"/CN=[a\"\n",
    );
    let outcome = fixture.call(&[], |module, instance| {
        (0..3)
            .map(|_| module.run(instance, &Arguments::dn("/CN=good")))
            .sum()
    });
    assert_eq!(outcome.code, 0);
    for line in 2..=6 {
        let start = format!(
            "<4>lcmaps_ban_dn-plugin_initialize(): {}:{line}: \"",
            outcome.path
        );
        assert!(outcome.log.contains(&start), "{start}\n{}", outcome.log);
    }
    assert_eq!(outcome.log.matches("<4>").count(), 5, "{}", outcome.log);
}

#[test]
fn lines_of_a_changed_list_that_ban_nobody_are_told_to_the_first_user_only() {
    let fixture = Fixture::new("\"/CN=ok\"\n");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_ban_dn"));
    let instance = module.start(&["-banmapfile", &fixture.path.display().to_string()]);
    let run = || module.run(instance, &Arguments::dn("/CN=good"));
    assert_eq!(run(), 0);
    assert!(!host.log().contains("<4>"), "{}", host.log());
    let fresh = fixture.scratch.path().join("fresh");
    fs::write(&fresh, "CN=a,O=b\n").expect("a ban list");
    fs::rename(&fresh, &fixture.path).expect("put in place");
    assert_eq!((run(), run(), run()), (0, 0, 0));
    let log = host.log();
    assert_eq!(log.matches("bans nobody").count(), 1, "{log}");
    assert_eq!(module.terminate(), 0);
}

#[test]
fn a_huge_list_is_looked_through_when_a_second_user_comes() {
    let fixture = Fixture::new(&(lines(50_000, "\n") + "CN=a,O=b\n"));
    let times = |users: usize| {
        let outcome = fixture.call(&[], |module, instance| {
            (0..users)
                .map(|_| module.run(instance, &Arguments::dn("/CN=good")))
                .sum()
        });
        outcome.log.matches("bans nobody").count()
    };
    assert_eq!((times(1), times(2), times(4)), (0, 1, 1));
}

#[test]
fn a_byte_order_mark_does_not_undo_the_first_ban() {
    for more in [0, 10_000] {
        let fixture = Fixture::new(&format!("\u{feff}\"/CN=bad\"\n{}", lines(more, "\n")));
        assert_eq!(fixture.run("/CN=bad").code, 1, "{more}");
        let outcome = fixture.run("/CN=good");
        assert_eq!(outcome.code, 0);
        assert!(
            outcome.log.contains("byte order mark"),
            "{more}\n{}",
            outcome.log
        );
    }
}

#[test]
fn a_name_that_is_nearly_listed_passes_with_a_warning() {
    for (list, dn) in [
        ("\"/C=NL/CN=alice tester\"\n", "/C=NL/CN=Alice Tester"),
        ("\"/C=NL/CN=Alice  Tester\"\n", "/C=NL/CN=Alice Tester"),
        ("/C=NL/CN=Alice Tester\n", "/C=NL/CN=Alice Tester"),
        ("\"/CN=a/Email=a@*\"\n", "/CN=a/emailAddress=a@b"),
    ] {
        let outcome = Fixture::new(list).run(dn);
        assert_eq!(outcome.code, 0, "{list}");
        outcome.mentions(&format!(
            "<4>lcmaps_ban_dn-plugin_run(): DN \"{dn}\" is not banned, but in FILE line 1 "
        ));
        let other = Fixture::new(list).run("/C=NL/CN=Bob");
        assert!(!other.log.contains("not banned, but"), "{}", other.log);
    }
}

#[test]
fn of_two_lists_the_last_one_counts_and_the_other_is_told() {
    let (one, two) = (Fixture::new("/CN=a\n"), Fixture::new("/CN=b\n"));
    let second = two.path.display().to_string();
    let outcome = one.call(&["-gridmapfile", &second], |module, instance| {
        module.run(instance, &Arguments::dn("/CN=b"))
    });
    assert_eq!(outcome.code, 1);
    outcome.mentions(
        "<4>lcmaps_ban_dn-plugin_initialize(): the ban list FILE is not used, for only the last",
    );
    let same = one.path.display().to_string();
    let outcome = one.call(&["-gridmapfile", &same], |_, _| 0);
    assert!(!outcome.log.contains("is not used"), "{}", outcome.log);
}

#[test]
fn a_ban_takes_effect_with_the_next_user() {
    let fixture = Fixture::new("");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_ban_dn"));
    let instance = module.start(&["-BANMAPFILE", &fixture.path.display().to_string()]);
    let run = || module.run(instance, &Arguments::dn("/CN=a"));
    assert_eq!(run(), 0);
    let fresh = fixture.scratch.path().join("fresh");
    for (text, code) in [("\"/CN=a\"\n", 1), ("\"/CN=b\"\n", 0), ("/CN=?\n", 1)] {
        fs::write(&fresh, text).expect("a ban list");
        fs::rename(&fresh, &fixture.path).expect("put in place");
        assert_eq!(run(), code, "{text}");
    }
    fs::remove_file(&fixture.path).expect("the ban list");
    assert_eq!(run(), 1, "a list that went away");
    symlink("/dev/null", &fixture.path).expect("a link");
    assert_eq!(run(), 1, "no regular file");
    assert_eq!(module.terminate(), 0);
}

/// So many lines with names that nobody in these tests has.
fn lines(count: usize, end: &str) -> String {
    (0..count)
        .map(|n| format!("\"/O=Test/OU=Somebody/CN=number {n}\"{end}"))
        .collect()
}

#[test]
fn the_last_line_of_a_long_list_bans() {
    // Below and above the size from which files are read through instead of kept.
    for count in [100, 10_000, 50_000] {
        for end in ["\n", "\r\n"] {
            let fixture = Fixture::new(&(lines(count, end) + "/CN=bad" + end));
            let outcome = fixture.run("/CN=bad");
            assert_eq!(outcome.code, 1, "{count} {end:?}");
            outcome.says(&format!(
                "<5>lcmaps_ban_dn-plugin_run(): DN \"/CN=bad\" is found on the ban list: FILE:{}{}",
                count + 1,
                if end == "\n" {
                    ""
                } else {
                    " by \"/CN=bad\\x0d\""
                }
            ));
            assert_eq!(fixture.run("/CN=good").code, 0, "{count} {end:?}");
        }
    }
}

#[test]
fn a_broken_last_line_of_a_long_list_refuses_everybody() {
    for count in [100, 10_000, 50_000] {
        let outcome = Fixture::new(&(lines(count, "\n") + "\"/CN=bad\n")).run("/CN=good");
        assert_eq!(outcome.code, 1, "{count}");
        assert!(
            outcome.log.contains("the quoted name is not closed"),
            "{count}\n{}",
            outcome.log
        );
    }
}

#[test]
fn verification_refuses_the_same_users() {
    let fixture = Fixture::new("\"/CN=bad\"\n");
    let verify = |dn| {
        fixture
            .call(&[], |module, instance| {
                module.verify(instance, &Arguments::dn(dn))
            })
            .code
    };
    assert_eq!((verify("/CN=bad"), verify("/CN=good")), (1, 0));
}

#[test]
fn the_dn_that_an_earlier_module_registered_is_the_one_looked_for() {
    let fixture = Fixture::new("\"/CN=registered\"\n");
    let host = RecordingHost::take();
    host.register_dn(c"/CN=registered");
    let module = LoadedModule::load(&host, &module_file("lcmaps_ban_dn"));
    let instance = module.start(&["-ban_mapfile", &fixture.path.display().to_string()]);
    assert_eq!(module.run(instance, &Arguments::dn("/CN=stated")), 1);
    assert_eq!(module.terminate(), 0);
}

#[test]
fn a_user_without_a_dn_is_refused() {
    let outcome = Fixture::new("").call(&[], |module, instance| {
        module.run(instance, &Arguments::default())
    });
    assert_eq!(outcome.code, 1);
}

#[test]
fn two_instances_have_two_lists() {
    let (one, two) = (Fixture::new("/CN=a\n"), Fixture::new("/CN=b\n"));
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_ban_dn"));
    let start =
        |fixture: &Fixture| module.start(&["-gridmap", &fixture.path.display().to_string()]);
    let (one, two) = (start(&one), start(&two));
    let run = |instance| module.run(instance, &Arguments::dn("/CN=a"));
    assert_eq!((run(one), run(two)), (1, 0));
    module.terminate();
    module.terminate();
}

#[test]
fn options_that_cannot_work_fail_the_start() {
    let refusal = |words: &[&str]| {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &module_file("lcmaps_ban_dn"));
        assert_eq!(module.initialize(words), 1, "{words:?} are accepted");
        assert_eq!(module.terminate(), 0);
        host.log()
    };
    assert!(refusal(&[]).contains("there is no ban list; name its file with option -banmapfile\n"));
    assert!(refusal(&["--disablewildcard"]).contains("there is no ban list"));
    assert!(refusal(&["-banmapfile"]).contains("option -banmapfile needs a value"));
    assert!(refusal(&["-banmapfile", ""]).contains("option -banmapfile needs a value"));
    assert!(refusal(&["-banmapfile", "/x", "-banmap"]).contains("unknown option \"-banmap\""));
    assert!(refusal(&["-banmapfile", "no-such-file"]).contains("no-such-file"));
}
