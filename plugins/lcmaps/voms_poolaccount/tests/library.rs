//! `lcmaps_voms_poolaccount` behind `lcmaps_voms_localgroup` inside real libraries, with made-up
//! accounts.

mod site;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;

use lcmaps_module_test::module_file;
use lcmaps_module_test::real::{Answer, Call, Case, can_fake_accounts, libraries};
use site::{GROUP, Site, passwd, site};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// A policy that maps FQANs to groups and then to an account.
fn case(library: &Path, site: &Site, words: &str) -> Case {
    let groups = site.file.with_file_name("groupmapfile");
    if !groups.exists() {
        fs::write(&groups, "/vo/a atlas\n/vo/b cms\n/vo/c pb\n").expect("a groupmapfile");
    }
    let db = format!(
        "g = \"{} -groupmapfile {}\"\na = \"{} {} {words}\"\np:\ng -> a\n",
        module_file("lcmaps_voms_localgroup").display(),
        groups.display(),
        module_file("lcmaps_voms_poolaccount").display(),
        site.words().join(" ")
    );
    Case::new(library, &db).accounts(&passwd(), GROUP)
}

fn account(uid: u32, primary: &[u32], secondary: &[u32], lease: &str) -> Answer {
    Answer::Account {
        uid,
        primary_gids: primary.to_vec(),
        secondary_gids: secondary.to_vec(),
        pool_index: Some(lease.to_owned()),
    }
}

#[test]
fn a_user_has_one_account_for_each_set_of_groups() {
    if !can_fake_accounts() {
        return;
    }
    for library in libraries() {
        let site = site("\"/vo/*\" .pa\n", &["pa001"]);
        let lease = "%2fcn%3da:cms:pb:atlas";
        let report = case(&library, &site, "")
            .account_of("/CN=a", &["/vo/b", "/vo/a", "/vo/c"])
            .call(Call::Restart)
            .account_of("/CN=a", &["/vo/b", "/vo/c", "/vo/a"])
            .account_of("/CN=a", &["/vo/b"])
            .account("/CN=a")
            .run();
        let kept = account(5001, &[6004], &[6001, 6003], lease);
        let expected = [
            kept.clone(),
            Answer::Done,
            kept,
            Answer::Failed(1),
            Answer::Failed(1),
        ];
        assert_eq!(report.answers, expected, "{}", report.log);
        assert_eq!(site.names(), [lease, "pa001"]);
    }
}

#[test]
fn the_gids_of_the_account_can_be_added() {
    if !can_fake_accounts() {
        return;
    }
    for library in libraries() {
        let site = site("\"/vo/*\" .pa\n", &["pa001"]);
        let report = case(&library, &site, "--use-account-gid")
            .account_of("/CN=a", &["/vo/b"])
            .run();
        let expected = account(5001, &[6004, 6000], &[6000, 6002], "%2fcn%3da:cms");
        assert_eq!(report.only(), &expected, "{}", report.log);
    }
}

#[test]
fn the_map_counter_of_the_application_arrives() {
    if !can_fake_accounts() {
        return;
    }
    for library in libraries() {
        let site = site("\"/vo/*\" .pa\n", &["pa001"]);
        let counted = |counter| Call::Account {
            dn: "/CN=a".to_owned(),
            fqans: vec!["/vo/a".to_owned()],
            map_counter: counter,
        };
        let report = case(&library, &site, "-max_mappings_per_credential 2")
            .call(counted(2))
            .call(counted(3))
            .run();
        let expected = [
            account(5001, &[6003], &[], "%2fcn%3da:atlas:mapcount=0002"),
            Answer::Failed(1),
        ];
        assert_eq!(report.answers, expected, "{}", report.log);
    }
}

#[test]
fn contradicting_options_stop_the_library() {
    if !can_fake_accounts() {
        return;
    }
    for library in libraries() {
        let site = site("", &[]);
        let report = case(&library, &site, "--use-account-gid --use-voms-gid").run();
        assert_eq!(report.init, 1);
        report.expect_log("options --use-account-gid and --use-voms-gid contradict each other");
    }
}

#[test]
fn processes_agree_about_the_account_of_each_user_and_no_account_has_two() {
    const PROCESSES: usize = 4;
    const USERS: usize = 12;
    if !can_fake_accounts() {
        return;
    }
    let entries: Vec<String> = (1..=USERS).map(|number| format!("pa{number:03}")).collect();
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    for library in libraries() {
        let site = site("\"/vo/*\" .pa\n", &entries);
        let first = case(&library, &site, "").run();
        assert_eq!(first.init, 0, "{}", first.log);
        let maps: Vec<BTreeMap<usize, u32>> = thread::scope(|scope| {
            let run = |process: usize| {
                let (library, site) = (&library, &site);
                scope.spawn(move || {
                    let order: Vec<usize> = (0..USERS)
                        .map(|at| (at * 5 + process * 3) % USERS)
                        .collect();
                    let case = order.iter().fold(case(library, site, ""), |case, user| {
                        case.account_of(&format!("/CN=u{user}"), &["/vo/a"])
                    });
                    let report = case.run();
                    let uid = |answer: &Answer| match answer {
                        Answer::Account { uid, .. } => *uid,
                        other => panic!("{other:?}\n{}", report.log),
                    };
                    order
                        .into_iter()
                        .zip(report.answers.iter().map(uid))
                        .collect()
                })
            };
            let processes: Vec<_> = (0..PROCESSES).map(run).collect();
            processes
                .into_iter()
                .map(|process| process.join().expect("a process without refusals"))
                .collect()
        });
        for map in &maps {
            assert_eq!(map, &maps[0], "{}", library.display());
        }
        let mut uids: Vec<u32> = maps[0].values().copied().collect();
        uids.sort_unstable();
        assert_eq!(uids, (5001..=5012).collect::<Vec<_>>());
    }
}
