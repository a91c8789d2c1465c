//! `lcmaps_voms_poolgroup` inside real libraries, with made-up groups.

mod site;

use std::collections::BTreeMap;
use std::thread;

use lcmaps_module_test::module_file;
use lcmaps_module_test::real::{Answer, Case, can_fake_accounts, libraries};
use site::{PASSWD, Site, groups, site};

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// A policy that leases groups and gives everybody one account.
fn case(library: &std::path::Path, site: &Site, words: &str) -> Case {
    let (module, account) = (
        module_file("lcmaps_voms_poolgroup"),
        module_file("lcmaps_dummy_good"),
    );
    let db = format!(
        "g = \"{} {words} {}\"\na = \"{} --dummy-uid 5001\"\np:\ng -> a\n",
        module.display(),
        site.words().join(" "),
        account.display()
    );
    Case::new(library, &db).accounts(PASSWD, &groups())
}

#[test]
fn an_fqan_keeps_its_group_in_the_next_session() {
    if !can_fake_accounts() {
        return;
    }
    for library in libraries() {
        let site = site("\"/vo*\" .gr\n", &["gr01"]);
        let gids = |primary: &[u32], secondary: &[u32]| Answer::Account {
            uid: 5001,
            primary_gids: primary.to_vec(),
            secondary_gids: secondary.to_vec(),
            pool_index: None,
        };
        let report = case(&library, &site, "-mapmin 1")
            .account_of("/CN=a", &["/vo"])
            .call(lcmaps_module_test::real::Call::Restart)
            .account_of("/CN=b", &["/vo", "/vo/full"])
            .account_of("/CN=b", &["/vo/full"])
            .account("/CN=b")
            .run();
        let expected = [
            gids(&[6001], &[]),
            Answer::Done,
            gids(&[6001], &[]),
            Answer::Failed(1),
            Answer::Failed(1),
        ];
        assert_eq!(report.answers, expected, "{}", report.log);
        report.expect_log("LCMAPS CRED FINAL: FQAN:\"/vo\"->mapped group:6001(gr01)");
        assert_eq!(site.names(), ["%2fvo", "gr01"]);
    }
}

#[test]
fn the_environment_names_the_folder_when_no_option_does() {
    if !can_fake_accounts() {
        return;
    }
    for library in libraries() {
        let site = site("/vo .gr\n", &["gr01"]);
        let words = format!("-groupmapfile {}", site.file.display());
        let db = format!(
            "g = \"{} {words}\"\na = \"{} --dummy-uid 5001\"\np:\ng -> a\n",
            module_file("lcmaps_voms_poolgroup").display(),
            module_file("lcmaps_dummy_good").display()
        );
        let case = Case::new(&library, &db).accounts(PASSWD, &groups());
        let report = case
            .env("GROUPMAPDIR", &site.folder)
            .account_of("/CN=a", &["/vo"])
            .run();
        assert!(
            matches!(report.only(), Answer::Account { .. }),
            "{}",
            report.log
        );
        assert_eq!(site.lease("%2fvo").as_deref(), Some("gr01"));
    }
}

#[test]
fn processes_agree_about_the_group_of_each_fqan_and_no_group_has_two() {
    const PROCESSES: usize = 4;
    const FQANS: usize = 10;
    if !can_fake_accounts() {
        return;
    }
    let entries: Vec<String> = (1..=FQANS).map(|number| format!("gr{number:02}")).collect();
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    for library in libraries() {
        let site = site("\"/vo*\" .gr\n", &entries);
        let maps: Vec<BTreeMap<usize, u32>> = thread::scope(|scope| {
            let run = |process: usize| {
                let (library, site) = (&library, &site);
                scope.spawn(move || {
                    // Every process begins somewhere else.
                    let order: Vec<usize> = (0..FQANS)
                        .map(|at| (at * 3 + process * 2) % FQANS)
                        .collect();
                    let case = order
                        .iter()
                        .fold(case(library, site, "-mapall"), |case, fqan| {
                            case.account_of("/CN=a", &[&format!("/vo/{fqan}")])
                        });
                    let report = case.run();
                    let gid = |answer: &Answer| match answer {
                        Answer::Account { primary_gids, .. } => primary_gids[0],
                        other => panic!("{other:?}\n{}", report.log),
                    };
                    order
                        .into_iter()
                        .zip(report.answers.iter().map(gid))
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
        let mut gids: Vec<u32> = maps[0].values().copied().collect();
        gids.sort_unstable();
        assert_eq!(gids, (6001..=6010).collect::<Vec<_>>());
    }
}
