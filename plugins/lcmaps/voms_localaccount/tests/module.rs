//! `lcmaps_voms_localaccount` under a host that records, with made-up accounts.

use std::fs;

use lcmaps_module_test::recording::{Arguments, Mapping};
use lcmaps_module_test::site::{Kind, Site, refusal_of, run_two};
use lcmaps_module_test::with_accounts;

const MODULE: &str = "lcmaps_voms_localaccount";

const PASSWD: &str = "root:x:0:0::/root:/bin/sh\nann:x:5001:6001::/:/bin/sh\nbob:x:5002:6002::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n";
const GROUP: &str = "root:x:0:\nstaff:x:6001:\nother:x:6002:\natlas:x:6003:ann\n";

fn site(map: &str) -> Site {
    Site::new(MODULE, Kind::Accounts, map)
}

fn with_site(map: &str, test: impl FnOnce(&Site)) {
    with_accounts(PASSWD, GROUP, || test(&site(map)));
}

fn user(fqans: &[&str]) -> Arguments {
    Arguments::dn("/CN=a").fqans(fqans)
}

const NO_PRIMARY: &str = "--do-not-add-primary-gid-from-mapped-account";
const PRIMARY: &str = "--add-primary-gid-from-mapped-account";
const AS_SECONDARY: &str = "--add-primary-gid-as-secondary-gid-from-mapped-account";
const NO_GROUPS: &str = "--do-not-add-secondary-gids-from-mapped-account";
const GROUPS: &str = "--add-secondary-gids-from-mapped-account";
const VOMS: &str = "--use-voms-gid";
const ACCOUNT: &str = "--use-account-gid";

#[test]
fn the_first_fqan_that_is_listed_gives_the_account() {
    with_site("# remark\n/vo/a ann\n/vo/b bob\n", |site| {
        for (fqans, uid) in [
            (&["/vo/a", "/vo/b"][..], 5001),
            (&["/vo/b", "/vo/a"], 5002),
            (&["/none", "/vo/b"], 5002),
        ] {
            let outcome = site.run(&user(fqans));
            assert_eq!(
                (outcome.code, &*outcome.mapping.uids),
                (0, &[uid][..]),
                "{}",
                outcome.log
            );
            assert_eq!(outcome.mapping.dn, None, "the DN is not registered");
            assert_eq!(outcome.mapping.pool_index, None);
        }
        let outcome = site.run(&user(&["/none", "/vo/a"]));
        outcome.says("<6>lcmaps_gridmapfile: Found mapping ann for \"/vo/a\" (line 2) at @FILE@:2");
        outcome
            .says("<6>lcmaps_voms_localaccount-plugin_run(): voms_localaccount plugin succeeded");
        assert_eq!(outcome.mapping.primary_gids, [6001]);
        assert_eq!(outcome.mapping.secondary_gids, [6001, 6003]);
    });
}

#[test]
fn a_user_without_a_listed_fqan_is_refused_with_file_fqans_and_hints() {
    with_site(
        "/vo/a/Role=NULL/Capability=NULL ann\n/vo/b .pool\n",
        |site| {
            let outcome = site.run(&user(&["/vo/a", "/vo/b", "/none"]));
            assert_eq!(
                (outcome.code, outcome.mapping.clone()),
                (1, Mapping::default())
            );
            outcome.says(
            "<5>lcmaps_voms_localaccount-plugin_run(): No match for a VOMS localaccount for any of the FQANs, in @FILE@: \
             \"/vo/a\" (line 1 has \"/vo/a/Role=NULL/Capability=NULL\", which is another name), \
             \"/vo/b\" (line 2 matches but has no mapping of the wanted kind), \"/none\"",
        );
            outcome
                .says("<6>lcmaps_voms_localaccount-plugin_run(): voms_localaccount plugin failed");
        },
    );
}

#[test]
fn a_user_without_fqans_is_refused() {
    with_site("\"*\" ann\n", |site| {
        for arguments in [Arguments::dn("/CN=a"), user(&[])] {
            let outcome = site.run(&arguments);
            assert_eq!(
                (outcome.code, outcome.mapping.clone()),
                (1, Mapping::default())
            );
            outcome.says(
                "<5>lcmaps_voms_localaccount-plugin_run(): no (valid) VOMS groups found --> no mapping: the user has no FQANs",
            );
        }
    });
}

#[test]
fn names_are_patterns() {
    with_site("\"/vo/*\" ann\n\"/vo?\" bob\n", |site| {
        assert_eq!(site.run(&user(&["/vo/a/b/Role=x"])).mapping.uids, [5001]);
        assert_eq!(site.run(&user(&["/vox"])).mapping.uids, [5002]);
        assert_eq!(site.run(&user(&["/VO/a"])).code, 1, "case counts");
        let outcome = site.run(&user(&["/vo"]));
        assert_eq!(outcome.code, 1);
        outcome.mentions("(line 1 has \"/vo/*\", which is another name)");
    });
}

#[test]
fn a_broken_line_and_a_missing_file_fail_with_their_place() {
    with_site("/vo/a ann\n\"/vo\n/vo/b bob\n", |site| {
        assert_eq!(
            site.run(&user(&["/vo/a"])).code,
            0,
            "lines below the match do not count"
        );
        let outcome = site.run(&user(&["/vo/b"]));
        assert_eq!(
            (outcome.code, outcome.mapping.clone()),
            (1, Mapping::default())
        );
        outcome.mentions("<3>lcmaps_voms_localaccount-plugin_run(): @FILE@:2:1: ");
        fs::remove_file(&site.file).expect("the map file");
        let outcome = site.run(&user(&["/vo/a"]));
        assert_eq!(outcome.code, 1);
        outcome.mentions("cannot use the grid-mapfile: @FILE@ does not exist");
    });
}

#[test]
fn an_unknown_account_and_root_are_refused_without_a_look_at_other_lines() {
    with_site("/vo/a ghost\n/vo/b toor\n\"*\" ann\n", |site| {
        let outcome = site.run(&user(&["/vo/a", "/vo/c"]));
        assert_eq!(
            (outcome.code, outcome.mapping.clone()),
            (1, Mapping::default())
        );
        outcome.says("<4>lcmaps_voms_localaccount-plugin_run(): no user account found with the name \"ghost\"");
        let outcome = site.run(&user(&["/vo/b"]));
        assert_eq!(
            (outcome.code, outcome.mapping.clone()),
            (1, Mapping::default())
        );
        outcome.says("<3>lcmaps_voms_localaccount-plugin_run(): account toor has uid 0, and nobody is mapped to root");
    });
}

/// Primary and secondary gids of ann with these options.
fn gids(site: &Site, words: &[&str]) -> (Vec<u32>, Vec<u32>) {
    let outcome = site.run_with(words, &user(&["/vo"]));
    assert_eq!(
        (outcome.code, &*outcome.mapping.uids),
        (0, &[5001][..]),
        "{words:?}"
    );
    (outcome.mapping.primary_gids, outcome.mapping.secondary_gids)
}

#[test]
fn options_say_which_gids_of_the_account_count() {
    let all = vec![6001, 6003];
    with_site("/vo ann\n", |site| {
        let table: [(&[&str], Vec<u32>, Vec<u32>); 16] = [
            (&[], vec![6001], all.clone()),
            (&[ACCOUNT], vec![6001], all.clone()),
            (&[VOMS], vec![], vec![]),
            (&[NO_PRIMARY], vec![], all.clone()),
            (&[PRIMARY], vec![6001], all.clone()),
            (&[NO_GROUPS], vec![6001], vec![]),
            (&[GROUPS], vec![6001], all.clone()),
            (&[NO_PRIMARY, NO_GROUPS], vec![], vec![]),
            (&[AS_SECONDARY, NO_GROUPS], vec![6001], vec![6001]),
            (&[PRIMARY, AS_SECONDARY, NO_GROUPS], vec![6001], vec![6001]),
            (&[VOMS, PRIMARY], vec![6001], vec![]),
            (&[VOMS, AS_SECONDARY], vec![], vec![6001]),
            (&[VOMS, PRIMARY, AS_SECONDARY], vec![6001], vec![6001]),
            (&[VOMS, GROUPS], vec![], all.clone()),
            (&[VOMS, PRIMARY, GROUPS], vec![6001], all.clone()),
            (&["-use_voms_gid", NO_PRIMARY, NO_GROUPS], vec![], vec![]),
        ];
        for (words, primary, secondary) in table {
            let expected = (primary, secondary);
            assert_eq!(gids(site, words), expected, "{words:?}");
            let reversed: Vec<&str> = words.iter().rev().copied().collect();
            assert_eq!(gids(site, &reversed), expected, "{reversed:?}");
        }
        assert_eq!(gids(site, &["--use_voms_gid"]), (vec![], vec![]));
    });
}

#[test]
fn contradictions_and_unknown_options_fail_the_start() {
    for pair in [
        [NO_PRIMARY, PRIMARY],
        [NO_PRIMARY, AS_SECONDARY],
        [NO_GROUPS, GROUPS],
        [VOMS, ACCOUNT],
        ["--use_voms_gid", ACCOUNT],
        ["-use_voms_gid", ACCOUNT],
    ] {
        for [one, other] in [pair, [pair[1], pair[0]]] {
            let log = refusal_of(MODULE, &["-gridmapfile", "/x", one, other]);
            let line = format!(
                "<3>lcmaps_voms_localaccount-plugin_initialize(): options {one} and {other} contradict each other; give one of them\n"
            );
            assert!(log.contains(&line), "{log}");
        }
    }
    let log = refusal_of(MODULE, &["-no_wildcard"]);
    assert!(
        log.contains("unknown option \"-no_wildcard\"; known options: -gridmapfile "),
        "{log}"
    );
    assert!(refusal_of(MODULE, &["-gridmap"]).contains("option -gridmap needs a value"));
}

#[test]
fn a_user_may_ask_for_any_account_of_his_fqans() {
    with_site("/vo/a ann\n/vo/b .p,bob\n", |site| {
        let ask = |name: &str| site.run(&user(&["/vo/a", "/vo/b"]).requested_username(name));
        assert_eq!(ask("ann").mapping.uids, [5001]);
        assert_eq!(ask("bob").mapping.uids, [5002]);
        for name in ["toor", "", "staff"] {
            let outcome = ask(name);
            assert_eq!(
                (outcome.code, outcome.mapping.clone()),
                (1, Mapping::default()),
                "{name}"
            );
            outcome.mentions(&format!("No match for requested localaccount {name} for any of the FQANs, in @FILE@: \"/vo/a\""));
        }
    });
}

#[test]
fn verification_accepts_accounts_of_the_user_and_no_others() {
    with_site("/vo/a ann\n/vo/b bob\n", |site| {
        let verify = |fqans: &[&str], uid| site.verify(&user(fqans).requested_uid(uid));
        let found = verify(&["/vo/a"], 5001);
        assert_eq!(
            (found.code, &*found.mapping.uids),
            (0, &[5001][..]),
            "{}",
            found.log
        );
        found.says(
            "<6>lcmaps_voms_localaccount-plugin_verify(): voms_localaccount plugin succeeded",
        );
        assert_eq!(verify(&["/vo/a", "/vo/b"], 5002).code, 0);
        for (fqans, uid) in [
            (&["/vo/a"][..], 5002),
            (&["/vo/a"], 0),
            (&["/vo/a"], 5999),
            (&[], 5001),
        ] {
            let outcome = verify(fqans, uid);
            assert_eq!(
                (outcome.code, outcome.mapping),
                (1, Mapping::default()),
                "{fqans:?} {uid}"
            );
        }
        assert_eq!(site.verify(&user(&["/vo/a"])).code, 1, "nothing to verify");
        let both = user(&["/vo/a"])
            .requested_username("ann")
            .requested_uid(5002);
        assert_eq!(site.verify(&both).code, 1, "name and uid disagree");
    });
}

#[test]
fn two_instances_read_two_files() {
    with_site("/vo ann\n", |one| {
        let two = site("/vo bob\n");
        assert_eq!(run_two([one, &two], &user(&["/vo"])).uids, [5002, 5001]);
    });
}
