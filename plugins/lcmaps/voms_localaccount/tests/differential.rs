//! The same map files and FQANs through this module and the C one, where that is installed.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use lcmaps_module_test::recording::{Arguments, LoadedModule, Mapping, RecordingHost};
use lcmaps_module_test::site::{Kind, Site};
use lcmaps_module_test::{module_file, original_module, with_accounts};
use proptest::prelude::*;

const MODULE: &str = "lcmaps_voms_localaccount";

const PASSWD: &str =
    "root:x:0:0::/root:/bin/sh\nann:x:5001:6001::/:/bin/sh\nbob:x:5002:6002::/:/bin/sh\n";
const GROUP: &str =
    "root:x:0:\nstaff:x:6001:\nother:x:6002:\natlas:x:6003:ann\ncms:x:6004:ann,bob\n";

const FLAGS: [&str; 7] = [
    "--do-not-add-primary-gid-from-mapped-account",
    "--add-primary-gid-from-mapped-account",
    "--add-primary-gid-as-secondary-gid-from-mapped-account",
    "--do-not-add-secondary-gids-from-mapped-account",
    "--add-secondary-gids-from-mapped-account",
    "--use-voms-gid",
    "--use-account-gid",
];

fn site(map: &str, module: &Path) -> Site {
    Site::new(MODULE, Kind::Accounts, map).module(module)
}

fn both() -> Option<[PathBuf; 2]> {
    Some([original_module(MODULE)?, module_file(MODULE)])
}

#[test]
fn both_modules_take_the_same_gids_from_an_account_whatever_the_flags() {
    let Some(modules) = both() else { return };
    with_accounts(PASSWD, GROUP, || {
        let mut accepted = 0;
        for set in 0..1_u32 << FLAGS.len() {
            let mut flags: Vec<&str> = (0..FLAGS.len())
                .filter(|flag| set & (1 << flag) != 0)
                .map(|flag| FLAGS[flag])
                .collect();
            for _ in 0..2 {
                let outcome = modules.each_ref().map(|module| {
                    let site = site("\"/vo\" ann\n", module);
                    let host = RecordingHost::take();
                    let loaded = LoadedModule::load(&host, module);
                    let words = site.words();
                    let words: Vec<&str> = words
                        .iter()
                        .map(String::as_str)
                        .chain(flags.iter().copied())
                        .collect();
                    let starts = loaded.initialize(&words) == 0;
                    loaded.terminate();
                    drop((loaded, host));
                    let arguments = Arguments::dn("/CN=a").fqans(&["/vo"]);
                    starts.then(|| site.run_with(&flags, &arguments).essence())
                });
                let [original, ours] = outcome;
                accepted += u32::from(ours.is_some());
                assert_eq!(ours, original, "{flags:?}");
                flags.reverse();
            }
        }
        // Each of these sets in two orders: primary gid in 5 ways, groups in 3, base in 3.
        assert_eq!(accepted, 2 * 5 * 3 * 3);
    });
}

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
        " ann",
        " bob",
        " ann,bob",
        " .pool",
        " .pool bob",
        "",
        " nobody",
        " ann # x",
        "\tbob\t,ann",
    ]);
    (name, mapping).prop_map(|(name, mapping)| format!("{name}{mapping}"))
}

#[test]
fn both_modules_map_alike() {
    let Some(modules) = both() else { return };
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
    // By name or by uid: when both are given and disagree, the original looks at the name only.
    let name = prop::sample::select(vec!["ann", "bob", "", ".pool", "nobody"]);
    let uid = prop::sample::select(vec![5001, 5002, 5003, 0]);
    let requested = prop_oneof![
        2 => Just((None, None)),
        1 => name.prop_map(|name| (Some(name), None)),
        1 => uid.prop_map(|uid| (None, Some(uid))),
    ];
    let case = (
        prop::collection::vec(line(), 0..5),
        prop_oneof![
            1 => Just(Vec::new()),
            9 => prop::collection::vec(fqan, 1..4),
        ],
        requested,
        any::<bool>(),
    );
    with_accounts(PASSWD, GROUP, || {
        let mapped = Cell::new(0);
        let config = ProptestConfig {
            cases: 600,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        proptest!(config, |((lines, fqans, (name, uid), is_verification) in case)| {
            let map = lines.join("\n");
            let outcome = modules.each_ref().map(|module| {
                let site = site(&map, module);
                let mut arguments = Arguments::dn("/CN=a");
                if !fqans.is_empty() {
                    arguments = arguments.fqans(&fqans);
                }
                if let Some(name) = name {
                    arguments = arguments.requested_username(name);
                }
                if let Some(uid) = uid {
                    arguments = arguments.requested_uid(uid);
                }
                let outcome = if is_verification { site.verify(&arguments) } else { site.run(&arguments) };
                let log = outcome.log.clone();
                (outcome.essence(), log)
            });
            let [original, ours] = outcome;
            mapped.set(mapped.get() + u32::from(original.0.0));
            prop_assert_eq!(&ours.0, &original.0, "{:?} {:?} {:?} {:?}\n{}\n{}", map, fqans, name, uid, original.1, ours.1);
        });
        assert!(mapped.get() > 30, "only {} were mapped", mapped.get());
    });
}

#[test]
fn fqans_of_earlier_modules_come_first_in_both() {
    let Some(modules) = both() else { return };
    with_accounts(PASSWD, GROUP, || {
        let uids = modules.each_ref().map(|module| -> Mapping {
            let site = site("/vo/a ann\n/vo/b bob\n", module);
            let host = RecordingHost::take();
            host.register_fqan(c"/vo/b");
            let loaded = LoadedModule::load(&host, module);
            let words = site.words();
            let instance = loaded.start(&words.iter().map(String::as_str).collect::<Vec<_>>());
            let arguments = Arguments::dn("/CN=a").fqans(&["/vo/a"]);
            assert_eq!(loaded.run(instance, &arguments), 0, "{}", host.log());
            loaded.terminate();
            host.mapping()
        });
        assert_eq!(uids[0].uids, [5002]);
        assert_eq!(uids[1].uids, [5002]);
    });
}
