//! This module and the C one, where that is installed, on one gridmapdir.

mod site;

use std::collections::HashMap;
use std::path::Path;

use lcmaps_module_test::recording::Arguments;
use lcmaps_module_test::{module_file, original_module, with_accounts};
use proptest::prelude::*;
use site::{GROUP, passwd, site};

const ACCOUNTS: [&str; 4] = ["pool001", "pool002", "pool003", "pool004"];

/// Who comes, and which module serves.
fn visits() -> impl Strategy<Value = Vec<(u32, i32, bool)>> {
    prop::collection::vec(
        (
            0..5_u32,
            prop::sample::select(vec![-1, -1, 1]),
            any::<bool>(),
        ),
        1..16,
    )
}

#[test]
fn both_modules_find_each_others_leases() {
    let Some(original) = original_module("lcmaps_poolaccount") else {
        return;
    };
    with_accounts(&passwd(), GROUP, || {
        let ours = module_file("lcmaps_poolaccount");
        let config = ProptestConfig {
            cases: 100,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        proptest!(config, |(visits in visits())| {
            let mut site = site("\"/CN=*\" .pool\n", &ACCOUNTS);
            let mut owners: HashMap<(u32, i32), u32> = HashMap::new();
            for (user, counter, is_original) in visits {
                site = site.module(if is_original { &original } else { &ours });
                let arguments = Arguments::dn(&format!("/CN=User {user}")).map_counter(counter);
                let outcome = site.run(&arguments);
                let known = owners.get(&(user, counter)).copied();
                match known {
                    Some(uid) => prop_assert_eq!(outcome.mapping.uids, [uid], "{}", outcome.log),
                    None if owners.len() == ACCOUNTS.len() => prop_assert_eq!(outcome.code, 1, "{}", outcome.log),
                    None => {
                        prop_assert_eq!(outcome.code, 0, "{}", outcome.log);
                        let uid = outcome.mapping.uids[0];
                        prop_assert!(!owners.values().any(|taken| *taken == uid), "{} has two owners", uid);
                        owners.insert((user, counter), uid);
                    }
                }
            }
        });
    });
}

#[test]
fn both_modules_decide_alike_about_odd_leases() {
    let Some(original) = original_module("lcmaps_poolaccount") else {
        return;
    };
    let links = [
        ("nothing", vec![]),
        ("a lease", vec![("pool001", "%2fcn%3da")]),
        ("a lease outside the pool", vec![("other001", "%2fcn%3da")]),
        (
            "a lease with three names",
            vec![("pool001", "%2fcn%3da"), ("pool001", "x")],
        ),
        (
            "a full pool",
            vec![("pool001", "%2fcn%3db"), ("pool002", "%2fcn%3dc")],
        ),
        ("somebody else's lease", vec![("pool001", "%2fcn%3db")]),
    ];
    let words = [
        &[][..],
        &["-override_inconsistency"],
        &["-strict_poolprefix_match", "no"],
    ];
    let names = [
        None,
        Some("pool001"),
        Some("pool002"),
        Some("other001"),
        Some("pool009"),
    ];
    with_accounts(&passwd(), GROUP, || {
        for (what, links) in &links {
            for words in words {
                for name in names {
                    let outcome = |module: &Path| {
                        let site = site("\"/CN=a\" .pool\n", &["pool001", "pool002", "other001"])
                            .module(module);
                        for (account, lease) in links {
                            site.link(account, lease);
                        }
                        let arguments = Arguments::dn("/CN=a");
                        let arguments = match name {
                            Some(name) => arguments.requested_username(name),
                            None => arguments,
                        };
                        let outcome = site.run_with(words, &arguments);
                        (outcome.code, site.names().len(), outcome.log)
                    };
                    let (original, ours) = (
                        outcome(&original),
                        outcome(&module_file("lcmaps_poolaccount")),
                    );
                    let same = (original.0, original.1) == (ours.0, ours.1);
                    assert!(same, "{what}, {words:?}, {name:?}:\n{original:?}\n{ours:?}");
                }
            }
        }
    });
}
