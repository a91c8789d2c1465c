//! Leases under load: every user gets an account, nobody gets another's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use support::{finish, modules_dir, original_library, original_modules_dir, our_library_dir, skip};

use crate::site::Site;

const USERS: usize = 1000;
const PROCESSES: usize = 8;
/// Steps through the users, coprime to their number, so that each process has an order of its own.
const STEPS: [usize; PROCESSES] = [1, 3, 7, 11, 13, 17, 19, 23];

fn our_library() -> PathBuf {
    our_library_dir().join("liblcmaps.so.0")
}

/// Starts a host that maps all users in the order number `order`, and writes what they got to a file.
fn start(site: &Site, (library, modules): (&Path, &Path), order: usize, name: &str) -> Child {
    let step = STEPS[order % PROCESSES];
    let mut command: Command = site.host(library, modules, name);
    command.args([
        "users",
        &USERS.to_string(),
        &(order * 97).to_string(),
        &step.to_string(),
    ]);
    let output = fs::File::create(site.path().join(format!("{name}.out"))).unwrap();
    command
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(Stdio::inherit());
    command.spawn().expect("a host")
}

/// Who got what according to the outputs of all hosts whose name begins with `prefix`: (user, account).
fn answers(site: &Site, prefix: &str) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for entry in fs::read_dir(site.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with(prefix) && name.ends_with(".out") {
            let text = fs::read_to_string(&path).unwrap();
            // A killed host may leave half a line.
            let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
            for line in whole.lines() {
                let (user, account) = line.split_once(' ').expect("user and account");
                answers.push((user.to_owned(), account.to_owned()));
            }
        }
    }
    answers
}

/// Checks that no user got two accounts and no account two users; returns who got what.
#[track_caller]
fn one_to_one(answers: &[(String, String)]) -> BTreeMap<String, String> {
    let mut accounts = BTreeMap::new();
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for (user, account) in answers.iter().filter(|(_, account)| account != "refused") {
        let first = accounts
            .entry(user.clone())
            .or_insert_with(|| account.clone());
        assert_eq!(first, account, "user {user} got two accounts");
        let owner = owners.entry(account).or_insert(user);
        assert_eq!(owner, user, "account {account} has two owners");
    }
    accounts
}

#[track_caller]
fn nobody_refused(answers: &[(String, String)]) {
    let refused: BTreeSet<_> = answers
        .iter()
        .filter(|(_, account)| account == "refused")
        .map(|(user, _)| user)
        .collect();
    assert!(
        refused.is_empty(),
        "{} users were refused: {refused:?}",
        refused.len()
    );
}

/// Checks that every lease of the pool directory is a second name of one account.
#[track_caller]
fn sound_pool(site: &Site, leases: usize) {
    let mut files: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for entry in fs::read_dir(site.pool()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        files
            .entry(entry.metadata().unwrap().ino())
            .or_default()
            .push(name);
    }
    let accounts = |names: &[String]| names.iter().filter(|name| name.starts_with("str")).count();
    for names in files.values() {
        assert!(
            accounts(names) == 1 && names.len() <= 2,
            "{names:?} are one file"
        );
    }
    let leased = files.values().filter(|names| names.len() == 2).count();
    assert_eq!(leased, leases, "leased accounts");
}

#[test]
fn eight_processes_lease_a_thousand_accounts_to_a_thousand_users() {
    let site = Site::new(USERS);
    let (library, modules) = (our_library(), modules_dir());
    let hosts: Vec<_> = (0..PROCESSES)
        .map(|order| start(&site, (&library, modules), order, &format!("host{order}")))
        .collect();
    for mut host in hosts {
        assert!(host.wait().unwrap().success());
    }
    let answers = answers(&site, "host");
    assert_eq!(answers.len(), USERS * PROCESSES);
    nobody_refused(&answers);
    assert_eq!(one_to_one(&answers).len(), USERS);
    sound_pool(&site, USERS);
}

#[test]
fn killed_processes_cost_nobody_an_account() {
    let site = Site::new(USERS);
    let (library, modules) = (our_library(), modules_dir());
    // Every host is killed somewhere; others go on at the same time.
    for round in 0..6 {
        let mut hosts: Vec<_> = (0..PROCESSES)
            .map(|order| {
                let name = format!("killed{round}-{order}");
                start(&site, (&library, modules), order + round, &name)
            })
            .collect();
        for (index, host) in hosts.iter_mut().enumerate() {
            thread::sleep(Duration::from_millis(
                7 + 11 * ((round * 5 + index * 3) % 7) as u64,
            ));
            // It may have ended by itself.
            let _ = host.kill();
        }
        for mut host in hosts {
            host.wait().unwrap();
        }
    }
    assert!(
        start(&site, (&library, modules), 0, "last")
            .wait()
            .unwrap()
            .success()
    );
    let after = answers(&site, "last");
    nobody_refused(&after);
    assert_eq!(one_to_one(&after).len(), USERS);
    // What killed hosts had said before still holds.
    let all: Vec<_> = answers(&site, "killed").into_iter().chain(after).collect();
    one_to_one(&all);
    sound_pool(&site, USERS);
}

#[test]
fn the_original_may_use_the_pool_at_the_same_time() {
    let (Some(original), Some(modules)) = (original_library(), original_modules_dir()) else {
        skip!("the original and its modules are not installed");
    };
    let site = Site::new(USERS);
    let library = our_library();
    let hosts: Vec<_> = (0..PROCESSES)
        .map(|order| {
            if order % 2 == 0 {
                start(
                    &site,
                    (&library, modules_dir()),
                    order,
                    &format!("ours{order}"),
                )
            } else {
                start(
                    &site,
                    (&original, &modules),
                    order,
                    &format!("theirs{order}"),
                )
            }
        })
        .collect();
    for mut host in hosts {
        assert!(host.wait().unwrap().success());
    }
    // The original refuses a user who loses a race; nobody may get another's account.
    let ours = answers(&site, "ours");
    nobody_refused(&ours);
    let all: Vec<_> = ours.into_iter().chain(answers(&site, "theirs")).collect();
    assert_eq!(one_to_one(&all).len(), USERS);
    sound_pool(&site, USERS);
}

#[test]
fn an_exhausted_pool_refuses_and_keeps_every_lease() {
    let site = Site::new(10);
    let mut host = site.host(&our_library(), modules_dir(), "host");
    let done = finish(
        host.args(["users", "12", "0", "1"]),
        Duration::from_secs(60),
    );
    done.expect_success();
    let refused = done
        .stdout
        .lines()
        .filter(|line| line.ends_with("refused"))
        .count();
    assert_eq!(refused, 2, "{}", done.stdout);
    sound_pool(&site, 10);
}
