//! Who a process is after `lcmaps_posix_enf`, told by the kernel.

mod support;

use lcmaps_module_test::module_file;
use lcmaps_module_test::real::{can_change_user, libraries, own_library};
use support::{Case, Outcome, is_root};

/// An account that no machine has, with two more groups.
const POOL: &[&str] = &[
    "--dummy-uid 52001 --dummy-gid 52002",
    "--dummy-sec-gid 65000",
    "--dummy-sec-gid 52002",
];

#[test]
fn child() {
    support::child();
}

fn run(case: &Case<'_>) -> Outcome {
    let library = own_library().expect("cargo built the library");
    case.run(&library, &module_file("lcmaps_posix_enf"))
}

/// The process is who it was: root.
fn assert_still_root(outcome: &Outcome) {
    assert!(!outcome.mapped, "{}", outcome.log);
    assert!(
        outcome
            .ids
            .iter()
            .all(|ids| ids.starts_with("uid 0 gid 0 ")),
        "{outcome:?}"
    );
    let own = std::fs::read_to_string("/proc/self/status").expect("own status");
    let own = own.lines().find_map(|line| line.strip_prefix("Groups:"));
    let own: Vec<&str> = own.unwrap_or_default().split_whitespace().collect();
    let groups = format!("groups {}", own.join(" "));
    assert!(
        outcome.ids.iter().all(|ids| ids.ends_with(&groups)),
        "{groups:?} {outcome:?}"
    );
}

#[test]
fn all_threads_become_the_account_for_good() {
    if !is_root() {
        return;
    }
    // The original library takes a module once only.
    let one = &["--dummy-uid 52001 --dummy-gid 52002 --dummy-sec-gid 65000"];
    for (mapping, groups) in [(&one[..], "65000"), (POOL, "52002 65000")] {
        for library in libraries() {
            if mapping.len() > 1 && Some(&library) != own_library().as_ref() {
                continue;
            }
            let case = Case {
                mapping,
                ..Case::default()
            };
            let outcome = case.run(&library, &module_file("lcmaps_posix_enf"));
            assert!(outcome.mapped, "{}", outcome.log);
            let ids = format!("uid 52001 gid 52002 groups {groups}");
            assert_eq!(outcome.ids, [ids]);
            assert!(!outcome.regained);
            let line = "lcmaps_posix_enf-plugin_run(): post-id-switch: \
                        uid=52001(NULL),euid=52001,gid=52002,egid=52002,sgid=";
            assert!(outcome.log.contains(line), "{}", outcome.log);
            assert!(!outcome.log.contains("pre-id-switch"));
        }
    }
}

#[test]
fn an_account_without_further_groups_leaves_those_of_the_process() {
    if !is_root() {
        return;
    }
    let outcome = run(&Case {
        mapping: &POOL[..1],
        ..Case::default()
    });
    assert_eq!(
        outcome.ids,
        ["uid 52001 gid 52002 groups "],
        "{}",
        outcome.log
    );
}

#[test]
fn a_set_uid_program_keeps_neither_its_user_nor_root() {
    if !is_root() {
        return;
    }
    let outcome = run(&Case {
        mapping: POOL,
        real_uid: Some(1),
        ..Case::default()
    });
    assert_eq!(outcome.ids, ["uid 52001 gid 52002 groups 52002 65000"]);
    assert!(!outcome.regained);
    assert!(
        outcome
            .log
            .contains("pre-id-switch: uid=1(daemon),euid=0,gid=0,egid=0"),
        "{}",
        outcome.log
    );
}

#[test]
fn only_the_effective_ids_change_where_an_option_says_so() {
    if !is_root() {
        return;
    }
    let outcome = run(&Case {
        mapping: POOL,
        words: "-set_only_euid yes -set_only_egid yes",
        ..Case::default()
    });
    assert!(outcome.mapped, "{}", outcome.log);
    assert_eq!(outcome.ids, ["uid 0 52001 gid 0 52002 groups 52002 65000"]);
    assert!(outcome.regained, "that is what the option is for");
    let outcome = run(&Case {
        mapping: POOL,
        words: "-set_only_egid yes -set_only_euid no",
        ..Case::default()
    });
    assert_eq!(outcome.ids, ["uid 52001 gid 0 52002 groups 52002 65000"]);
    assert!(!outcome.regained);
}

#[test]
fn a_verification_switches_nothing() {
    if !is_root() {
        return;
    }
    let verify = |words| {
        run(&Case {
            verify: Some(1),
            words,
            ..Case::default()
        })
    };
    let outcome = verify("");
    assert!(outcome.mapped, "{}", outcome.log);
    assert!(!outcome.log.contains("id-switch"), "{}", outcome.log);
    assert!(
        outcome
            .ids
            .iter()
            .all(|ids| ids.starts_with("uid 0 gid 0 ")),
        "{outcome:?}"
    );
    let outcome = verify("-maxuid 0");
    assert_still_root(&outcome);
    assert!(
        outcome
            .log
            .contains("plugin_verify(): the mapping has 1 uids")
    );
}

#[test]
fn root_and_its_group_are_refused_before_anything_changes() {
    if !is_root() {
        return;
    }
    for (mapping, what) in [
        ("--dummy-uid 0 --dummy-gid 52002", "uid 0"),
        ("--dummy-uid 52001 --dummy-gid 0", "primary gid 0"),
        (
            "--dummy-uid 52001 --dummy-gid 52002 --dummy-sec-gid 0",
            "secondary gid 0",
        ),
    ] {
        let outcome = run(&Case {
            mapping: &[mapping],
            ..Case::default()
        });
        assert_still_root(&outcome);
        assert!(
            outcome.log.contains(&format!(
                "the mapping has {what}, and no process is switched to root"
            )),
            "{}",
            outcome.log
        );
    }
}

#[test]
fn a_mapping_without_uid_or_primary_gid_is_refused() {
    if !is_root() {
        return;
    }
    for (mapping, what) in [
        ("--dummy-uid 52001", "primary gid"),
        ("--dummy-gid 52002", "uid"),
    ] {
        let outcome = run(&Case {
            mapping: &[mapping],
            ..Case::default()
        });
        assert_still_root(&outcome);
        assert!(
            outcome
                .log
                .contains(&format!("the mapping has no {what}: ")),
            "{}",
            outcome.log
        );
    }
}

#[test]
fn more_ids_than_allowed_are_refused_and_as_many_are_not() {
    if !is_root() {
        return;
    }
    let limited = |words| {
        run(&Case {
            mapping: POOL,
            words,
            ..Case::default()
        })
    };
    for words in [
        "-maxuid 0",
        "-MAXPGID 0",
        "-maxsgid 1",
        "-maxsgid 1 -maxsgid 9",
    ] {
        assert_still_root(&limited(words));
    }
    assert!(limited("-maxuid 1 -maxpgid 1 -MAXSGID 2").mapped);
}

#[test]
fn a_step_that_the_system_refuses_is_fatal_and_taken_back() {
    if !is_root() {
        return;
    }
    let wrapper = &[
        "unshare",
        "--user",
        "--map-users=0,0,1",
        "--map-groups=0,0,60000",
    ];
    let possible = std::process::Command::new(wrapper[0])
        .args(&wrapper[1..])
        .arg("true")
        .output();
    if !possible.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no user name spaces here");
        return;
    }
    // The name space has the gids and not the uid.
    let outcome = run(&Case {
        mapping: &["--dummy-uid 52001 --dummy-gid 52002 --dummy-sec-gid 52003"],
        wrapper,
        ..Case::default()
    });
    assert_still_root(&outcome);
    assert!(
        outcome
            .log
            .contains("setresuid failed: EINVAL: Invalid argument; nothing has changed"),
        "{}",
        outcome.log
    );
}

#[test]
fn who_is_not_root_is_told_so() {
    if !is_root() || !can_change_user() {
        return;
    }
    let outcome = run(&Case {
        mapping: POOL,
        wrapper: &["setpriv", "--reuid=1", "--regid=1", "--clear-groups"],
        ..Case::default()
    });
    assert!(!outcome.mapped);
    assert_eq!(outcome.ids, ["uid 1 gid 1 groups "]);
    let reason = "only root can change who it is, and this process has uid 1 and effective uid 1";
    assert!(outcome.log.contains(reason), "{}", outcome.log);
}
