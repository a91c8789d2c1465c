//! `lcmaps_poolaccount` inside real libraries, with made-up accounts.

mod site;

use std::thread;

use lcmaps_module_test::real::{
    Answer, Call, Case, Report, can_change_user, can_fake_accounts, libraries,
};
use lcmaps_module_test::{TESTER_DN, TESTER_PEM, module_file};
use site::{GROUP, Site, passwd, site};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// Runs a case in each library, each time with a new site.
fn each(
    map: &str,
    accounts: &[&str],
    words: &str,
    case: impl Fn(Case, &Site) -> Case,
    check: impl Fn(&Report, &Site),
) {
    if !can_fake_accounts() {
        return;
    }
    for library in libraries() {
        let site = site(map, accounts);
        let words = words.replace("@FILE@", &site.file.display().to_string());
        let words = words.replace("@DIR@", &site.folder.display().to_string());
        let base = Case::of_module(&library, &module_file("lcmaps_poolaccount"), &words)
            .accounts(&passwd(), GROUP);
        eprintln!("in {}", library.display());
        check(&case(base, &site).run(), &site);
    }
}

const SITE: &str = "-gridmapfile @FILE@ -gridmapdir @DIR@";

#[test]
fn a_user_gets_an_account_and_keeps_it_in_the_next_session() {
    let calls = |case: Case, _: &Site| {
        case.account("/CN=a")
            .call(Call::Restart)
            .account("/CN=a")
            .username("/CN=b")
    };
    each(
        "\"/CN=a\" .pool\n",
        &["pool001"],
        SITE,
        calls,
        |report, site| {
            let account = Answer::Account {
                uid: 5001,
                primary_gids: vec![6000],
                secondary_gids: vec![6000, 6002],
                pool_index: Some("%2fcn%3da".to_owned()),
            };
            assert_eq!(
                report.answers,
                [account.clone(), Answer::Done, account, Answer::Failed(1)],
                "{}",
                report.log
            );
            assert_eq!(site.lease("%2fcn%3da").as_deref(), Some("pool001"));
            report.expect_log("lcmaps_gridmapdir: Found pool mapping pool001 for \"/CN=a\"");
        },
    );
}

#[test]
fn the_map_counter_of_the_application_arrives() {
    let counted = |counter| Call::Account {
        dn: "/CN=a".to_owned(),
        fqans: vec!["/vo".to_owned()],
        map_counter: counter,
    };
    let calls = |case: Case, _: &Site| case.call(counted(2)).call(counted(3)).call(counted(-2));
    let words = format!("{SITE} -max_mappings_per_credential 2");
    each(
        "\"/CN=a\" .pool\n",
        &["pool001"],
        &words,
        calls,
        |report, site| {
            assert!(
                matches!(&report.answers[0], Answer::Account { uid: 5001, .. }),
                "{}",
                report.log
            );
            assert_eq!(report.answers[1..], [Answer::Failed(1), Answer::Failed(1)]);
            assert!(site.lease("%2fcn%3da:mapcount=0002").is_some());
        },
    );
}

#[test]
fn the_environment_names_the_folder_when_no_option_does() {
    let case = |case: Case, site: &Site| case.env("GRIDMAPDIR", &site.folder).username("/CN=a");
    each(
        "\"/CN=a\" .pool\n",
        &["pool001"],
        "-gridmapfile @FILE@",
        case,
        |report, _| {
            assert_eq!(
                report.only(),
                &Answer::Username("pool001".to_owned()),
                "{}",
                report.log
            );
        },
    );
}

#[test]
fn verification_finds_the_lease_of_the_user_and_makes_none() {
    let verify = |uid| Call::Verify {
        pem: TESTER_PEM.to_owned(),
        uid,
    };
    let lease = "%2fo%3dtest%2fcn%3dmodule%20tester";
    let calls = |case: Case, site: &Site| {
        site.link("pool002", lease);
        case.call(verify(5002)).call(verify(5001)).call(verify(0))
    };
    each(
        &format!("\"{TESTER_DN}\" .pool\n"),
        &["pool001", "pool002"],
        SITE,
        calls,
        |report, site| {
            assert_eq!(
                report.answers,
                [Answer::Done, Answer::Failed(1), Answer::Failed(1)],
                "{}",
                report.log
            );
            assert_eq!(site.names(), [lease, "pool001", "pool002"]);
        },
    );
}

#[test]
fn an_ordinary_user_who_owns_the_folder_can_lease() {
    if !can_change_user() {
        return;
    }
    let case = |case: Case, site: &Site| {
        for path in site
            .names()
            .iter()
            .map(|name| site.folder.join(name))
            .chain([site.folder.clone()])
        {
            std::os::unix::fs::chown(path, Some(5002), Some(6000))
                .expect("root may give files away");
        }
        case.as_user(5002).username("/CN=a").username("/CN=a")
    };
    each(
        "\"/CN=a\" .pool\n",
        &["pool001"],
        SITE,
        case,
        |report, _| {
            let account = Answer::Username("pool001".to_owned());
            assert_eq!(report.answers, [account.clone(), account], "{}", report.log);
        },
    );
}

#[test]
fn nobody_is_refused_while_an_account_is_free_and_no_account_has_two_owners() {
    const PROCESSES: usize = 4;
    const USERS: usize = 10;
    if !can_fake_accounts() {
        return;
    }
    let accounts: Vec<String> = (1..=PROCESSES * USERS)
        .map(|number| format!("pool{number:03}"))
        .collect();
    let accounts: Vec<&str> = accounts.iter().map(String::as_str).collect();
    for library in libraries() {
        let site = site("\"/CN=*\" .pool\n", &accounts);
        let words = site.words().join(" ");
        let mut taken: Vec<String> = thread::scope(|scope| {
            let run = |process| {
                let (library, words) = (&library, &words);
                scope.spawn(move || {
                    let case = Case::of_module(library, &module_file("lcmaps_poolaccount"), words);
                    let case = case.accounts(&passwd(), GROUP);
                    let case = (0..USERS).fold(case, |case, user| {
                        case.username(&format!("/CN=p{process}u{user}"))
                    });
                    let report = case.run();
                    let name = |answer: &Answer| match answer {
                        Answer::Username(name) => name.clone(),
                        other => panic!("{other:?}\n{}", report.log),
                    };
                    report.answers.iter().map(name).collect::<Vec<_>>()
                })
            };
            let processes: Vec<_> = (0..PROCESSES).map(run).collect();
            processes
                .into_iter()
                .flat_map(|process| process.join().expect("a process without refusals"))
                .collect()
        });
        taken.sort();
        assert_eq!(taken, accounts, "{}", library.display());
    }
}
