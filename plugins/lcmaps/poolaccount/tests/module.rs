//! `lcmaps_poolaccount` under a host that records, with made-up accounts.

mod site;

use std::fs;

use lcmaps_module_test::recording::Arguments;
use lcmaps_module_test::site::{refusal_of, run_two};
use site::{site, with_site};

#[test]
fn a_user_gets_a_free_account_and_keeps_it() {
    with_site(
        "\"/CN=a\" .pool\n\"/CN=b\" .pool\n",
        &["pool001", "pool002"],
        |site| {
            let first = site.run(&Arguments::dn("/CN=a"));
            assert_eq!(first.code, 0, "{}", first.log);
            let account = site.lease("%2fcn%3da").expect("a lease");
            let number: u32 = account
                .strip_prefix("pool00")
                .expect("an account of the pool")
                .parse()
                .expect("a number");
            let mapping = &first.mapping;
            assert_eq!(
                (mapping.uids.as_slice(), mapping.primary_gids.as_slice()),
                (&[5000 + number][..], &[6000][..])
            );
            assert!(mapping.secondary_gids.contains(&6000));
            assert_eq!(mapping.pool_index.as_deref(), Some("%2fcn%3da"));
            assert_eq!(mapping.dn.as_deref(), Some("/CN=a"));
            first.says(&format!("<6>lcmaps_gridmapdir: Found pool mapping {account} for \"/CN=a\", new lease @DIR@/%2fcn%3da"));
            first.says(
                "<6>lcmaps_gridmapfile: Found mapping .pool for \"/CN=a\" (line 1) at @FILE@:1",
            );
            first.says("<6>lcmaps_poolaccount-plugin_run(): poolaccount plugin succeeded");
            let again = site.run(&Arguments::dn("/CN=a"));
            assert_eq!(again.mapping, first.mapping);
            again.says(&format!("<6>lcmaps_gridmapdir: Found pool mapping {account} for \"/CN=a\", lease @DIR@/%2fcn%3da"));
            let other = site.run(&Arguments::dn("/CN=b"));
            assert_ne!(other.mapping.uids, first.mapping.uids);
        },
    );
}

#[test]
fn a_full_pool_refuses_and_says_how_many_accounts_it_has() {
    with_site("\"/CN=*\" .pool\n", &["pool001"], |site| {
        assert_eq!(site.run(&Arguments::dn("/CN=a")).code, 0);
        let outcome = site.run(&Arguments::dn("/CN=b"));
        assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
        let start = "<5>lcmaps_poolaccount-plugin_run(): No match for a poolaccount for user \"/CN=b\", in @FILE@ and @DIR@: ";
        assert!(
            outcome.log.contains(&outcome.fill(start)),
            "{}",
            outcome.log
        );
        assert!(site.lease("%2fcn%3db").is_none());
    });
}

#[test]
fn a_stranger_is_refused_with_the_names_of_file_and_folder() {
    with_site(
        "\"/CN=a\" .pool\n\"/CN=b\" pool001\n",
        &["pool001"],
        |site| {
            let outcome = site.run(&Arguments::dn("/CN=c"));
            assert_eq!(outcome.code, 1);
            outcome.says("<5>lcmaps_poolaccount-plugin_run(): No match for a poolaccount for user \"/CN=c\", in @FILE@ and @DIR@");
            let outcome = site.run(&Arguments::dn("/CN=b"));
            assert!(
                outcome
                    .log
                    .contains("(line 2 matches but has no mapping of the wanted kind)"),
                "{}",
                outcome.log
            );
        },
    );
}

#[test]
fn patterns_match_unless_an_option_says_otherwise() {
    with_site("\"/O=x/*\" .pool\n", &["pool001"], |site| {
        let outcome = site.run(&Arguments::dn("/O=x/OU=y/CN=a"));
        assert_eq!(outcome.code, 0, "{}", outcome.log);
        assert!(outcome.log.contains(" by \"/O=x/*\"\n"), "{}", outcome.log);
        for option in [
            "-no_wildcard",
            "-disablewildcard",
            "-disablewildcards",
            "--disablewildcard",
            "--disablewildcards",
        ] {
            assert_eq!(
                site.run_with(&[option], &Arguments::dn("/O=x/OU=y/CN=a"))
                    .code,
                1,
                "{option}"
            );
        }
        fs::remove_file(site.folder.join("%2fo%3dx%2fou%3dy%2fcn%3da")).expect("the lease");
        assert_eq!(
            site.run_with(&["-no_wildcard"], &Arguments::dn("/O=x/*"))
                .code,
            0
        );
    });
}

#[test]
fn the_pool_is_its_numbered_accounts_unless_an_option_says_otherwise() {
    with_site("\"/CN=*\" .pool\n", &["poolx", "poolside01"], |site| {
        assert_eq!(site.run(&Arguments::dn("/CN=a")).code, 1);
        assert_eq!(
            site.run_with(
                &["-strict_poolprefix_match", "yes"],
                &Arguments::dn("/CN=a")
            )
            .code,
            1
        );
        let outcome = site.run_with(&["-strict_poolprefix_match", "no"], &Arguments::dn("/CN=a"));
        assert_eq!(outcome.code, 0, "{}", outcome.log);
    });
}

#[test]
fn each_map_counter_has_an_account_of_its_own() {
    with_site(
        "\"/CN=*\" .pool\n",
        &["pool001", "pool002", "pool003"],
        |site| {
            let counter = |counter| {
                site.run_with(
                    &["-max_mappings_per_credential", "2"],
                    &Arguments::dn("/CN=a").map_counter(counter),
                )
            };
            let (plain, one, two) = (counter(-1), counter(1), counter(2));
            assert_eq!(plain.mapping.pool_index.as_deref(), Some("%2fcn%3da"));
            assert_eq!(
                one.mapping.pool_index.as_deref(),
                Some("%2fcn%3da:mapcount=0001")
            );
            assert_eq!(
                two.mapping.pool_index.as_deref(),
                Some("%2fcn%3da:mapcount=0002")
            );
            assert_eq!(counter(0).mapping, plain.mapping, "0 is no counter");
            let mut uids = [
                plain.mapping.uids[0],
                one.mapping.uids[0],
                two.mapping.uids[0],
            ];
            uids.sort_unstable();
            assert_eq!(uids, [5001, 5002, 5003]);
            assert!(
                one.log.contains("for \"/CN=a\" (mapcounter 1), new lease "),
                "{}",
                one.log
            );
            counter(3).says(
            "<3>lcmaps_poolaccount-plugin_run(): the request for mapping nr. 3 exceeds the maximum of 2 \
             (option -max_mappings_per_credential)",
        );
            counter(-2).says(
                "<3>lcmaps_poolaccount-plugin_run(): -2 is no map counter; they begin with 1",
            );
        },
    );
}

#[test]
fn one_account_per_user_is_the_default() {
    with_site("\"/CN=*\" .pool\n", &["pool001", "pool002"], |site| {
        assert_eq!(site.run(&Arguments::dn("/CN=a").map_counter(1)).code, 0);
        assert_eq!(site.run(&Arguments::dn("/CN=a").map_counter(2)).code, 1);
    });
}

#[test]
fn a_lease_outside_the_pool_moves_only_if_an_option_says_so() {
    with_site("\"/CN=*\" .pool\n", &["pool001", "other001"], |site| {
        site.link("other001", "%2fcn%3da");
        let outcome = site.run(&Arguments::dn("/CN=a"));
        assert_eq!(outcome.code, 1);
        assert!(outcome.log.contains("other001"), "{}", outcome.log);
        for option in ["-override_inconsistency", "-OVERRIDE_INCONSISTENCY"] {
            fs::remove_file(site.folder.join("%2fcn%3da")).expect("a lease");
            site.link("other001", "%2fcn%3da");
            let outcome = site.run_with(&[option], &Arguments::dn("/CN=a"));
            assert_eq!(
                (outcome.code, outcome.mapping.uids.as_slice()),
                (0, &[5001][..]),
                "{option}: {}",
                outcome.log
            );
        }
    });
}

#[test]
fn a_requested_account_is_leased_if_it_is_free_and_of_the_pool() {
    with_site(
        "\"/CN=*\" .pool\n",
        &["pool001", "pool002", "other001"],
        |site| {
            let ask = |dn: &str, name: &str| site.run(&Arguments::dn(dn).requested_username(name));
            assert_eq!(ask("/CN=a", "pool002").mapping.uids, [5002]);
            assert_eq!(site.lease("%2fcn%3da").as_deref(), Some("pool002"));
            for (dn, name) in [
                ("/CN=a", "pool001"),
                ("/CN=b", "pool002"),
                ("/CN=b", "other001"),
                ("/CN=b", ""),
            ] {
                let outcome = ask(dn, name);
                assert_eq!(
                    (outcome.code, outcome.mapping.uids.len()),
                    (1, 0),
                    "{dn} {name}"
                );
                let line =
                    format!("No match for requested poolaccount {name} for user \"{dn}\", in ");
                assert!(outcome.log.contains(&line), "{}", outcome.log);
            }
            assert!(site.lease("%2fcn%3db").is_none());
        },
    );
}

#[test]
fn verification_finds_the_lease_and_makes_none() {
    with_site("\"/CN=*\" .pool\n", &["pool001", "pool002"], |site| {
        let verify = |dn: &str, uid| site.verify(&Arguments::dn(dn).requested_uid(uid));
        site.link("pool001", "%2fcn%3da");
        let found = verify("/CN=a", 5001);
        assert_eq!(
            (found.code, found.mapping.uids.as_slice()),
            (0, &[5001][..]),
            "{}",
            found.log
        );
        assert_eq!(found.mapping.pool_index.as_deref(), Some("%2fcn%3da"));
        for (dn, uid) in [
            ("/CN=a", 5002),
            ("/CN=b", 5001),
            ("/CN=b", 5002),
            ("/CN=a", 5999),
            ("/CN=a", 0),
        ] {
            let outcome = verify(dn, uid);
            assert_eq!(
                (outcome.code, outcome.mapping.uids.len()),
                (1, 0),
                "{dn} {uid}: {}",
                outcome.log
            );
        }
        assert_eq!(site.names(), ["%2fcn%3da", "pool001", "pool002"]);
        assert_eq!(
            site.verify(&Arguments::dn("/CN=a")).code,
            1,
            "nothing to verify"
        );
    });
}

#[test]
fn verification_finds_a_lease_with_a_map_counter() {
    with_site(
        "\"/CN=*\" .pool\n",
        &["pool001", "pool002", "pool003"],
        |site| {
            site.link("pool001", "%2fcn%3da");
            site.link("pool002", "%2fcn%3da:mapcount=0002");
            let verify = |most: &str, uid| {
                let words = ["-max_mappings_per_credential", most];
                site.verify_with(&words, &Arguments::dn("/CN=a").requested_uid(uid))
            };
            assert_eq!(
                verify("2", 5002).mapping.pool_index.as_deref(),
                Some("%2fcn%3da:mapcount=0002")
            );
            assert_eq!(
                verify("2", 5001).mapping.pool_index.as_deref(),
                Some("%2fcn%3da")
            );
            assert_eq!(verify("1", 5002).code, 1);
            assert_eq!(verify("2", 5003).code, 1);
        },
    );
}

#[test]
fn verification_does_not_move_a_lease() {
    with_site("\"/CN=*\" .pool\n", &["pool001", "other001"], |site| {
        site.link("other001", "%2fcn%3da");
        let arguments = Arguments::dn("/CN=a").requested_uid(5001);
        assert_eq!(
            site.verify_with(&["-override_inconsistency"], &arguments)
                .code,
            1
        );
        assert_eq!(site.lease("%2fcn%3da").as_deref(), Some("other001"));
    });
}

#[test]
fn a_name_that_no_lease_can_have_is_refused() {
    with_site("\"*\" .pool\n", &["pool001"], |site| {
        for dn in ["", "/CN=a\u{1}../../x", "pool001"] {
            let outcome = site.run(&Arguments::dn(dn));
            assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0), "{dn:?}");
            assert!(
                outcome
                    .log
                    .contains("<5>lcmaps_poolaccount-plugin_run(): user \""),
                "{}",
                outcome.log
            );
        }
        assert_eq!(site.names(), ["pool001"]);
    });
}

#[test]
fn a_pool_needs_a_name() {
    with_site("\"/CN=a\" .\n", &["pool001", "001"], |site| {
        let outcome = site.run(&Arguments::dn("/CN=a"));
        assert_eq!(outcome.code, 1);
        outcome.says(
            "<3>lcmaps_poolaccount-plugin_run(): @FILE@:1: a pool needs a name behind its dot",
        );
    });
}

#[test]
fn an_account_that_does_not_exist_or_is_roots_is_refused() {
    with_site(
        "\"/CN=a\" .ghost\n\"/CN=b\" .toor\n",
        &["ghost01", "toor01"],
        |site| {
            let outcome = site.run(&Arguments::dn("/CN=a"));
            assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
            assert!(outcome.log.contains("ghost01"), "{}", outcome.log);
            let outcome = site.run(&Arguments::dn("/CN=b"));
            assert_eq!((outcome.code, outcome.mapping.uids.len()), (1, 0));
            outcome.says("<3>lcmaps_poolaccount-plugin_run(): @DIR@/toor01: this account has uid 0, and nobody is mapped to root");
            assert_eq!(
                site.names(),
                ["ghost01", "toor01"],
                "and no lease is made for it"
            );
        },
    );
}

#[test]
fn a_folder_that_is_not_there_fails_the_run() {
    with_site("\"/CN=a\" .pool\n", &[], |site| {
        fs::remove_dir(&site.folder).expect("the gridmapdir");
        let outcome = site.run(&Arguments::dn("/CN=a"));
        assert_eq!(outcome.code, 1);
        assert!(
            outcome.log.contains(&outcome.fill("@DIR@")),
            "{}",
            outcome.log
        );
    });
}

#[test]
fn without_option_and_variable_there_is_no_folder() {
    with_site("\"/CN=a\" .pool\n", &["pool001"], |site| {
        let file = site.file.display().to_string();
        let outcome = site.call(&["-gridmapfile", &file], |module, instance| {
            module.run(instance, &Arguments::dn("/CN=a"))
        });
        assert_eq!(outcome.code, 1);
        outcome.says(
            "<3>lcmaps_poolaccount-plugin_run(): no gridmapdir: give option -gridmapdir or set environment variable GRIDMAPDIR",
        );
    });
}

#[test]
fn options_that_cannot_work_fail_the_start() {
    for (words, reason) in [
        (
            &["-gridmapdirs", "/x"][..],
            "unknown option \"-gridmapdirs\"; known options: -gridmapfile ",
        ),
        (&["--no_wildcard"], "unknown option \"--no_wildcard\""),
        (
            &["-gridmapdir", "x"],
            "option -gridmapdir: \"x\" is not an absolute directory",
        ),
        (
            &["-GRIDMAPDIR"],
            "option -GRIDMAPDIR needs a value: an absolute directory",
        ),
        (
            &["-max_mappings_per_credential", "0"],
            "\"0\" is not a number from 1 to 9999",
        ),
        (
            &["-max_mappings_per_credential", "10000"],
            "\"10000\" is not a number from 1 to 9999",
        ),
        (
            &["-max_mappings_per_credential", "-1"],
            "\"-1\" is not a number from 1 to 9999",
        ),
        (
            &["-max_mappings_per_credential", "1x"],
            "\"1x\" is not a number from 1 to 9999",
        ),
        (
            &["-max_mappings_per_credential"],
            "needs a value: a number from 1 to 9999",
        ),
        (
            &["-strict_poolprefix_match", "YES"],
            "\"YES\" is not \"yes\" or \"no\"",
        ),
        (
            &["-strict_poolprefix_match"],
            "needs a value: \"yes\" or \"no\"",
        ),
    ] {
        let log = refusal_of("lcmaps_poolaccount", words);
        assert!(log.contains(reason), "{reason} not in {log}");
    }
}

#[test]
fn instances_lease_from_their_own_folders() {
    with_site("\"/CN=*\" .pool\n", &["pool001"], |one| {
        let two = site("\"/CN=*\" .pool\n", &["pool002"]);
        let mapping = run_two([one, &two], &Arguments::dn("/CN=a"));
        assert_eq!(mapping.uids, [5002, 5001]);
    });
}
