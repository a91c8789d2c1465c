//! This module and the C one, where that is installed, on one gridmapdir.

mod site;

use std::collections::HashMap;
use std::path::Path;

use lcmaps_module_test::recording::{Arguments, Mapping};
use lcmaps_module_test::{module_file, original_module, with_accounts};
use proptest::prelude::*;
use site::{GROUP, passwd, site};

const MODULE: &str = "lcmaps_voms_poolaccount";

/// Who comes, with which groups, and which module serves.
type Visit = (u32, (Vec<u32>, Vec<u32>), i32, bool);

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    let gids = prop::sample::select(vec![
        (vec![], vec![]),
        (vec![6003], vec![]),
        (vec![6003], vec![6004]),
        (vec![6004], vec![6003]),
        (vec![6003, 6004], vec![6000, 6003]),
    ]);
    let counter = prop::sample::select(vec![-1, -1, 0, 1, 2]);
    prop::collection::vec((0..2_u32, gids, counter, any::<bool>()), 1..14)
}

#[test]
fn both_modules_find_each_others_leases() {
    let Some(original) = original_module(MODULE) else {
        return;
    };
    let ours = module_file(MODULE);
    with_accounts(&passwd(), GROUP, || {
        let config = ProptestConfig {
            cases: 100,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        proptest!(config, |(visits in visits())| {
            let mut site = site("\"/vo\" .pa\n", &["pa001", "pa002", "pa003", "pa004", "pa005"]);
            let mut owners: HashMap<_, u32> = HashMap::new();
            for (user, gids, counter, is_original) in visits {
                site = site.module(if is_original { &original } else { &ours }).registered(&gids.0, &gids.1);
                let arguments = Arguments::dn(&format!("/CN=User {user}")).fqans(&["/vo"]).map_counter(counter);
                let outcome = site.run_with(&["-max_mappings_per_credential", "2"], &arguments);
                let known = owners.get(&(user, gids.clone(), counter.max(0))).copied();
                match known {
                    Some(uid) => prop_assert_eq!(outcome.mapping.uids, [uid], "{}", outcome.log),
                    None if owners.len() == 5 => prop_assert_eq!(outcome.code, 1, "{}", outcome.log),
                    None => {
                        prop_assert_eq!(outcome.code, 0, "{}", outcome.log);
                        let uid = outcome.mapping.uids[0];
                        prop_assert!(!owners.values().any(|taken| *taken == uid), "{} has two owners", uid);
                        owners.insert((user, gids, counter.max(0)), uid);
                    }
                }
            }
        });
    });
}

/// What came of one run.
#[derive(Debug)]
struct Seen {
    essence: (bool, Mapping),
    names: Vec<String>,
    log: String,
}

fn run(
    module: &Path,
    links: &[(&str, &str)],
    words: &[&str],
    gids: (&[u32], &[u32]),
    arguments: &Arguments,
) -> Seen {
    let site = site(
        "\"/vo/a\" .pa\n\"/vo/b\" .pb\n\"/vo/c\" pa001\n\"/vo/[cd]\" .pa,.pb\n",
        &["pa001", "pb001"],
    )
    .module(module)
    .registered(gids.0, gids.1);
    for (account, lease) in links {
        site.link(account, lease);
    }
    let outcome = site.run_with(words, arguments);
    let log = outcome.log.clone();
    let mut essence = outcome.essence();
    if !essence.0 {
        essence.1 = Mapping::default();
    }
    let names = site.names();
    Seen {
        essence,
        names,
        log,
    }
}

const ACCOUNT: &str = "--use-account-gid";

#[test]
fn both_modules_map_alike_with_every_option() {
    let Some(original) = original_module(MODULE) else {
        return;
    };
    let words = [
        &[][..],
        &[ACCOUNT],
        &["--use-voms-gid"],
        &[ACCOUNT, "--do-not-add-primary-gid-from-mapped-account"],
        &[ACCOUNT, "--do-not-add-secondary-gids-from-mapped-account"],
        &["--add-primary-gid-from-mapped-account"],
        &["--add-primary-gid-as-secondary-gid-from-mapped-account"],
        &["--add-secondary-gids-from-mapped-account"],
        &["--do-not-use-secondary-gids"],
        &["-do_not-use-secondary-gids"],
        &["-do_not_use_secondary_gids"],
        &["--require-primary-gid"],
        &["--do-not-require-primary-gid"],
        &["-do_not-require-primary-gid"],
        &["-do_not_require_primary_gid"],
        &["--require-primary-gid", "--do-not-use-secondary-gids"],
        &["-max_mappings_per_credential", "3"],
    ];
    let gids: [(&[u32], &[u32]); 6] = [
        (&[], &[]),
        (&[6003], &[]),
        (&[6003], &[6001, 6004]),
        (&[], &[6004]),
        (&[6003, 6004], &[6003]),
        (&[6999], &[]),
    ];
    let users: [&[&str]; 4] = [&["/vo/a"], &["/none", "/vo/c"], &["/none"], &[]];
    with_accounts(&passwd(), GROUP, || {
        for words in words {
            for gids in gids {
                for fqans in users {
                    let counters: &[i32] = if words.len() == 2 {
                        &[-2, -1, 0, 1, 3]
                    } else {
                        &[-1]
                    };
                    for &counter in counters {
                        let arguments = || {
                            let arguments = Arguments::dn("/CN=a").map_counter(counter);
                            if fqans.is_empty() {
                                arguments
                            } else {
                                arguments.fqans(fqans)
                            }
                        };
                        let [original, ours] = [&original, &module_file(MODULE)]
                            .map(|module| run(module, &[], words, gids, &arguments()));
                        let same = original.essence == ours.essence && original.names == ours.names;
                        assert!(
                            same,
                            "{words:?} {gids:?} {fqans:?} {counter}\n{original:#?}\n{ours:#?}\n{}{}",
                            original.log, ours.log
                        );
                    }
                }
            }
        }
    });
}

#[test]
fn both_modules_decide_alike_about_odd_leases() {
    let Some(original) = original_module(MODULE) else {
        return;
    };
    let lease = "%2fcn%3da:atlas";
    let links = [
        vec![],
        vec![("pa001", lease)],
        vec![("pb001", lease)],
        vec![("pa001", lease), ("pa001", "x")],
        vec![("pa001", "%2fcn%3db")],
        vec![("pa001", "%2fcn%3db"), ("pb001", lease)],
        vec![("pa001", "%2fcn%3db"), ("pb001", "%2fcn%3dc")],
    ];
    let words: [&[&str]; 3] = [
        &[],
        &["-override_inconsistency"],
        &["-strict_poolprefix_match", "no"],
    ];
    let users: [&[&str]; 6] = [
        &["/vo/a"],
        &["/vo/b"],
        &["/vo/a", "/vo/b"],
        &["/vo/b", "/vo/a"],
        &["/none", "/vo/d"],
        &["/vo/c", "/vo/b"],
    ];
    let names = [None, Some("pa001"), Some("pb001"), Some("pa009"), Some("")];
    with_accounts(&passwd(), GROUP, || {
        for links in &links {
            for words in words {
                for fqans in users {
                    for name in names {
                        let arguments = || {
                            let arguments = Arguments::dn("/CN=a").fqans(fqans);
                            match name {
                                Some(name) => arguments.requested_username(name),
                                None => arguments,
                            }
                        };
                        let [original, ours] = [&original, &module_file(MODULE)]
                            .map(|module| run(module, links, words, (&[6003], &[]), &arguments()));
                        let same = original.essence == ours.essence && original.names == ours.names;
                        assert!(
                            same,
                            "{links:?} {words:?} {fqans:?} {name:?}\n{original:#?}\n{ours:#?}"
                        );
                    }
                }
            }
        }
    });
}
