//! Tests that look inside: what happens between two steps, and what they cost.

mod cost;
mod crash;
mod release;
mod rivals;

use std::cell::{Cell, RefCell};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::GridMapDir;
use super::directory::Stat;
use crate::{Lease, LeaseError, LeaseName, LeaseStore, Pool, Request};

/// Places in the code where somebody else can come in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    BeforeLink,
    AfterLink,
    BeforeTouch,
    BeforeBackingOff,
    BeforeRemoving,
    MovedAside,
    Waiting,
}

type Hook = Box<dyn FnMut(Point)>;

thread_local! {
    static OPERATIONS: Cell<usize> = const { Cell::new(0) };
    static LONG_AGO: Cell<bool> = const { Cell::new(false) };
    static LIES: Cell<bool> = const { Cell::new(false) };
    static HOOK: RefCell<Option<Hook>> = const { RefCell::new(None) };
}

pub(super) fn count() {
    OPERATIONS.set(OPERATIONS.get() + 1);
}

/// The inode number as a strange file system lists it.
pub(super) fn listed(inode: u64) -> u64 {
    if LIES.get() { 7 } else { inode }
}

/// The file after some time has passed.
pub(super) fn aged(stat: Stat) -> Stat {
    if LONG_AGO.get() {
        stat.changed_long_ago()
    } else {
        stat
    }
}

pub(super) fn reached(point: Point) {
    let hook = HOOK.take();
    if let Some(mut hook) = hook {
        hook(point);
        HOOK.set(Some(hook));
    }
}

/// Runs `action` with `hook` called at every point.
fn with_hook<T>(hook: impl FnMut(Point) + 'static, action: impl FnOnce() -> T) -> T {
    HOOK.set(Some(Box::new(hook)));
    let result = action();
    HOOK.set(None);
    result
}

/// A gridmapdir for a test.
struct Site {
    dir: TempDir,
}

impl Site {
    fn new(accounts: &[&str]) -> Self {
        let site = Self {
            dir: tempfile::tempdir().expect("a directory"),
        };
        for account in accounts {
            fs::write(site.path(account), "").expect("an account");
        }
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn link(&self, account: &str, lease: &str) {
        fs::hard_link(self.path(account), self.path(lease)).expect("linked");
    }

    fn links(&self, name: &str) -> u64 {
        links(&self.path(name))
    }

    fn store(&self) -> GridMapDir {
        GridMapDir::open(self.dir.path()).expect("opened")
    }

    /// A lease from pool `p` for a user, by a process that has just started.
    fn acquire(&self, user: &str) -> Result<Lease, LeaseError> {
        self.acquire_with(user, |_| ())
    }

    fn acquire_with(
        &self,
        user: &str,
        change: impl FnOnce(&mut Request<'_>),
    ) -> Result<Lease, LeaseError> {
        let name = name(user);
        let mut request = request(&name);
        change(&mut request);
        self.store().acquire(&request)
    }
}

fn name(user: &str) -> LeaseName {
    LeaseName::encode(user.as_bytes()).expect("a name")
}

fn request(name: &LeaseName) -> Request<'_> {
    let pool = Pool {
        prefix: b"p",
        strict: true,
    };
    Request::any(name, pool)
}

fn links(path: &Path) -> u64 {
    fs::symlink_metadata(path).map_or(0, |meta| meta.nlink())
}

fn inode(path: &Path) -> Option<u64> {
    Some(fs::symlink_metadata(path).ok()?.ino())
}
