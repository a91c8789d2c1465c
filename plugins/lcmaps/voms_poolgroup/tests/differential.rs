//! This module and the C one, where that is installed, on one groupmapdir.

mod site;

use std::collections::HashMap;
use std::path::Path;

use lcmaps_module_test::recording::{Arguments, Mapping};
use lcmaps_module_test::{module_file, original_module, with_accounts};
use proptest::prelude::*;
use site::{PASSWD, groups, site};

const MODULE: &str = "lcmaps_voms_poolgroup";

const FQANS: [&str; 5] = [
    "/vo",
    "/vo/Production_1",
    "/vo/b/Role=NULL/Capability=NULL",
    "/vo.example.org/x-y",
    "/other",
];

#[test]
fn both_modules_find_each_others_leases() {
    let Some(original) = original_module(MODULE) else {
        return;
    };
    let ours = module_file(MODULE);
    with_accounts(PASSWD, &groups(), || {
        let config = ProptestConfig {
            cases: 100,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let visit = (
            prop::sample::subsequence(FQANS.to_vec(), 1..4),
            any::<bool>(),
        );
        let visits = prop::collection::vec(visit, 1..12);
        proptest!(config, |(visits in visits)| {
            let mut site = site("\"/vo*\" .gr\n", &["gr01", "gr02", "gr03"]);
            let mut owners: HashMap<String, u32> = HashMap::new();
            for (fqans, is_original) in visits {
                site = site.module(if is_original { &original } else { &ours });
                let outcome = site.run(&Arguments::dn("/CN=a").fqans(&fqans));
                prop_assert_eq!(outcome.code, 0, "{}", outcome.log);
                let mapped: HashMap<_, _> = outcome.mapping.vo_mappings.iter().map(|(fqan, _, gid)| (fqan.as_str(), *gid)).collect();
                for fqan in fqans {
                    match (mapped.get(fqan), owners.get(fqan)) {
                        (Some(gid), Some(known)) => prop_assert_eq!(gid, known, "{}", outcome.log),
                        (Some(gid), None) => {
                            prop_assert!(!owners.values().any(|taken| taken == gid), "{} has two owners", gid);
                            owners.insert(fqan.to_owned(), *gid);
                        }
                        (None, known) => prop_assert!(known.is_none() && (fqan == "/other" || owners.len() == 3), "{}: {}", fqan, outcome.log),
                    }
                }
            }
        });
    });
}

/// What came of one run, without the log.
type Essence = ((bool, Mapping), Vec<String>);

#[test]
fn both_modules_decide_alike_about_odd_leases_and_options() {
    let Some(original) = original_module(MODULE) else {
        return;
    };
    let links = [
        ("nothing", vec![]),
        ("a lease", vec![("gr01", "%2fvo")]),
        ("a lease outside the pool", vec![("other01", "%2fvo")]),
        (
            "a lease with three names",
            vec![("gr01", "%2fvo"), ("gr01", "x")],
        ),
        ("one free group", vec![("gr01", "%2fy")]),
        ("a full pool", vec![("gr01", "%2fy"), ("gr02", "%2fz")]),
        (
            "a lease and a full pool",
            vec![("gr01", "%2fvo"), ("gr02", "%2fz")],
        ),
    ];
    let words = [
        &[][..],
        &["-override_inconsistency"],
        &["-strict_poolprefix_match", "no"],
        &["-mapall"],
        &["-mapmin", "1"],
        &["-mapmin", "2"],
        &["--map-to-secondary-groups"],
    ];
    let users = [
        &["/vo"][..],
        &["/vo", "/other"],
        &["/other", "/vo"],
        &["/other"],
        &[],
    ];
    with_accounts(PASSWD, &groups(), || {
        for (what, links) in &links {
            for words in words {
                for fqans in users {
                    let outcome = |module: &Path| -> (Essence, String) {
                        let site =
                            site("\"/vo\" gr01\n\"/vo*\" .gr\n", &["gr01", "gr02", "other01"])
                                .module(module);
                        for (group, lease) in links {
                            site.link(group, lease);
                        }
                        let mut arguments = Arguments::dn("/CN=a");
                        if !fqans.is_empty() {
                            arguments = arguments.fqans(fqans);
                        }
                        let outcome = site.run_with(words, &arguments);
                        let log = outcome.log.clone();
                        let mut essence = outcome.essence();
                        if !essence.0 {
                            // A failure of the original keeps the groups that it found before.
                            essence.1 = Mapping::default();
                        } else if essence.1.vo_mappings.len() == 1
                            && site.lease("%2fvo").is_some()
                            && links.is_empty()
                        {
                            // Any free group will do.
                            essence.1 = Mapping {
                                dn: Some(format!("{}", essence.1.primary_gids.len())),
                                ..Mapping::default()
                            };
                        }
                        ((essence, site.names()), log)
                    };
                    let (original, ours) = (outcome(&original), outcome(&module_file(MODULE)));
                    assert_eq!(
                        ours.0, original.0,
                        "{what}, {words:?}, {fqans:?}:\n{}\n{}",
                        original.1, ours.1
                    );
                }
            }
        }
    });
}
