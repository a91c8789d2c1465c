//! `lcmaps_voms_poolaccount` under a host that records, with made-up accounts.

mod site;

use std::fs;

use lcmaps_module_test::recording::{Arguments, Mapping};
use lcmaps_module_test::site::{Outcome, refusal_of, run_two};
use site::{Site, site, with_site};

const MODULE: &str = "lcmaps_voms_poolaccount";

fn user(fqans: &[&str]) -> Arguments {
    Arguments::dn("/CN=a").fqans(fqans)
}

/// Uids and pool index.
fn account(outcome: &Outcome) -> (&[u32], Option<&str>) {
    (&outcome.mapping.uids, outcome.mapping.pool_index.as_deref())
}

#[test]
fn a_user_gets_an_account_of_the_pool_of_an_fqan_and_keeps_it() {
    with_site("/vo/a .pa\n", &["pa001", "pa002"], |site| {
        let first = site.run(&user(&["/none", "/vo/a"]));
        assert_eq!(first.code, 0, "{}", first.log);
        let name = site.lease("%2fcn%3da").expect("a lease");
        assert_eq!(first.mapping.dn.as_deref(), Some("/CN=a"));
        assert_eq!(
            (&*first.mapping.primary_gids, &*first.mapping.secondary_gids),
            (&[][..], &[][..]),
            "groups come from elsewhere"
        );
        assert_eq!(first.mapping.pool_index.as_deref(), Some("%2fcn%3da"));
        first.says(&format!("<6>lcmaps_gridmapdir: Found pool mapping {name} for \"/CN=a\", new lease @DIR@/%2fcn%3da"));
        first.says("<6>lcmaps_gridmapfile: Found mapping .pa for \"/vo/a\" (line 1) at @FILE@:1");
        first.says("<6>lcmaps_voms_poolaccount-plugin_run(): voms_poolaccount plugin succeeded");
        assert_eq!(site.run(&user(&["/vo/a"])).mapping, first.mapping);
        let other = site.run(&Arguments::dn("/CN=b").fqans(&["/vo/a"]));
        assert_ne!(other.mapping.uids, first.mapping.uids);
    });
}

/// Primary gids, secondary gids, options, and the name of the lease that they lead to.
type Row = (
    &'static [u32],
    &'static [u32],
    &'static [&'static str],
    &'static str,
);

#[test]
fn the_groups_so_far_are_part_of_the_lease() {
    let site_with = |primary: &[u32], secondary: &[u32]| {
        site("/vo .pa\n", &["pa001"]).registered(primary, secondary)
    };
    with_site("", &[], |_| {
        let table: [Row; 9] = [
            (&[], &[], &[], "%2fcn%3da"),
            (&[6003], &[], &[], "%2fcn%3da:atlas"),
            (&[6003], &[6001, 6004], &[], "%2fcn%3da:atlas:pb:cms"),
            (&[], &[6004], &[], "%2fcn%3da:cms"),
            (&[6004, 6003], &[], &[], "%2fcn%3da:cms:atlas"),
            (&[6003], &[6003], &[], "%2fcn%3da:atlas:atlas"),
            (
                &[6003],
                &[6004],
                &["--do-not-use-secondary-gids"],
                "%2fcn%3da:atlas",
            ),
            (
                &[6003],
                &[6004],
                &["-do_not-use-secondary-gids"],
                "%2fcn%3da:atlas",
            ),
            (&[], &[6004], &["-do_not_use_secondary_gids"], "%2fcn%3da"),
        ];
        for (primary, secondary, words, lease) in table {
            let site = site_with(primary, secondary);
            let outcome = site.run_with(words, &user(&["/vo"]));
            assert_eq!(
                account(&outcome),
                (&[5001][..], Some(lease)),
                "{}",
                outcome.log
            );
            assert_eq!(site.names(), [lease, "pa001"]);
            let many = "<4>lcmaps_voms_poolaccount-plugin_run(): 2 primary groups found";
            assert_eq!(
                outcome.log.contains(many),
                primary.len() == 2,
                "{}",
                outcome.log
            );
        }
        let outcome = site_with(&[6003], &[]).run(&user(&["/vo"]).map_counter(1));
        assert_eq!(
            outcome.mapping.pool_index.as_deref(),
            Some("%2fcn%3da:atlas:mapcount=0001")
        );
    });
}

#[test]
fn a_gid_without_a_group_fails_the_run() {
    with_site("", &[], |_| {
        for (primary, secondary) in [(&[6999][..], &[][..]), (&[6003], &[6999])] {
            let site = site("/vo .pa\n", &["pa001"]).registered(primary, secondary);
            let outcome = site.run(&user(&["/vo"]));
            assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
            outcome.mentions("no group has the gid 6999");
            assert_eq!(site.names(), ["pa001"]);
        }
    });
}

#[test]
fn a_primary_group_can_be_demanded() {
    with_site("/vo .pa\n", &["pa001"], |site| {
        let outcome = site.run_with(&["--require-primary-gid"], &user(&["/vo"]));
        assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
        outcome.mentions("<5>lcmaps_voms_poolaccount-plugin_run(): no primary group found");
        for option in [
            "--do-not-require-primary-gid",
            "-do_not-require-primary-gid",
            "-do_not_require_primary_gid",
        ] {
            assert_eq!(site.run_with(&[option], &user(&["/vo"])).code, 0);
        }
    });
    with_site("", &[], |_| {
        let site = site("/vo .pa\n", &["pa001"]).registered(&[6003], &[]);
        assert_eq!(
            site.run_with(&["--require-primary-gid"], &user(&["/vo"]))
                .code,
            0
        );
    });
}

#[test]
fn options_say_which_gids_of_the_account_count() {
    const ACCOUNT: &str = "--use-account-gid";
    const PRIMARY: &str = "--add-primary-gid-from-mapped-account";
    const NO_PRIMARY: &str = "--do-not-add-primary-gid-from-mapped-account";
    const AS_SECONDARY: &str = "--add-primary-gid-as-secondary-gid-from-mapped-account";
    const GROUPS: &str = "--add-secondary-gids-from-mapped-account";
    const NO_GROUPS: &str = "--do-not-add-secondary-gids-from-mapped-account";
    let all = vec![6000, 6002];
    let table: [(&[&str], Vec<u32>, Vec<u32>); 11] = [
        (&[], vec![], vec![]),
        (&["--use-voms-gid"], vec![], vec![]),
        (&[ACCOUNT], vec![6000], all.clone()),
        (&[PRIMARY], vec![6000], vec![]),
        (&[AS_SECONDARY], vec![], vec![6000]),
        (&[PRIMARY, AS_SECONDARY], vec![6000], vec![6000]),
        (&[GROUPS], vec![], all.clone()),
        (&[NO_PRIMARY, NO_GROUPS], vec![], vec![]),
        (&[ACCOUNT, NO_PRIMARY], vec![], all.clone()),
        (&[ACCOUNT, NO_GROUPS], vec![6000], vec![]),
        (&[ACCOUNT, AS_SECONDARY, NO_GROUPS], vec![6000], vec![6000]),
    ];
    with_site("/vo .pa\n", &["pa001"], |site| {
        for (words, primary, secondary) in table {
            let outcome = site.run_with(words, &user(&["/vo"]));
            let gids = (outcome.mapping.primary_gids, outcome.mapping.secondary_gids);
            assert_eq!(gids, (primary, secondary), "{words:?}");
            assert_eq!(
                site.names(),
                ["%2fcn%3da", "pa001"],
                "and none of them is part of the lease"
            );
        }
    });
}

#[test]
fn a_full_pool_leaves_the_user_to_the_next_fqan() {
    with_site("/vo/a .pa\n/vo/b .pb\n", &["pa001", "pb001"], |site| {
        site.link("pa001", "%2fcn%3db");
        let outcome = site.run(&user(&["/vo/a", "/vo/b"]));
        assert_eq!(
            account(&outcome),
            (&[5101][..], Some("%2fcn%3da")),
            "{}",
            outcome.log
        );
        outcome.says("<5>lcmaps_gridmapdir: no pool-entry available for pool-name pa and lease \"%2fcn%3da\"");
        fs::remove_file(site.folder.join("%2fcn%3db")).expect("the lease");
        assert_eq!(
            site.run(&user(&["/vo/a", "/vo/b"])).mapping.uids,
            [5101],
            "the account is kept"
        );
        let outcome = site.run(&Arguments::dn("/CN=c").fqans(&["/vo/b", "/none"]));
        assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
        outcome.mentions("<5>lcmaps_voms_poolaccount-plugin_run(): No match for a VOMS poolaccount for any of the FQANs of user \"/CN=c\", in @FILE@ and @DIR@: \"/vo/b\": no free account in pool pb");
        outcome.mentions("\"/none\"\n");
    });
}

#[test]
fn damage_is_no_reason_to_try_the_next_fqan() {
    with_site(
        "/vo/a .pa\n/vo/b .pb\n/vo/c .\n",
        &["pa001", "pb001"],
        |site| {
            site.link("pa001", "%2fcn%3da");
            site.link("pa001", "x");
            let outcome = site.run(&user(&["/vo/a", "/vo/b"]));
            assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
            outcome.mentions("has 3 links");
            let outcome = site.run(&Arguments::dn("/CN=b").fqans(&["/vo/c", "/vo/b"]));
            assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
            outcome.says("<3>lcmaps_voms_poolaccount-plugin_run(): @FILE@:3: a pool needs a name behind its dot");
        },
    );
}

#[test]
fn strangers_are_refused_with_file_folder_fqans_and_hints() {
    with_site("/vo/a/Role=NULL .pa\n/vo/b pa001\n", &["pa001"], |site| {
        let outcome = site.run(&user(&["/vo/a", "/vo/b"]).map_counter(1));
        assert_eq!(
            (outcome.code, outcome.mapping.clone()),
            (
                1,
                Mapping {
                    dn: Some("/CN=a".to_owned()),
                    ..Mapping::default()
                }
            )
        );
        outcome.says(
            "<5>lcmaps_voms_poolaccount-plugin_run(): No match for a VOMS poolaccount for any of the FQANs of user \"/CN=a\", mapcount=1, in @FILE@ and @DIR@: \
             \"/vo/a\" (line 1 has \"/vo/a/Role=NULL\", which is another name), \
             \"/vo/b\" (line 2 matches but has no mapping of the wanted kind)",
        );
        for arguments in [
            Arguments::dn("/CN=a"),
            Arguments::default().fqans(&["/vo/a/Role=NULL"]),
        ] {
            assert_eq!(site.run(&arguments).code, 1, "no FQANs, or no DN");
        }
        assert_eq!(site.names(), ["pa001"]);
    });
}

#[test]
fn names_are_patterns_and_the_pool_is_its_numbered_accounts() {
    with_site("\"/vo/*\" .pa\n\"/x\" .p\n", &["pa001", "pb001"], |site| {
        assert_eq!(site.run(&user(&["/vo/a/b"])).mapping.uids, [5001]);
        let other = || Arguments::dn("/CN=b").fqans(&["/x"]);
        assert_eq!(site.run(&other()).code, 1);
        assert_eq!(
            site.run_with(&["-strict_poolprefix_match", "no"], &other())
                .mapping
                .uids,
            [5101]
        );
    });
}

#[test]
fn each_map_counter_has_an_account_of_its_own() {
    with_site("/vo .pa\n", &["pa001", "pa002", "pa003"], |site| {
        let counter = |counter| {
            site.run_with(
                &["-max_mappings_per_credential", "2"],
                &user(&["/vo"]).map_counter(counter),
            )
        };
        let mut uids: Vec<u32> = [-1, 1, 2]
            .into_iter()
            .flat_map(|at| counter(at).mapping.uids)
            .collect();
        uids.sort_unstable();
        assert_eq!(uids, [5001, 5002, 5003]);
        assert_eq!(counter(0).mapping, counter(-1).mapping, "0 is no counter");
        assert_eq!(
            counter(2).mapping.pool_index.as_deref(),
            Some("%2fcn%3da:mapcount=0002")
        );
        for (at, reason) in [
            (3, "the request for mapping nr. 3 exceeds the maximum of 2"),
            (-2, "-2 is no map counter"),
        ] {
            let outcome = counter(at);
            assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
            outcome.mentions(reason);
        }
    });
}

#[test]
fn a_user_may_ask_for_an_account_of_the_first_pool_of_his() {
    with_site(
        "/vo/a .pa\n/vo/b .pb\n",
        &["pa001", "pa002", "pb001"],
        |site| {
            let ask =
                |name: &str| site.run(&user(&["/none", "/vo/a", "/vo/b"]).requested_username(name));
            assert_eq!(ask("pa002").mapping.uids, [5002]);
            for name in ["pa001", "pb001", "", "toor01"] {
                let outcome = ask(name);
                assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0), "{name}");
                outcome.mentions(&format!("No match for requested poolaccount {name} for any of the FQANs of user \"/CN=a\", in "));
            }
            assert_eq!(site.lease("%2fcn%3da").as_deref(), Some("pa002"));
        },
    );
}

#[test]
fn verification_finds_the_lease_and_makes_none() {
    with_site(
        "/vo/a .pa\n/vo/b .pb\n",
        &["pa001", "pa002", "pb001", "pb002"],
        |site| {
            site.link("pa001", "%2fcn%3da");
            site.link("pb002", "%2fcn%3db");
            site.link("pa002", "%2fcn%3da:mapcount=0002");
            let verify = |dn: &str, fqans: &[&str], uid| {
                let arguments = Arguments::dn(dn).fqans(fqans).requested_uid(uid);
                site.verify_with(
                    &[
                        "-max_mappings_per_credential",
                        "2",
                        "-override_inconsistency",
                    ],
                    &arguments,
                )
            };
            let found = verify("/CN=a", &["/vo/a"], 5001);
            assert_eq!(
                account(&found),
                (&[5001][..], Some("%2fcn%3da")),
                "{}",
                found.log
            );
            assert_eq!(
                account(&verify("/CN=a", &["/vo/a"], 5002)),
                (&[5002][..], Some("%2fcn%3da:mapcount=0002"))
            );
            // The first pool was full when this user came.
            assert_eq!(
                verify("/CN=b", &["/vo/a", "/vo/b"], 5102).mapping.uids,
                [5102]
            );
            for (dn, fqans, uid) in [
                ("/CN=a", &["/vo/b"][..], 5001),
                ("/CN=a", &["/vo/a", "/vo/b"], 5101),
                ("/CN=b", &["/vo/a"], 5102),
                ("/CN=c", &["/vo/a"], 5001),
                ("/CN=a", &[], 5001),
                ("/CN=a", &["/vo/a"], 0),
                ("/CN=a", &["/vo/a"], 5999),
            ] {
                let outcome = verify(dn, fqans, uid);
                assert_eq!(
                    (outcome.code, outcome.mapping.uids.len()),
                    (1, 0),
                    "{dn} {fqans:?} {uid}"
                );
            }
            assert_eq!(site.verify(&user(&["/vo/a"])).code, 1, "nothing to verify");
            assert_eq!(
                site.names(),
                [
                    "%2fcn%3da",
                    "%2fcn%3da:mapcount=0002",
                    "%2fcn%3db",
                    "pa001",
                    "pa002",
                    "pb001",
                    "pb002"
                ]
            );
            assert_eq!(site.lease("%2fcn%3da").as_deref(), Some("pa001"));
        },
    );
    with_site("", &[], |_| {
        let site = site("/vo .pa\n", &["pa001"]).registered(&[6003], &[]);
        site.link("pa001", "%2fcn%3da:cms");
        let outcome = site.verify(&user(&["/vo"]).requested_uid(5001));
        assert_eq!(outcome.code, 1, "with other groups it is another account");
    });
}

#[test]
fn a_lease_outside_the_pool_moves_only_if_an_option_says_so() {
    with_site("/vo .pa\n", &["pa001", "pb001"], |site| {
        site.link("pb001", "%2fcn%3da");
        let outcome = site.run(&user(&["/vo"]));
        assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
        outcome.mentions("is for account pb001, which is not in pool pa");
        for option in ["-override_inconsistency", "-OVERRIDE_INCONSISTENCY"] {
            fs::remove_file(site.folder.join("%2fcn%3da")).expect("a lease");
            site.link("pb001", "%2fcn%3da");
            assert_eq!(
                site.run_with(&[option], &user(&["/vo"])).mapping.uids,
                [5001],
                "{option}"
            );
        }
    });
}

#[test]
fn names_that_no_lease_can_have_are_refused() {
    with_site("\"*\" .pa\n", &["pa001"], |site| {
        for dn in [
            "",
            "/CN=a\u{1}x",
            "pa001",
            &format!("/CN={}", "x".repeat(300)),
        ] {
            let outcome = site.run(&Arguments::dn(dn).fqans(&["/vo"]));
            assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0), "{dn:?}");
        }
        assert_eq!(site.names(), ["pa001"]);
    });
}

#[test]
fn accounts_that_the_machine_lacks_or_that_are_roots_are_not_leased() {
    with_site("/g .ghost\n/r .toor\n", &["ghost01", "toor01"], |site| {
        for fqan in ["/g", "/r"] {
            let outcome = site.run(&user(&[fqan]));
            assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0), "{fqan}");
        }
        assert_eq!(site.names(), ["ghost01", "toor01"]);
    });
}

#[test]
fn contradictions_and_unknown_options_fail_the_start() {
    for pair in [
        ["--require-primary-gid", "--do-not-require-primary-gid"],
        ["--require-primary-gid", "-do_not-require-primary-gid"],
        ["--require-primary-gid", "-do_not_require_primary_gid"],
        ["--use-voms-gid", "--use-account-gid"],
        [
            "--do-not-add-primary-gid-from-mapped-account",
            "--add-primary-gid-from-mapped-account",
        ],
        [
            "--do-not-add-primary-gid-from-mapped-account",
            "--add-primary-gid-as-secondary-gid-from-mapped-account",
        ],
        [
            "--do-not-add-secondary-gids-from-mapped-account",
            "--add-secondary-gids-from-mapped-account",
        ],
    ] {
        for [one, other] in [pair, [pair[1], pair[0]]] {
            let log = refusal_of(MODULE, &[one, other]);
            assert!(
                log.contains(&format!("options {one} and {other} contradict each other")),
                "{log}"
            );
        }
    }
    for (words, reason) in [
        (
            &["-no_wildcard"][..],
            "unknown option \"-no_wildcard\"; known options: -gridmapfile ",
        ),
        (
            &["-gridmapdir", "x"],
            "option -gridmapdir: \"x\" is not an absolute directory",
        ),
        (
            &["-max_mappings_per_credential", "0"],
            "\"0\" is not a number from 1 to 9999",
        ),
        (
            &["-strict_poolprefix_match"],
            "needs a value: \"yes\" or \"no\"",
        ),
    ] {
        let log = refusal_of(MODULE, words);
        assert!(log.contains(reason), "{reason} not in {log}");
    }
}

#[test]
fn instances_lease_from_their_own_folders() {
    with_site("/vo .pa\n", &["pa001"], |one: &Site| {
        let two = site("/vo .pa\n", &["pa002"]);
        assert_eq!(run_two([one, &two], &user(&["/vo"])).uids, [5002, 5001]);
    });
}
