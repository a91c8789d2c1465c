//! `lcmaps_voms_localgroup` under a host that records, with made-up groups.

use std::fs;

use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};
use lcmaps_module_test::site::{Kind, Outcome, Site, refusal_of, run_two};
use lcmaps_module_test::{module_file, with_accounts};

const MODULE: &str = "lcmaps_voms_localgroup";

/// Kinds of credential data, as `lcmaps_cred_data.h` numbers them.
const PRIMARY_GID: i32 = 20;
const VO_MAPPING: i32 = 110;

const GROUP: &str = "root:x:0:\nstaff:x:6001:\nother:x:6002:\natlas:x:6003:\n";

fn site(map: &str) -> Site {
    Site::new(MODULE, Kind::Groups, map)
}

fn with_site(map: &str, test: impl FnOnce(&Site)) {
    with_accounts("root:x:0:0::/root:/bin/sh\n", GROUP, || test(&site(map)));
}

fn user(fqans: &[&str]) -> Arguments {
    Arguments::dn("/CN=a").fqans(fqans)
}

/// Primary and secondary gids.
fn gids(outcome: &Outcome) -> (&[u32], &[u32]) {
    (
        &outcome.mapping.primary_gids,
        &outcome.mapping.secondary_gids,
    )
}

const MAP: &str = "/vo/a staff\n/vo/b other\n\"/vo*\" atlas\n";

#[test]
fn the_first_fqan_gives_the_primary_group_and_the_others_secondary_ones() {
    with_site(MAP, |site| {
        let outcome = site.run(&user(&["/vo/b", "/vo/a", "/vo/c"]));
        assert_eq!(outcome.code, 0, "{}", outcome.log);
        assert_eq!(gids(&outcome), (&[6002][..], &[6001, 6003][..]));
        let expected = [
            ("/vo/b", "other", 6002),
            ("/vo/a", "staff", 6001),
            ("/vo/c", "atlas", 6003),
        ];
        let expected = expected.map(|(fqan, group, gid)| (fqan.to_owned(), group.to_owned(), gid));
        assert_eq!(outcome.mapping.vo_mappings, expected);
        assert_eq!(
            (&outcome.mapping.dn, &*outcome.mapping.uids),
            (&None, &[][..])
        );
        outcome
            .says("<6>lcmaps_gridmapfile: Found mapping other for \"/vo/b\" (line 2) at @FILE@:2");
        outcome.says("<6>lcmaps_voms_localgroup-plugin_run(): voms_localgroup plugin succeeded");
    });
}

#[test]
fn if_the_first_fqan_has_no_group_there_is_no_primary_group() {
    with_site(MAP, |site| {
        let outcome = site.run(&user(&["/other", "/vo/a"]));
        assert_eq!((outcome.code, gids(&outcome)), (0, (&[][..], &[6001][..])));
        outcome.says("<6>lcmaps_voms_localgroup-plugin_run(): No match for a VOMS localgroup for FQAN 1, \"/other\", in @FILE@");
    });
}

#[test]
fn groups_that_never_count_are_told_with_their_line() {
    let map = "\"/vo/*\" staff,other\n/vo/my group atlas\n/ok staff .pool\n";
    with_site(map, |site| {
        let outcome = site.run(&user(&["/vo/a"]));
        assert_eq!(gids(&outcome), (&[6001][..], &[][..]));
        outcome.says("<4>lcmaps_voms_localgroup-plugin_run(): @FILE@:1: of the groups for \"/vo/*\" only \"staff\" counts, \"other\" never does; write the one that is meant first; no line gives several groups");
        outcome.says("<4>lcmaps_voms_localgroup-plugin_run(): @FILE@:2: of the groups for \"/vo/my\" only \"group\" counts, \"atlas\" never does; put the FQAN in double quotes if there is a blank in it");
        assert_eq!(outcome.log.matches("<4>").count(), 2, "{}", outcome.log);
    });
}

#[test]
fn an_fqan_in_another_case_is_pointed_out() {
    with_site("/vo/Role=prod staff\n", |site| {
        let outcome = site.run_with(&["-mapmin", "1"], &user(&["/vo/role=PROD"]));
        assert_eq!(outcome.code, 1);
        outcome.mentions("line 1 has \"/vo/Role=prod\", which differs in upper and lower case");
    });
}

#[test]
fn a_byte_order_mark_is_passed_over_with_a_warning() {
    with_site("\u{feff}/vo/a staff\n", |site| {
        let outcome = site.run(&user(&["/vo/a"]));
        assert_eq!(gids(&outcome), (&[6001][..], &[][..]));
        outcome.mentions("<4>lcmaps_gridmapfile: @FILE@:1: passing over the byte order mark");
    });
}

#[test]
fn an_option_makes_all_groups_secondary() {
    with_site(MAP, |site| {
        let outcome = site.run_with(&["--map-to-secondary-groups"], &user(&["/vo/a", "/vo/b"]));
        assert_eq!(
            (outcome.code, gids(&outcome)),
            (0, (&[][..], &[6001, 6002][..]))
        );
    });
}

#[test]
fn by_default_a_user_without_any_group_passes() {
    with_site(MAP, |site| {
        let outcome = site.run(&user(&["/none"]));
        assert_eq!((outcome.code, outcome.mapping), (0, Mapping::default()));
    });
}

#[test]
fn mapall_demands_a_group_for_each_fqan() {
    with_site("/vo/a staff\n/vo/b .pool\n", |site| {
        assert_eq!(site.run_with(&["-mapall"], &user(&["/vo/a"])).code, 0);
        for fqans in [["/vo/a", "/vo/b"], ["/vo/b", "/vo/a"]] {
            let outcome = site.run_with(&["-mapall"], &user(&fqans));
            assert_eq!(
                (outcome.code, outcome.mapping.clone()),
                (1, Mapping::default()),
                "no half of a mapping"
            );
            outcome.mentions(
                "<4>lcmaps_voms_localgroup-plugin_run(): No match for a VOMS localgroup for FQAN ",
            );
            outcome.mentions("\"/vo/b\", in @FILE@ (line 2 matches but has no mapping of the wanted kind); option -mapall demands one for each FQAN\n");
        }
    });
}

#[test]
fn mapmin_demands_so_many_groups() {
    with_site("/vo/a staff\n/vo/b other\n", |site| {
        let code =
            |least: &str, fqans: &[&str]| site.run_with(&["-mapmin", least], &user(fqans)).code;
        assert_eq!(code("0", &["/none"]), 0);
        assert_eq!(code("1", &["/none"]), 1);
        assert_eq!(code("1", &["/none", "/vo/b"]), 0);
        assert_eq!(code("2", &["/vo/a", "/vo/b"]), 0);
        let outcome = site.run_with(&["-mapmin", "2"], &user(&["/vo/a", "/vo/b/Role=NULL"]));
        assert_eq!(
            (outcome.code, outcome.mapping.clone()),
            (1, Mapping::default())
        );
        outcome.says(
            "<5>lcmaps_voms_localgroup-plugin_run(): Not enough groups found. The minimum is set to 2 (option -mapmin). \
             The plugin found 1; no match for a VOMS localgroup in @FILE@: \
             \"/vo/b/Role=NULL\" (line 2 has \"/vo/b\", which is another name)",
        );
    });
}

#[test]
fn a_user_without_fqans_is_refused() {
    with_site("\"*\" staff\n", |site| {
        for words in [&[][..], &["-mapmin", "0"]] {
            let outcome = site.run_with(words, &Arguments::dn("/CN=a"));
            assert_eq!(
                (outcome.code, outcome.mapping.clone()),
                (1, Mapping::default())
            );
            outcome.mentions("no (valid) VOMS groups found --> no mapping: the user has no FQANs");
        }
    });
}

#[test]
fn a_group_that_does_not_exist_or_is_roots_fails_the_run() {
    with_site(
        "/vo/a staff\n/vo/g ghost\n/vo/r root\n/vo/w staff\r\n",
        |site| {
            for (fqan, line) in [
                (
                    "/vo/g",
                    "<4>lcmaps_voms_localgroup-plugin_run(): no group found with the name \"ghost\"",
                ),
                (
                    "/vo/r",
                    "<3>lcmaps_voms_localgroup-plugin_run(): group root has gid 0, and nobody is mapped to root's group",
                ),
                (
                    "/vo/w",
                    "<4>lcmaps_voms_localgroup-plugin_run(): no group found with the name \"staff\" (its line ends in CR LF; save the file with Unix line ends)",
                ),
            ] {
                let outcome = site.run(&user(&["/vo/a", fqan]));
                assert_eq!(
                    (outcome.code, outcome.mapping.clone()),
                    (1, Mapping::default()),
                    "{fqan}"
                );
                outcome.says(line);
            }
        },
    );
}

#[test]
fn a_broken_line_and_a_missing_file_fail_with_their_place() {
    with_site("\"/vo\n/vo/b other\n", |site| {
        let outcome = site.run(&user(&["/vo/b"]));
        assert_eq!(outcome.code, 1);
        outcome.mentions("<3>lcmaps_voms_localgroup-plugin_run(): @FILE@:1:1: ");
        fs::remove_file(&site.file).expect("the map file");
        let outcome = site.run(&user(&["/vo/b"]));
        assert_eq!(outcome.code, 1);
        outcome.mentions("cannot use the groupmapfile: @FILE@ does not exist");
    });
}

#[test]
fn verification_maps_as_a_run_does() {
    with_site(MAP, |site| {
        for fqans in [&["/vo/b", "/vo/a"][..], &["/none"], &[]] {
            let arguments = || {
                if fqans.is_empty() {
                    Arguments::default()
                } else {
                    user(fqans)
                }
            };
            let (run, verification) = (site.run(&arguments()), site.verify(&arguments()));
            assert_eq!(
                (run.code, run.mapping),
                (verification.code, verification.mapping),
                "{fqans:?}"
            );
        }
    });
}

#[test]
fn a_host_that_does_not_take_a_group_fails_the_run() {
    with_site(MAP, |site| {
        for kind in [PRIMARY_GID, VO_MAPPING] {
            let host = RecordingHost::take();
            let module = LoadedModule::load(&host, &module_file(MODULE));
            let words = site.words();
            let instance = module.start(&words.iter().map(String::as_str).collect::<Vec<_>>());
            host.refuse(kind);
            assert_eq!(module.run(instance, &user(&["/vo/a"])), 1);
            assert!(
                host.log().contains("LCMAPS does not take the "),
                "{}",
                host.log()
            );
            module.terminate();
        }
    });
}

#[test]
fn two_instances_read_two_files() {
    with_site("/vo staff\n", |one| {
        let two = site("/vo other\n");
        assert_eq!(
            run_two([one, &two], &user(&["/vo"])).primary_gids,
            [6002, 6001]
        );
    });
}

#[test]
fn options_that_cannot_work_fail_the_start() {
    for (words, reason) in [
        (
            &[][..],
            "no groupmapfile was given: use option -groupmapfile",
        ),
        (
            &["-mapall"],
            "no groupmapfile was given: use option -groupmapfile",
        ),
        (
            &["-gridmapfile", "/x"],
            "unknown option \"-gridmapfile\"; known options: -groupmapfile ",
        ),
        (
            &["-groupmapfile"],
            "option -groupmapfile needs a value: the groupmapfile",
        ),
        (&["-groupmapfile", "no-such-file"], "no-such-file"),
        (
            &["-groupmap", "/x", "-mapmin"],
            "option -mapmin needs a value: a whole number from 0 on",
        ),
        (
            &["-groupmap", "/x", "-mapmin", "-1"],
            "\"-1\" is not a whole number from 0 on",
        ),
        (
            &["-groupmap", "/x", "-mapmin", "1x"],
            "\"1x\" is not a whole number from 0 on",
        ),
        (
            &["-groupmap", "/x", "-mapmin", "2147483648"],
            "\"2147483648\" is not a whole number from 0 on",
        ),
    ] {
        let log = refusal_of(MODULE, words);
        assert!(log.contains(reason), "{reason} not in {log}");
    }
    with_site("/vo staff\n", |site| {
        for option in ["-groupmapfile", "-GROUPMAPFILE", "-groupmap", "-GROUPMAP"] {
            let file = site.file.display().to_string();
            let outcome = site.call(&[option, &file], |module, instance| {
                module.run(instance, &user(&["/vo"]))
            });
            assert_eq!(outcome.mapping.primary_gids, [6001], "{option}");
        }
    });
}
