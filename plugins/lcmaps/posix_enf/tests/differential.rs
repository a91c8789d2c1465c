//! The same mappings enforced by this module and the C one, where that is installed.

mod support;

use lcmaps_module_test::real::own_library;
use lcmaps_module_test::{module_file, original_module};
use support::{Case, Outcome, is_root};

#[test]
fn child() {
    support::child();
}

/// Result and ids with the original and with ours.
fn both(case: &Case<'_>) -> Option<[Outcome; 2]> {
    if !is_root() {
        return None;
    }
    let original = original_module("lcmaps_posix_enf")?;
    let library = own_library()?;
    Some([original, module_file("lcmaps_posix_enf")].map(|module| case.run(&library, &module)))
}

#[test]
fn mappings_that_both_accept_make_the_same_process() {
    let mappings: [&[&str]; 3] = [
        &["--dummy-uid 52001 --dummy-gid 52002"],
        &[
            "--dummy-uid 52001 --dummy-gid 52002",
            "--dummy-sec-gid 7",
            "--dummy-sec-gid 65000",
        ],
        &["--dummy-uid 52001 --dummy-gid 52002 --dummy-sec-gid 52002"],
    ];
    let words = [
        "",
        "-maxuid 1 -maxpgid 1 -maxsgid 32",
        "-MAXUID 1 -maxuid 0 -MAXPGID 3 -MAXSGID 2",
        "-set_only_euid yes -set_only_egid yes",
        "-set_only_euid no -set_only_egid yes",
        "who knows",
    ];
    for mapping in mappings {
        for words in words {
            for real_uid in [None, Some(1)] {
                let case = Case {
                    mapping,
                    words,
                    real_uid,
                    ..Case::default()
                };
                let Some([original, ours]) = both(&case) else {
                    return;
                };
                assert!(original.mapped, "{words} {mapping:?} {}", original.log);
                assert!(ours.mapped, "{words} {mapping:?} {}", ours.log);
                assert_eq!(ours.ids, original.ids, "{words} {mapping:?}");
                assert_eq!(ours.regained, original.regained, "{words} {mapping:?}");
                assert!(original.log.contains("post-id-switch"), "{}", original.log);
            }
        }
    }
}

#[test]
fn mappings_that_both_refuse() {
    let cases = [
        ("--dummy-uid 52001 --dummy-gid 52002", "-maxuid 0"),
        ("--dummy-uid 52001 --dummy-gid 52002", "-maxpgid 0"),
        (
            "--dummy-uid 52001 --dummy-gid 52002 --dummy-sec-gid 9",
            "-maxsgid 0",
        ),
        ("--dummy-uid 0 --dummy-gid 52002", ""),
        ("--dummy-uid 52001 --dummy-gid 0", ""),
        ("--dummy-uid 52001", ""),
        ("--dummy-gid 52002", ""),
    ];
    for (mapping, words) in cases {
        let case = Case {
            mapping: &[mapping],
            words,
            ..Case::default()
        };
        let Some([original, ours]) = both(&case) else {
            return;
        };
        assert!(!original.mapped, "{words} {mapping}");
        assert!(!ours.mapped, "{words} {mapping}");
        let is_root = |ids: &String| ids.starts_with("uid 0 gid 0 ");
        assert!(ours.ids.iter().all(is_root), "{words} {mapping}: {ours:?}");
    }
}
