//! The same map files and FQANs through this module and the C one, where that is installed.

use std::cell::Cell;

use lcmaps_module_test::recording::Arguments;
use lcmaps_module_test::site::{Kind, Site};
use lcmaps_module_test::{module_file, original_module, with_accounts};
use proptest::prelude::*;

const MODULE: &str = "lcmaps_voms_localgroup";

const GROUP: &str = "root:x:0:\nstaff:x:6001:\nother:x:6002:\natlas:x:6003:\n";

fn line() -> impl Strategy<Value = String> {
    let good = prop::sample::select(vec![
        "\"/vo\"",
        "/vo/a",
        "\"/vo/*\"",
        "\"/vo*\"",
        "/vo/b",
        "\"/vo/[ab]\"",
        "\"/VO\"",
        "\"*\"",
    ]);
    let odd = prop::sample::select(vec!["\"\"", "\"/vo", "#", "/vo/a\\"]);
    let name = prop_oneof![9 => good, 1 => odd];
    let mapping = prop::sample::select(vec![
        " staff",
        " other",
        " staff,other",
        " .pool",
        " .pool atlas",
        "",
        " nobody",
        " atlas # x",
        "\tother\t,atlas",
    ]);
    (name, mapping).prop_map(|(name, mapping)| format!("{name}{mapping}"))
}

fn words() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::select(vec![
        vec![],
        vec![],
        vec!["-mapall"],
        vec!["-mapmin", "0"],
        vec!["-mapmin", "1"],
        vec!["-mapmin", "2", "-mapall"],
        vec!["--map-to-secondary-groups"],
        vec!["--map-to-secondary-groups", "-mapmin", "2"],
    ])
}

#[test]
fn both_modules_map_alike() {
    let Some(original) = original_module(MODULE) else {
        return;
    };
    let modules = [original, module_file(MODULE)];
    let fqan = prop::sample::select(vec![
        "/vo",
        "/vo/a",
        "/vo/b",
        "/vo/c/d",
        "/other",
        "/vo/Role=NULL/Capability=NULL",
        "",
        "*",
    ]);
    let case = (
        prop::collection::vec(line(), 0..5),
        words(),
        prop::collection::vec(fqan, 0..4),
        any::<bool>(),
    );
    with_accounts("root:x:0:0::/root:/bin/sh\n", GROUP, || {
        let (mapped, kept) = (Cell::new(0), Cell::new(0));
        let config = ProptestConfig {
            cases: 800,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        proptest!(config, |((lines, words, fqans, is_verification) in case)| {
            let map = lines.join("\n");
            let outcome = modules.each_ref().map(|module| {
                let site = Site::new(MODULE, Kind::Groups, &map).module(module);
                let mut arguments = Arguments::dn("/CN=a");
                if !fqans.is_empty() {
                    arguments = arguments.fqans(&fqans);
                }
                let outcome = if is_verification {
                    site.verify_with(&words, &arguments)
                } else {
                    site.run_with(&words, &arguments)
                };
                let log = outcome.log.clone();
                (outcome.essence(), log)
            });
            let [mut original, ours] = outcome;
            if !original.0.0 {
                // A failure of the original keeps the groups that it found before.
                kept.set(kept.get() + u32::from(!original.0.1.vo_mappings.is_empty()));
                original.0.1 = Default::default();
            }
            mapped.set(mapped.get() + original.0.1.vo_mappings.len());
            prop_assert_eq!(&ours.0, &original.0, "{:?} {:?} {:?}\n{}\n{}", map, words, fqans, original.1, ours.1);
        });
        assert!(mapped.get() > 100, "only {} were mapped", mapped.get());
        assert!(
            kept.get() > 0,
            "the original no longer keeps groups of failures"
        );
    });
}
