//! The rules of a gridmapdir, one by one, on real directories.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use lc_leases::{
    GridMapDir, Lease, LeaseError, LeaseName, LeaseStore, Origin, Pool, Problem, Request,
    Suitability, Suitable,
};
use tempfile::TempDir;

const LEASE: &str = "%2fcn%3da";

/// Name, inode, links, time and content.
type Entry = (PathBuf, u64, u64, SystemTime, Option<Vec<u8>>);

struct Site(TempDir);

impl Site {
    fn new(entries: &[&str]) -> Self {
        let site = Self(tempfile::tempdir().expect("a directory"));
        for entry in entries {
            fs::write(site.path(entry), "").expect("an entry");
        }
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A lease that somebody made some time ago.
    fn lease(&self, account: &str, lease: &str) {
        fs::hard_link(self.path(account), self.path(lease)).expect("linked");
        let file = File::options()
            .write(true)
            .open(self.path(lease))
            .expect("opened");
        // Nothing recent may look like a link in the making.
        file.set_modified(SystemTime::now()).expect("time set");
    }

    fn age(&self, name: &str) {
        let file = File::options()
            .write(true)
            .open(self.path(name))
            .expect("opened");
        let old = SystemTime::now() - Duration::from_secs(1_000_000);
        file.set_modified(old).expect("time set");
    }

    fn is_recent(&self, name: &str) -> bool {
        let modified = fs::metadata(self.path(name)).and_then(|meta| meta.modified());
        modified
            .expect("a time")
            .elapsed()
            .is_ok_and(|age| age < Duration::from_secs(60))
    }

    fn links(&self, name: &str) -> u64 {
        fs::symlink_metadata(self.path(name)).map_or(0, |meta| meta.nlink())
    }

    fn same(&self, one: &str, other: &str) -> bool {
        let inode = |name| {
            fs::symlink_metadata(self.path(name))
                .expect("an entry")
                .ino()
        };
        inode(one) == inode(other)
    }

    /// A request by /CN=a for the pool `p`.
    fn with(&self, change: impl FnOnce(&mut Request<'_>)) -> Result<Lease, LeaseError> {
        let name = LeaseName::encode(b"/CN=a").expect("a name");
        let mut request = Request::any(&name, pool("p"));
        change(&mut request);
        GridMapDir::open(self.0.path())
            .expect("opened")
            .acquire(&request)
    }

    fn acquire(&self) -> Result<Lease, LeaseError> {
        self.with(|_| ())
    }

    fn find(&self, change: impl FnOnce(&mut Request<'_>)) -> Result<Option<Lease>, LeaseError> {
        let before = self.snapshot();
        let name = LeaseName::encode(b"/CN=a").expect("a name");
        let mut request = Request::any(&name, pool("p"));
        change(&mut request);
        let found = GridMapDir::open(self.0.path())
            .expect("opened")
            .find(&request);
        assert_eq!(self.snapshot(), before, "finding changes nothing");
        found
    }

    fn snapshot(&self) -> Vec<Entry> {
        let entries = fs::read_dir(self.0.path()).expect("listed");
        let mut all: Vec<_> = entries
            .map(|entry| {
                let path = entry.expect("an entry").path();
                let meta = fs::symlink_metadata(&path).expect("an entry");
                let content = meta.is_file().then(|| fs::read(&path).expect("read"));
                let time = meta.modified().expect("a time");
                (path, meta.ino(), meta.nlink(), time, content)
            })
            .collect();
        all.sort();
        all
    }
}

fn pool(prefix: &str) -> Pool<'_> {
    Pool {
        prefix: prefix.as_bytes(),
        strict: true,
    }
}

fn account(lease: Result<Lease, LeaseError>) -> String {
    String::from_utf8(lease.expect("leased").account).expect("UTF-8")
}

#[test]
fn an_existing_lease_is_used_again_and_marked_as_used() {
    let site = Site::new(&["p1", "p2"]);
    site.lease("p2", LEASE);
    site.age("p2");
    let lease = site.acquire().expect("leased");
    assert_eq!(
        (&*lease.account, lease.origin),
        (&b"p2"[..], Origin::Existing)
    );
    assert!(site.is_recent("p2"));
    assert_eq!(site.links("p1"), 1);
    // The first time wrote a note, which sets the time as well.
    site.age("p2");
    assert_eq!(account(site.acquire()), "p2");
    assert!(site.is_recent("p2"));
}

#[test]
fn a_new_lease_is_a_link_and_marked_as_used() {
    for content in ["", "p1\n", "kept by the administrator"] {
        let site = Site::new(&["p1"]);
        fs::write(site.path("p1"), content).expect("written");
        site.age("p1");
        let lease = site.acquire().expect("leased");
        assert_eq!(
            (&*lease.account, lease.origin),
            (&b"p1"[..], Origin::Created)
        );
        assert_eq!(lease.name.as_bytes(), LEASE.as_bytes());
        assert!(site.same("p1", LEASE));
        assert_eq!(site.links("p1"), 2);
        assert!(site.is_recent("p1"), "{content}");
    }
}

#[test]
fn an_exhausted_pool_is_told_apart_from_a_pool_without_accounts() {
    let site = Site::new(&["p1", "q1"]);
    site.lease("p1", "%2fother");
    let error = site.acquire().expect_err("exhausted");
    assert!(error.other_pool_may_do());
    assert!(
        matches!(error, LeaseError::PoolExhausted { accounts: 1, .. }),
        "{error}"
    );
    assert_eq!(site.links(LEASE), 0);
    let error = site
        .with(|r| r.pool.prefix = b"z")
        .expect_err("no such pool");
    assert!(error.other_pool_may_do());
    assert!(
        matches!(error, LeaseError::PoolExhausted { accounts: 0, .. }),
        "{error}"
    );
    assert!(
        error.to_string().contains("no account of pool z"),
        "{error}"
    );
}

#[test]
fn a_strict_pool_has_numbers_behind_its_prefix_and_nothing_else() {
    let strict = pool("p");
    for (name, is_in) in [
        ("p1", true),
        ("p0001", true),
        ("p", false),
        ("px1", false),
        ("p1x", false),
        ("q1", false),
    ] {
        assert_eq!(strict.contains(name.as_bytes()), is_in, "{name}");
    }
    let site = Site::new(&["px1", "p", "p1x", "q1"]);
    assert!(site.acquire().is_err());
}

#[test]
fn a_loose_pool_has_anything_behind_its_prefix() {
    let site = Site::new(&["px"]);
    assert_eq!(account(site.with(|r| r.pool.strict = false)), "px");
}

#[test]
fn names_that_are_no_accounts_are_never_handed_out() {
    let names = ["root", ".hidden", "%2fx", "a~", "~a"];
    let site = Site::new(&names);
    let any = Pool {
        prefix: b"",
        strict: false,
    };
    let error = site.with(|r| r.pool = any).expect_err("no account");
    assert!(
        matches!(error, LeaseError::PoolExhausted { accounts: 0, .. }),
        "{error}"
    );
    for name in names.iter().chain(&["a/../b", "", "a\0"]) {
        assert!(!any.contains(name.as_bytes()), "{name}");
    }
}

#[test]
fn directories_links_and_leased_files_are_no_free_accounts() {
    let site = Site::new(&["p1", "target"]);
    site.lease("p1", "%2fother");
    fs::create_dir(site.path("p2")).expect("a directory");
    symlink(site.path("target"), site.path("p3")).expect("a link");
    assert!(
        site.acquire()
            .expect_err("none is free")
            .other_pool_may_do()
    );
    assert_eq!(site.links("target"), 1);
}

#[test]
fn a_lease_without_its_account_is_replaced() {
    let site = Site::new(&["p1", LEASE]);
    let lease = site.acquire().expect("leased");
    assert_eq!(
        (&*lease.account, lease.origin),
        (&b"p1"[..], Origin::Repaired)
    );
    assert!(site.same("p1", LEASE));
    assert_eq!(site.snapshot().len(), 2, "nothing is left over");
}

#[test]
fn a_lease_whose_account_is_outside_the_directory_is_replaced() {
    let site = Site::new(&["p1"]);
    let elsewhere = tempfile::tempdir_in("/tmp").expect("a directory");
    fs::write(elsewhere.path().join("p9"), "p1\n").expect("written");
    fs::hard_link(elsewhere.path().join("p9"), site.path(LEASE)).expect("linked");
    assert_eq!(site.acquire().expect("leased").origin, Origin::Repaired);
    assert!(site.same("p1", LEASE));
}

#[test]
fn a_stale_lease_stays_when_there_is_nothing_to_replace_it_with() {
    let site = Site::new(&[LEASE]);
    assert!(site.acquire().is_err());
    assert_eq!(site.links(LEASE), 1);
}

#[test]
fn a_lease_that_is_no_file_is_an_error() {
    let site = Site::new(&["p1", "p2"]);
    for make in [
        |path: PathBuf| fs::create_dir(&path).expect("a directory"),
        |path: PathBuf| {
            fs::remove_dir(&path).expect("removed");
            symlink("p2", &path).expect("a link");
        },
    ] {
        make(site.path(LEASE));
        let error = site.acquire().expect_err("damaged");
        assert!(
            matches!(
                error,
                LeaseError::Damaged {
                    problem: Problem::NotRegular,
                    ..
                }
            ),
            "{error}"
        );
        assert!(!error.other_pool_may_do());
    }
    assert_eq!((site.links("p1"), site.links("p2")), (1, 1));
}

#[test]
fn a_lease_with_three_links_is_an_error_that_names_them() {
    let site = Site::new(&["p1", "p2"]);
    site.lease("p1", LEASE);
    site.lease("p1", "x");
    let error = site.acquire().expect_err("damaged").to_string();
    assert!(
        error.contains("has 3 links") && error.contains(" x"),
        "{error}"
    );
    assert_eq!(site.links("p2"), 1);
    assert!(site.find(|_| ()).is_err());
}

#[test]
fn a_lease_for_another_pool_is_an_error_but_another_pool_may_do() {
    let site = Site::new(&["p1", "q1"]);
    site.lease("q1", LEASE);
    let error = site.acquire().expect_err("outside");
    assert!(matches!(&error, LeaseError::OutsidePool { account, .. } if account == b"q1"));
    assert!(error.other_pool_may_do());
    assert!(site.find(|_| ()).is_err());
    assert_eq!(account(site.with(|r| r.pool = pool("q"))), "q1");
}

#[test]
fn an_account_that_the_caller_cannot_use_is_passed_over() {
    let site = Site::new(&["p1", "p2", "p3"]);
    let name = LeaseName::encode(b"/CN=a").expect("a name");
    let store = GridMapDir::open(site.0.path()).expect("opened");
    let only_p2 = |account: &[u8]| match account {
        b"p2" => Suitability::Yes,
        _ => Suitability::No("no such account here".to_owned()),
    };
    let request = Request {
        suitable: Some(Suitable(&only_p2)),
        ..Request::any(&name, pool("p"))
    };
    assert_eq!(store.acquire(&request).expect("leased").account, b"p2");
    let other = LeaseName::encode(b"/CN=b").expect("a name");
    let request = Request {
        name: &other,
        ..request
    };
    let error = store.acquire(&request).expect_err("nothing left");
    assert!(matches!(&error, LeaseError::Unsuitable { .. }), "{error}");
    assert!(!error.other_pool_may_do());
    assert_eq!((site.links("p1"), site.links("p3")), (1, 1));
}

#[test]
fn nothing_is_leased_while_nobody_can_tell_whether_an_account_will_do() {
    let site = Site::new(&["p1", "p2"]);
    let name = LeaseName::encode(b"/CN=a").expect("a name");
    let asked = std::cell::Cell::new(0);
    let undecided = |_: &[u8]| {
        asked.set(asked.get() + 1);
        Suitability::Undecided("the directory server is down".to_owned())
    };
    let request = Request {
        suitable: Some(Suitable(&undecided)),
        ..Request::any(&name, pool("p"))
    };
    let error = GridMapDir::open(site.0.path())
        .expect("opened")
        .acquire(&request)
        .expect_err("undecided");
    assert!(matches!(&error, LeaseError::Undecided { .. }), "{error}");
    assert_eq!(asked.get(), 1, "a slow answer is not asked for again");
    assert_eq!((site.links("p1"), site.links("p2")), (1, 1));
}

#[test]
fn a_lease_for_another_pool_is_moved_when_that_is_allowed() {
    let site = Site::new(&["p1", "q1"]);
    site.lease("q1", LEASE);
    let lease = site
        .with(|r| r.override_inconsistency = true)
        .expect("leased");
    assert_eq!((&*lease.account, lease.origin), (&b"p1"[..], Origin::Moved));
    assert!(site.same("p1", LEASE));
    assert_eq!(site.links("q1"), 1);
    assert_eq!(site.snapshot().len(), 3, "nothing is left over");
}

#[test]
fn a_lease_is_not_given_up_for_an_exhausted_pool() {
    let site = Site::new(&["p1", "q1"]);
    site.lease("p1", "%2fother");
    site.lease("q1", LEASE);
    let error = site
        .with(|r| r.override_inconsistency = true)
        .expect_err("exhausted");
    assert!(matches!(error, LeaseError::PoolExhausted { .. }), "{error}");
    assert!(site.same("q1", LEASE));
}

#[test]
fn the_account_that_was_asked_for_is_leased() {
    let site = Site::new(&["p1", "p2", "p3"]);
    for origin in [Origin::Created, Origin::Existing] {
        let lease = site.with(|r| r.account = Some(b"p2")).expect("leased");
        assert_eq!((&*lease.account, lease.origin), (&b"p2"[..], origin));
    }
    assert!(site.same("p2", LEASE));
}

#[test]
fn an_account_that_was_asked_for_must_be_in_the_pool_and_in_the_directory() {
    let site = Site::new(&["p1", "q1", "root"]);
    for wanted in ["q1", "root", "p", "../p1", ""] {
        let error = site
            .with(|r| r.account = Some(wanted.as_bytes()))
            .expect_err("outside");
        assert!(
            matches!(error, LeaseError::NotInPool { .. }),
            "{wanted}: {error}"
        );
        assert!(!error.other_pool_may_do());
    }
    let error = site.with(|r| r.account = Some(b"p2")).expect_err("missing");
    assert!(matches!(error, LeaseError::NoSuchAccount { .. }), "{error}");
}

#[test]
fn an_account_that_was_asked_for_may_have_another_owner() {
    let site = Site::new(&["p1", "p2"]);
    site.lease("p2", "%2fother");
    for override_inconsistency in [false, true] {
        let error = site.with(|r| {
            r.account = Some(b"p2");
            r.override_inconsistency = override_inconsistency;
        });
        let error = error.expect_err("taken");
        assert!(matches!(error, LeaseError::TakenByOther { .. }), "{error}");
    }
    assert_eq!(site.links(LEASE), 0);
}

#[test]
fn an_account_that_was_asked_for_does_not_replace_another_unless_allowed() {
    let site = Site::new(&["p1", "p2"]);
    site.lease("p1", LEASE);
    let error = site
        .with(|r| r.account = Some(b"p2"))
        .expect_err("has another");
    assert!(
        matches!(&error, LeaseError::HasOtherAccount { account, .. } if account == b"p1"),
        "{error}"
    );
    assert!(site.same("p1", LEASE));
    let moved = site.with(|r| {
        r.account = Some(b"p2");
        r.override_inconsistency = true;
    });
    assert_eq!(moved.expect("leased").origin, Origin::Moved);
    assert!(site.same("p2", LEASE));
    assert_eq!(site.links("p1"), 1);
}

#[test]
fn finding_finds_a_lease_and_its_account_and_makes_none() {
    let site = Site::new(&["p1", "p2"]);
    assert_eq!(site.find(|_| ()).expect("looked"), None);
    assert_eq!(
        site.find(|r| r.account = Some(b"p1")).expect("looked"),
        None
    );
    site.lease("p1", LEASE);
    site.age("p1");
    std::thread::sleep(Duration::from_millis(60));
    let found = site.find(|_| ()).expect("looked").expect("found");
    assert_eq!(
        (&*found.account, found.origin),
        (&b"p1"[..], Origin::Existing)
    );
    assert!(
        site.find(|r| r.account = Some(b"p1"))
            .expect("looked")
            .is_some()
    );
    let error = site
        .find(|r| r.account = Some(b"p2"))
        .expect_err("has another");
    assert!(
        matches!(error, LeaseError::HasOtherAccount { .. }),
        "{error}"
    );
    site.lease("p2", "%2fother");
    let error = site.find(|r| r.account = Some(b"p2")).expect_err("taken");
    assert!(matches!(error, LeaseError::TakenByOther { .. }), "{error}");
}

#[test]
fn finding_leaves_a_stale_lease_where_it_is() {
    let site = Site::new(&["p1", LEASE]);
    assert_eq!(site.find(|_| ()).expect("looked"), None);
}

#[test]
fn the_note_is_written_for_new_and_for_found_leases() {
    let site = Site::new(&["p1", "p2"]);
    let first = account(site.acquire());
    let note = |name: &str| fs::read_to_string(site.path(name)).expect("read");
    assert_eq!(note(&first), format!("{first}\n"));
    let second = if first == "p1" { "p2" } else { "p1" };
    site.lease(second, "%2fcn%3db");
    let name = LeaseName::encode(b"/CN=b").expect("a name");
    let request = Request::any(&name, pool("p"));
    let store = GridMapDir::open(site.0.path()).expect("opened");
    assert_eq!(account(store.acquire(&request)), second);
    assert_eq!(note(second), format!("{second}\n"));
}

#[test]
fn a_note_that_lies_is_not_believed() {
    for lie in [
        "p2\n",
        "q1\n",
        "../p1\n",
        "%2fother\n",
        "p1",
        "\n",
        "p1\np1\n",
        "\0\n",
    ] {
        let site = Site::new(&["p1", "p2", "q1"]);
        site.lease("p1", LEASE);
        site.lease("p2", "%2fother");
        fs::write(site.path("p1"), lie).expect("written");
        assert_eq!(account(site.acquire()), "p1", "{lie:?}");
    }
}

#[test]
fn an_outdated_note_is_replaced_and_other_content_is_left_alone() {
    let long = "x".repeat(10_000);
    for (content, after) in [
        ("old1\n", "p1\n"),
        ("p", "p1\n"),
        ("p1\np1\n", "p1\n"),
        ("# reserved for tests\n", "# reserved for tests\n"),
        (&long, &long),
    ] {
        let site = Site::new(&["p1"]);
        site.lease("p1", LEASE);
        fs::write(site.path("p1"), content).expect("written");
        assert_eq!(account(site.acquire()), "p1");
        assert_eq!(fs::read_to_string(site.path("p1")).expect("read"), after);
    }
}

#[test]
fn a_note_is_never_written_through_a_symbolic_link() {
    let site = Site::new(&["p1", "victim"]);
    site.lease("p1", LEASE);
    fs::remove_file(site.path("p1")).expect("removed");
    symlink(site.path("victim"), site.path("p1")).expect("a link");
    assert!(site.acquire().is_err());
    assert_eq!(fs::read(site.path("victim")).expect("read"), b"");
}

#[test]
fn a_directory_put_in_place_of_another_is_used() {
    let site = Site::new(&[]);
    let [dir, old, new] = ["dir", "old", "new"].map(|name| site.path(name));
    for (dir, account) in [(&dir, "p1"), (&new, "p2")] {
        fs::create_dir(dir).expect("a directory");
        fs::write(dir.join(account), "").expect("an account");
    }
    let store = GridMapDir::open(&dir).expect("opened");
    let name = LeaseName::encode(b"/CN=a").expect("a name");
    let request = Request::any(&name, pool("p"));
    assert_eq!(account(store.acquire(&request)), "p1");
    fs::rename(&dir, &old).expect("renamed");
    fs::rename(&new, &dir).expect("renamed");
    assert_eq!(account(store.acquire(&request)), "p2");
}

#[test]
fn a_missing_directory_is_an_error_that_names_it() {
    let site = Site::new(&["file"]);
    for name in ["missing", "file"] {
        let error = GridMapDir::open(&site.path(name)).expect_err("no directory");
        assert!(!error.other_pool_may_do());
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn a_confirmed_lease_is_believed_at_once() {
    let times = (0..5).map(|_| {
        let site = Site::new(&["p1"]);
        assert_eq!(account(site.acquire()), "p1");
        let start = std::time::Instant::now();
        assert_eq!(site.acquire().expect("leased").origin, Origin::Existing);
        start.elapsed()
    });
    let fastest = times.min().expect("five times");
    assert!(fastest < Duration::from_millis(40), "{fastest:?}");
}
