//! `lcmaps_voms_poolgroup` under a host that records, with made-up groups.

mod site;

use std::fs;

use lcmaps_module_test::recording::{Arguments, Mapping};
use lcmaps_module_test::site::{refusal_of, run_two};
use site::{site, with_site};

const MODULE: &str = "lcmaps_voms_poolgroup";

fn user(fqans: &[&str]) -> Arguments {
    Arguments::dn("/CN=a").fqans(fqans)
}

#[test]
fn each_fqan_gets_a_group_of_its_own_and_keeps_it() {
    with_site("\"/vo*\" .gr\n", &["gr01", "gr02", "gr03"], |site| {
        let first = site.run(&user(&["/vo/a", "/none", "/vo/b"]));
        assert_eq!(first.code, 0, "{}", first.log);
        let gid = |lease: &str| -> u32 {
            let group = site.lease(lease).expect("a lease");
            6000 + group
                .trim_start_matches("gr")
                .parse::<u32>()
                .expect("a number")
        };
        let (a, b) = (gid("%2fvo%2fa"), gid("%2fvo%2fb"));
        assert_ne!(a, b);
        assert_eq!(
            (&*first.mapping.primary_gids, &*first.mapping.secondary_gids),
            (&[a][..], &[b][..])
        );
        assert_eq!(
            (&first.mapping.dn, &first.mapping.pool_index),
            (&None, &None)
        );
        let group = site.lease("%2fvo%2fa").expect("a lease");
        assert_eq!(
            first.mapping.vo_mappings[0],
            ("/vo/a".to_owned(), group.clone(), a)
        );
        first.says(&format!("<6>lcmaps_gridmapdir: Found pool mapping {group} for \"/vo/a\", new lease @DIR@/%2fvo%2fa"));
        first.says("<6>lcmaps_voms_poolgroup-plugin_run(): No match for a VOMS poolgroup for FQAN 2, \"/none\", in @FILE@ and @DIR@");
        let again = site.run(&user(&["/vo/b", "/vo/a"]));
        assert_eq!(
            (&*again.mapping.primary_gids, &*again.mapping.secondary_gids),
            (&[b][..], &[a][..])
        );
        assert_eq!(site.names().len(), 5, "no lease for /none");
    });
}

#[test]
fn leases_are_named_after_the_fqan_as_the_original_does() {
    with_site("\"*\" .gr\n", &["gr01", "gr02", "gr03", "gr04"], |site| {
        let names = [
            ("/vo", "%2fvo"),
            ("/VO/Group_1", "%2fvo%2fgroup%5f1"),
            ("/vo.example.org/a-b", "%2fvo%2eexample%2eorg%2fa%2db"),
            (
                "/vo/Role=NULL/Capability=NULL",
                "%2fvo%2frole%3dnull%2fcapability%3dnull",
            ),
        ];
        for (fqan, lease) in names {
            assert_eq!(site.run(&user(&[fqan])).code, 0, "{fqan}");
            assert!(site.lease(lease).is_some(), "{fqan}: {:?}", site.names());
        }
        for fqan in [
            "",
            "vo",
            "/vo\u{1}../../x",
            &format!("/{}", "x".repeat(300)),
        ] {
            let outcome = site.run(&user(&["/vo", fqan]));
            assert_eq!(
                (outcome.code, outcome.mapping.clone()),
                (1, Mapping::default()),
                "{fqan:?}"
            );
            outcome.mentions("<5>lcmaps_voms_poolgroup-plugin_run(): FQAN \"");
        }
        assert_eq!(site.names().len(), 8);
    });
}

#[test]
fn a_full_pool_is_no_match() {
    with_site("\"/vo*\" .gr\n", &["gr01"], |site| {
        assert_eq!(site.run(&user(&["/vo/a"])).code, 0);
        let outcome = site.run(&user(&["/vo/b"]));
        assert_eq!(
            (outcome.code, outcome.mapping.clone()),
            (0, Mapping::default())
        );
        outcome.says("<5>lcmaps_gridmapdir: no pool-entry available for pool-name gr and lease \"%2fvo%2fb\"");
        outcome.says(
            "<6>lcmaps_voms_poolgroup-plugin_run(): No match for a VOMS poolgroup for FQAN 1, \"/vo/b\", in @FILE@ and @DIR@: \
             no free group in pool gr: all 1 in @DIR@ are leased; add groups, or remove leases that are no longer used",
        );
        for words in [&["-mapall"][..], &["-mapmin", "1"]] {
            let outcome = site.run_with(words, &user(&["/vo/b"]));
            assert_eq!(
                (outcome.code, outcome.mapping.clone()),
                (1, Mapping::default()),
                "{words:?}"
            );
            outcome.mentions("no free group in pool gr");
        }
        assert_eq!(
            site.run_with(&["-mapmin", "1"], &user(&["/vo/b", "/vo/a"]))
                .code,
            0
        );
    });
}

#[test]
fn a_pool_without_groups_is_pointed_out() {
    with_site("\"/vo*\" .grud\n", &["gr01"], |site| {
        let outcome = site.run_with(&["-mapall"], &user(&["/vo"]));
        assert_eq!(outcome.code, 1);
        outcome
            .mentions("no group of pool grud in @DIR@; create an empty file for each group there");
    });
}

#[test]
fn options_count_the_groups_and_make_them_secondary() {
    with_site("\"/vo*\" .gr\n", &["gr01", "gr02"], |site| {
        let outcome = site.run_with(&["--map-to-secondary-groups"], &user(&["/vo"]));
        assert_eq!(
            (
                outcome.mapping.primary_gids.len(),
                outcome.mapping.secondary_gids.len()
            ),
            (0, 1)
        );
        assert_eq!(
            site.run_with(&["-mapall"], &user(&["/vo", "/none"])).code,
            1
        );
        assert_eq!(
            site.run_with(&["-mapmin", "2"], &user(&["/vo", "/none"]))
                .code,
            1
        );
        assert_eq!(
            site.run_with(&["-mapmin", "2"], &user(&["/vo", "/vo/a"]))
                .code,
            0
        );
        assert_eq!(site.run(&Arguments::dn("/CN=a")).code, 1, "no FQANs");
        let outcome = site.run(&user(&["/none", "/vo"]));
        assert_eq!(
            (
                outcome.mapping.primary_gids.len(),
                outcome.mapping.secondary_gids.len()
            ),
            (0, 1)
        );
    });
}

#[test]
fn the_pool_is_its_numbered_groups_unless_an_option_says_otherwise() {
    with_site("\"/vo*\" .gr\n", &["grx", "grid01"], |site| {
        assert_eq!(site.run_with(&["-mapall"], &user(&["/vo"])).code, 1);
        assert_eq!(
            site.run_with(
                &["-mapall", "-strict_poolprefix_match", "yes"],
                &user(&["/vo"])
            )
            .code,
            1
        );
        let outcome = site.run_with(
            &["-mapall", "-strict_poolprefix_match", "no"],
            &user(&["/vo"]),
        );
        assert_eq!(outcome.code, 0, "{}", outcome.log);
    });
}

#[test]
fn a_lease_outside_the_pool_moves_only_if_an_option_says_so() {
    with_site("\"/vo*\" .gr\n", &["gr01", "other01"], |site| {
        site.link("other01", "%2fvo");
        let outcome = site.run_with(&["-mapall"], &user(&["/vo"]));
        assert_eq!(
            (outcome.code, outcome.mapping.clone()),
            (1, Mapping::default())
        );
        outcome.mentions("the lease %2fvo in @DIR@ is for group other01, which is not in pool gr; remove the lease if the FQAN may move, or allow it with -override_inconsistency");
        assert_eq!(site.lease("%2fvo").as_deref(), Some("other01"));
        for option in ["-override_inconsistency", "-OVERRIDE_INCONSISTENCY"] {
            fs::remove_file(site.folder.join("%2fvo")).expect("a lease");
            site.link("other01", "%2fvo");
            let outcome = site.run_with(&[option], &user(&["/vo"]));
            assert_eq!(
                outcome.mapping.primary_gids,
                [6001],
                "{option}: {}",
                outcome.log
            );
        }
    });
}

#[test]
fn verification_finds_leases_and_makes_none() {
    with_site("\"/vo*\" .gr\n", &["gr01", "gr02", "other01"], |site| {
        site.link("gr02", "%2fvo%2fa");
        site.link("other01", "%2fvo%2fc");
        let before = fs::metadata(site.folder.join("gr02"))
            .expect("an entry")
            .modified()
            .expect("a time");
        let outcome = site.verify(&user(&["/vo/a", "/vo/b"]));
        assert_eq!(
            (
                outcome.code,
                &*outcome.mapping.primary_gids,
                outcome.mapping.secondary_gids.len()
            ),
            (0, &[6002][..], 0),
            "{}",
            outcome.log
        );
        outcome.mentions("\"/vo/b\", in @FILE@ and @DIR@: there is no lease %2fvo%2fb");
        assert_eq!(site.verify_with(&["-mapall"], &user(&["/vo/b"])).code, 1);
        assert_eq!(
            site.verify_with(&["-mapall", "-override_inconsistency"], &user(&["/vo/c"]))
                .code,
            1
        );
        assert_eq!(site.verify(&Arguments::dn("/CN=a")).code, 1, "no FQANs");
        assert_eq!(
            site.names(),
            ["%2fvo%2fa", "%2fvo%2fc", "gr01", "gr02", "other01"]
        );
        assert_eq!(site.lease("%2fvo%2fc").as_deref(), Some("other01"));
        let after = fs::metadata(site.folder.join("gr02"))
            .expect("an entry")
            .modified()
            .expect("a time");
        assert_eq!(before, after, "the lease is not marked as used");
    });
}

#[test]
fn groups_that_the_machine_lacks_or_that_are_roots_are_not_leased() {
    with_site(
        "/g .ghost\n/r .wheel\n\"*\" .gr\n",
        &["ghost01", "wheel01", "gr01", "gr00"],
        |site| {
            for (fqan, line) in [
                (
                    "/g",
                    "<3>lcmaps_voms_poolgroup-plugin_run(): @DIR@/ghost01: no group has this name; create it, or remove this file",
                ),
                (
                    "/r",
                    "<3>lcmaps_voms_poolgroup-plugin_run(): @DIR@/wheel01: this group has gid 0, and nobody is mapped to root's group",
                ),
            ] {
                let outcome = site.run(&user(&["/vo", fqan]));
                assert_eq!(
                    (outcome.code, outcome.mapping.clone()),
                    (1, Mapping::default()),
                    "{fqan}"
                );
                outcome.says(line);
            }
            assert_eq!(
                site.run(&user(&["/vo"])).mapping.primary_gids,
                [6001],
                "gr00 is passed over"
            );
            assert_eq!(
                site.names(),
                ["%2fvo", "ghost01", "gr00", "gr01", "wheel01"]
            );
        },
    );
}

#[test]
fn damage_fails_the_run() {
    with_site("/a .gr\n/b .\n\"/c\n", &["gr01"], |site| {
        site.link("gr01", "%2fa");
        site.link("gr01", "x");
        let outcome = site.run(&user(&["/a"]));
        assert_eq!(
            (outcome.code, outcome.mapping.clone()),
            (1, Mapping::default())
        );
        outcome.mentions("has 3 links");
        let outcome = site.run(&user(&["/b"]));
        assert_eq!(outcome.code, 1);
        outcome.says(
            "<3>lcmaps_voms_poolgroup-plugin_run(): @FILE@:2: a pool needs a name behind its dot",
        );
        let outcome = site.run(&user(&["/d"]));
        assert_eq!(outcome.code, 1);
        outcome.mentions("@FILE@:3:1: ");
        fs::remove_dir_all(&site.folder).expect("the groupmapdir");
        let outcome = site.run(&user(&["/none"]));
        assert_eq!(outcome.code, 1);
        outcome.mentions("@DIR@");
    });
}

#[test]
fn without_option_and_variable_there_is_no_folder() {
    with_site("\"*\" .gr\n", &["gr01"], |site| {
        let file = site.file.display().to_string();
        let outcome = site.call(&["-groupmapfile", &file], |module, instance| {
            module.run(instance, &user(&["/vo"]))
        });
        assert_eq!(outcome.code, 1);
        outcome.says("<3>lcmaps_voms_poolgroup-plugin_run(): no groupmapdir: give option -groupmapdir or set environment variable GROUPMAPDIR");
    });
}

#[test]
fn instances_lease_from_their_own_folders() {
    with_site("\"*\" .gr\n", &["gr01"], |one| {
        let two = site("\"*\" .gr\n", &["gr02"]);
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
            &["-groupmapdir", "/x"][..],
            "no groupmapfile was given: use option -groupmapfile",
        ),
        (
            &["-gridmapdir", "/x"],
            "unknown option \"-gridmapdir\"; known options: -groupmapfile ",
        ),
        (
            &["-max_mappings_per_credential", "2"],
            "unknown option \"-max_mappings_per_credential\"",
        ),
        (
            &["-groupmapdir", "x"],
            "option -groupmapdir: \"x\" is not an absolute directory",
        ),
        (
            &["-GROUPMAPDIR"],
            "option -GROUPMAPDIR needs a value: an absolute directory",
        ),
        (
            &["-strict_poolprefix_match", "YES"],
            "\"YES\" is not \"yes\" or \"no\"",
        ),
        (
            &["-mapmin", "x"],
            "option -mapmin: \"x\" is not a whole number from 0 on",
        ),
    ] {
        let log = refusal_of(MODULE, words);
        assert!(log.contains(reason), "{reason} not in {log}");
    }
}
