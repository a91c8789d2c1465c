//! `lcmaps_localaccount` inside real libraries, with made-up accounts.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use lcmaps_module_test::real::{
    Answer, Call, Case, Report, can_change_user, can_fake_accounts, libraries, own_library,
};
use lcmaps_module_test::{TESTER_DN, TESTER_PEM, module_file};
use tempfile::TempDir;

const PASSWD: &str = "root:x:0:0::/root:/bin/sh\nann:x:5001:6001::/home/ann:/bin/sh\nbob:x:5002:6002::/home/bob:/bin/sh\n";
const GROUP: &str = "root:x:0:\nstaff:x:6001:\nother:x:6002:\natlas:x:6003:ann\n";

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// A folder that everybody can enter, with a grid-mapfile.
fn scratch(text: &str) -> (TempDir, PathBuf) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o755))
        .expect("a folder of ours");
    let path = scratch.path().join("map");
    fs::write(&path, text).expect("a grid-mapfile");
    (scratch, path)
}

/// Runs a case in each library.
fn each(words: &str, case: impl Fn(Case) -> Case, check: impl Fn(&Report)) {
    if !can_fake_accounts() {
        return;
    }
    for library in libraries() {
        let module = module_file("lcmaps_localaccount");
        let base = Case::of_module(&library, &module, words).accounts(PASSWD, GROUP);
        eprintln!("in {}", library.display());
        check(&case(base).run());
    }
}

fn account(uid: u32, gid: u32, groups: &[u32]) -> Answer {
    Answer::Account {
        uid,
        primary_gids: vec![gid],
        secondary_gids: groups.to_vec(),
        pool_index: None,
    }
}

fn failed() -> Answer {
    Answer::Failed(1)
}

#[test]
fn a_listed_user_gets_the_account() {
    let (_scratch, path) = scratch("\"/CN=a\" ann\n\"/CN=b\" bob\n\"/CN=r\" root\n");
    let words = format!("-gridmapfile {}", path.display());
    let calls = |case: Case| {
        case.account("/CN=a")
            .account("/CN=b")
            .account("/CN=c")
            .account("/CN=r")
    };
    each(&words, calls, |report| {
        let expected = [
            account(5001, 6001, &[6001, 6003]),
            account(5002, 6002, &[6002]),
            failed(),
            failed(),
        ];
        assert_eq!(report.answers, expected, "{}", report.log);
        report.expect_log("CRED FINAL: DN:\"/CN=a\"->mapped uid:'5001',pgid:'6001'");
    });
}

#[test]
fn a_session_can_start_again() {
    let (_scratch, path) = scratch("\"/CN=a\" ann\n");
    let words = format!("-gridmapfile {}", path.display());
    each(
        &words,
        |case| case.username("/CN=a").call(Call::Restart).username("/CN=a"),
        |report| {
            let ann = Answer::Username("ann".to_owned());
            assert_eq!(
                report.answers,
                [ann.clone(), Answer::Done, ann],
                "{}",
                report.log
            );
        },
    );
}

#[test]
fn verification_accepts_the_own_account_and_no_other() {
    let (_scratch, path) = scratch(&format!("\"{TESTER_DN}\" ann\n\"/CN=b\" bob\n"));
    let words = format!("-gridmapfile {}", path.display());
    let verify = |uid| Call::Verify {
        pem: TESTER_PEM.to_owned(),
        uid,
    };
    each(
        &words,
        |case| {
            case.call(verify(5001))
                .call(verify(5002))
                .call(verify(0))
                .call(verify(5999))
        },
        |report| {
            assert_eq!(
                report.answers,
                [Answer::Done, failed(), failed(), failed()],
                "{}",
                report.log
            );
        },
    );
}

#[test]
fn the_environment_names_the_file_when_no_option_does() {
    let (_scratch, path) = scratch("\"/CN=a\" ann\n");
    each(
        "",
        |case| {
            case.env("GLOBUSMAP", &path)
                .env("GlobusMap", "/no/such")
                .username("/CN=a")
        },
        |report| {
            assert_eq!(
                report.only(),
                &Answer::Username("ann".to_owned()),
                "{}",
                report.log
            );
        },
    );
}

#[test]
fn an_option_comes_before_the_environment() {
    let (_scratch, path) = scratch("\"/CN=a\" ann\n");
    let words = format!("-gridmapfile {}", path.display());
    each(
        &words,
        |case| case.env("GRIDMAP", "/no/such").username("/CN=a"),
        |report| {
            assert_eq!(
                report.only(),
                &Answer::Username("ann".to_owned()),
                "{}",
                report.log
            );
        },
    );
}

#[test]
fn an_option_that_is_unknown_stops_the_library() {
    each(
        "-gridmapfiles /etc/passwd",
        |case| case,
        |report| {
            assert_eq!(report.init, 1);
            report.expect_log("unknown option \"-gridmapfiles\"; known options: -gridmapfile");
        },
    );
}

/// The home of the user in `PASSWD` is made up; this one is real.
fn with_home(home: &Path) -> String {
    format!(
        "ann:x:5001:6001::{}:/bin/sh\nbob:x:5002:6002::/:/bin/sh\n",
        home.display()
    )
}

#[test]
fn an_ordinary_user_reads_the_file_at_home() {
    if !can_change_user() {
        return;
    }
    let (scratch, path) = scratch("\"/CN=a\" bob\n");
    fs::rename(path, scratch.path().join(".gridmap")).expect("a file of ours");
    let passwd = with_home(scratch.path());
    each(
        "",
        |case| {
            case.accounts(&passwd, GROUP)
                .as_user(5001)
                .username("/CN=a")
                .username("/CN=b")
        },
        |report| {
            assert_eq!(
                report.answers,
                [Answer::Username("bob".to_owned()), failed()],
                "{}",
                report.log
            );
        },
    );
}

#[test]
fn an_ordinary_user_without_any_file_maps_everybody_to_himself() {
    if !can_change_user() {
        return;
    }
    let (scratch, _) = scratch("");
    let passwd = with_home(scratch.path());
    each(
        "",
        |case| {
            case.accounts(&passwd, GROUP)
                .as_user(5001)
                .account("/CN=anybody")
        },
        |report| {
            assert_eq!(
                report.only(),
                &account(5001, 6001, &[6001, 6003]),
                "{}",
                report.log
            );
            report.expect_log(
                "lcmaps_gridmapfile: no grid-mapfile: will use own account \"ann\" as default",
            );
        },
    );
}

#[test]
fn a_configured_file_that_is_missing_maps_nobody() {
    if !can_change_user() {
        return;
    }
    let (scratch, _) = scratch("");
    let passwd = with_home(scratch.path());
    each(
        "-gridmapfile /no/such",
        |case| {
            case.accounts(&passwd, GROUP)
                .as_user(5001)
                .username("/CN=a")
        },
        |report| {
            assert_eq!(report.only(), &failed(), "{}", report.log);
            report.expect_log("/no/such does not exist");
        },
    );
    let case = |case: Case| {
        case.accounts(&passwd, GROUP)
            .as_user(5001)
            .env("GRIDMAP", "/no/such")
            .username("/CN=a")
    };
    each("", case, |report| {
        assert_eq!(report.only(), &failed(), "{}", report.log);
        report.expect_log("/no/such does not exist");
    });
}

#[test]
fn a_relative_name_is_taken_from_the_current_folder_for_an_ordinary_user_only() {
    let (scratch, _path) = scratch("\"/CN=a\" bob\n");
    if can_change_user() {
        let ordinary = |case: Case| case.as_user(5001).within(scratch.path()).username("/CN=a");
        each("-gridmapfile map", ordinary, |report| {
            assert_eq!(
                report.only(),
                &Answer::Username("bob".to_owned()),
                "{}",
                report.log
            );
        });
    }
    if lc_os::is_privileged() {
        each(
            "-gridmapfile map",
            |case| case.within(scratch.path()),
            |report| {
                assert_eq!(report.init, 1);
                report.expect_log("\"/etc/grid-security/map\" (from \"map\")");
            },
        );
    }
}

#[test]
fn one_policy_can_read_two_files() {
    let Some(library) = own_library().filter(|_| can_fake_accounts()) else {
        return;
    };
    let (_first, first) = scratch("\"/CN=a\" ann\n");
    let (_second, second) = scratch("\"/CN=a\" bob\n\"/CN=b\" bob\n");
    let module = module_file("lcmaps_localaccount");
    let end = module_file("lcmaps_dummy_bad");
    let db = format!(
        "first = \"{0} -gridmapfile {1}\"\nsecond = \"{0} -gridmapfile {2}\"\nend = \"{3}\"\np:\n~first -> second\n~second -> end\n",
        module.display(),
        first.display(),
        second.display(),
        end.display()
    );
    let case = Case::new(&library, &db).accounts(PASSWD, GROUP);
    let report = case
        .username("/CN=a")
        .username("/CN=b")
        .username("/CN=c")
        .call(Call::Restart)
        .username("/CN=b")
        .run();
    let name = |name: &str| Answer::Username(name.to_owned());
    let expected = [
        name("ann"),
        name("bob"),
        failed(),
        Answer::Done,
        name("bob"),
    ];
    assert_eq!(report.answers, expected, "{}", report.log);
}
