//! Many processes at once, some of them killed.
//!
//! The processes are this test program, started again with the name of the test
//! `worker` and told by the environment what to do.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lc_leases::{GridMapDir, LeaseName, LeaseStore, Pool, Request};

const PROCESSES: usize = 8;
const USERS: usize = 1000;

/// What a worker does: its number, the directory, and whether it leases for all
/// users or for its share.
const JOB: &str = "LEASES_STRESS_JOB";

#[test]
#[ignore = "started by the other tests"]
fn worker() {
    let Ok(job) = std::env::var(JOB) else {
        return;
    };
    let [number, everybody, dir] = job.splitn(3, ':').collect::<Vec<_>>()[..] else {
        panic!("{job}");
    };
    let number: usize = number.parse().expect("a number");
    let dir = Path::new(dir);
    let mut log = OpenOptions::new()
        .append(true)
        .create(true)
        .open(dir.join("log"))
        .expect("a log");
    let kept = GridMapDir::open(&dir.join("map")).expect("opened");
    for n in 0..USERS {
        // Each process has its own order.
        let user = (n * 7 + number * 131) % USERS;
        if everybody != "all" && user % PROCESSES != number {
            continue;
        }
        let name = LeaseName::encode(format!("/CN=user {user}").as_bytes()).expect("a name");
        let pool = Pool {
            prefix: b"pool",
            strict: true,
        };
        let request = Request::any(&name, pool);
        // Half of the processes behave as if they were new for each user.
        let lease = if number.is_multiple_of(2) {
            kept.acquire(&request)
        } else {
            GridMapDir::open(kept.path()).and_then(|store| store.acquire(&request))
        };
        let line = match lease {
            Ok(lease) => format!("{user} {}\n", lease.account.escape_ascii()),
            Err(error) => format!("{user} refused: {error}\n"),
        };
        log.write_all(line.as_bytes()).expect("logged");
    }
}

struct Site(tempfile::TempDir);

impl Site {
    fn new(accounts: usize) -> Self {
        let site = Self(tempfile::tempdir().expect("a directory"));
        let map = site.0.path().join("map");
        fs::create_dir(&map).expect("a directory");
        for n in 0..accounts {
            fs::write(map.join(format!("pool{n:04}")), "").expect("an account");
        }
        site
    }

    fn start(&self, number: usize, whom: &str) -> Child {
        let program = std::env::current_exe().expect("this program");
        Command::new(program)
            .args(["--exact", "worker", "--ignored", "--quiet"])
            .env(JOB, format!("{number}:{whom}:{}", self.0.path().display()))
            .stdout(Stdio::null())
            .spawn()
            .expect("started")
    }

    fn run(&self, whom: &str) {
        let workers: Vec<_> = (0..PROCESSES).map(|n| self.start(n, whom)).collect();
        for mut worker in workers {
            assert!(worker.wait().expect("ended").success());
        }
    }

    /// Reads the log: nobody was refused, every user always got the same
    /// account, and no account was ever given to two users.
    fn leases(&self) -> BTreeMap<usize, String> {
        let log = fs::read_to_string(self.0.path().join("log")).expect("a log");
        let mut accounts = BTreeMap::new();
        let mut users = HashMap::new();
        for line in log.lines() {
            let (user, account) = line.split_once(' ').expect("two words");
            assert!(account.starts_with("pool"), "{line}");
            let user: usize = user.parse().expect("a number");
            let before = accounts.insert(user, account.to_owned());
            assert!(
                before.is_none_or(|before| before == account),
                "second account: {line}"
            );
            let owner = *users.entry(account.to_owned()).or_insert(user);
            assert_eq!(owner, user, "second owner: {line}");
        }
        accounts
    }

    /// Every lease in the directory is a pair of links and the one in the log.
    fn check(&self, leases: &BTreeMap<usize, String>) {
        let map = self.0.path().join("map");
        for (user, account) in leases {
            let lease = map.join(format!("%2fcn%3duser%20{user}"));
            let [lease, account] = [lease, map.join(account)].map(|path| {
                fs::symlink_metadata(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
            });
            assert_eq!(
                (lease.ino(), lease.nlink()),
                (account.ino(), 2),
                "user {user}"
            );
        }
    }

    fn entries(&self) -> usize {
        fs::read_dir(self.0.path().join("map"))
            .expect("listed")
            .count()
    }
}

#[test]
fn new_users_of_several_processes_get_every_account_and_nobody_is_refused() {
    let site = Site::new(USERS);
    site.run("share");
    let leases = site.leases();
    assert_eq!(leases.len(), USERS);
    site.check(&leases);
    assert_eq!(site.entries(), 2 * USERS);
}

#[test]
fn processes_that_lease_for_the_same_new_users_agree() {
    let site = Site::new(USERS);
    site.run("all");
    let leases = site.leases();
    assert_eq!(leases.len(), USERS);
    site.check(&leases);
    assert_eq!(site.entries(), 2 * USERS);
}

#[test]
fn killed_processes_leave_nothing_that_a_second_run_does_not_complete() {
    let site = Site::new(USERS);
    let mut workers: Vec<_> = (0..PROCESSES).map(|n| site.start(n, "all")).collect();
    let start = Instant::now();
    let mut random = 12345u64;
    let mut killed = 0;
    while start.elapsed() < Duration::from_secs(2) {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let number = (random >> 33) as usize % PROCESSES;
        std::thread::sleep(Duration::from_millis(random >> 40 & 15));
        let running = workers[number].try_wait().expect("looked at").is_none();
        // SIGKILL.
        workers[number].kill().expect("killed");
        workers[number].wait().expect("ended");
        killed += usize::from(running);
        workers[number] = site.start(number, "all");
    }
    for worker in &mut workers {
        worker.kill().expect("killed");
        worker.wait().expect("ended");
    }
    assert!(killed > 20, "only {killed} were killed");
    site.run("all");
    let leases = site.leases();
    assert_eq!(leases.len(), USERS);
    site.check(&leases);
    assert_eq!(site.entries(), 2 * USERS, "nothing is left over");
}
