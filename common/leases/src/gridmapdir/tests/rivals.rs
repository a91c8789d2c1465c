//! Others at work in the same directory at the same moment, above all the
//! original implementation, which takes no locks.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;
use std::thread::sleep;
use std::time::Duration;

use super::{Point, Site, inode, links, name, request, with_hook};
use crate::{Lease, LeaseError, LeaseStore, Origin, Problem};

/// The original leasing an account: it has seen that the account is free, and
/// has two steps to go.
#[derive(Clone)]
struct Original {
    account: PathBuf,
    lease: PathBuf,
}

impl Original {
    fn new(site: &Site, account: &str, lease: &str) -> Self {
        Self {
            account: site.path(account),
            lease: site.path(lease),
        }
    }

    /// Step 1. An existing lease is no reason to stop.
    fn link(&self) {
        let _ = fs::hard_link(&self.account, &self.lease);
    }

    /// Step 2: success, or backing off.
    fn decide(&self) -> bool {
        match links(&self.lease) {
            0 => false,
            2 if inode(&self.account) == inode(&self.lease) => true,
            2 => false,
            _ => {
                fs::remove_file(&self.lease).expect("unlinked");
                false
            }
        }
    }
}

/// The steps of the original, taken at given places in ours.
struct Schedule {
    original: Original,
    link_at: usize,
    decide_at: usize,
    place: usize,
    linked: bool,
    success: Option<bool>,
}

impl Schedule {
    fn step(&mut self) {
        // The account may have been seen free long ago, so nothing is checked
        // before the link.
        if self.place == self.link_at {
            self.original.link();
            self.linked = true;
        }
        if self.place == self.decide_at {
            self.success = Some(self.original.decide());
        }
        self.place += 1;
    }

    fn finish(&mut self) -> bool {
        if !self.linked {
            self.original.link();
            self.linked = true;
        }
        match self.success {
            Some(success) => success,
            None => self.original.decide(),
        }
    }
}

/// More places than any run of ours passes.
const PLACES: usize = 6;

#[test]
fn no_interleaving_with_the_original_gives_an_account_to_two_users() {
    let mut ours_first = 0;
    let mut original_first = 0;
    for target in ["p1", "p2"] {
        for link_at in 0..PLACES {
            for decide_at in link_at..PLACES {
                let site = Site::new(&["p1", "p2"]);
                let schedule = Rc::new(RefCell::new(Schedule {
                    original: Original::new(&site, target, "%2frival"),
                    link_at,
                    decide_at,
                    place: 0,
                    linked: false,
                    success: None,
                }));
                let steps = Rc::clone(&schedule);
                let ours = with_hook(move |_| steps.borrow_mut().step(), || site.acquire("/ours"));
                let rival_succeeded = schedule.borrow_mut().finish();
                let ours = ours.expect("there is an account for everybody").account;

                let case = format!("{target}, steps at {link_at} and {decide_at}");
                let ours = String::from_utf8(ours).expect("UTF-8");
                assert_eq!(
                    inode(&site.path("%2fours")),
                    inode(&site.path(&ours)),
                    "{case}"
                );
                assert_eq!(site.links(&ours), 2, "{case}");
                if rival_succeeded {
                    assert_ne!(ours, target, "{case}");
                    assert_eq!(site.links(target), 2, "{case}");
                    original_first += 1;
                } else {
                    assert_eq!(site.links("%2frival"), 0, "{case}");
                    ours_first += 1;
                }
            }
        }
    }
    assert!(ours_first > 0 && original_first > 0, "both outcomes occur");
}

#[test]
fn a_rival_that_backs_off_in_time_leaves_the_account_to_us() {
    let site = Site::new(&["p1"]);
    let rival = Original::new(&site, "p1", "%2frival");
    let hook = move |point| {
        if point == Point::AfterLink {
            rival.link();
            assert!(!rival.decide());
        }
    };
    let lease = with_hook(hook, || site.acquire("/ours")).expect("leased");
    assert_eq!(lease.account, b"p1");
}

#[test]
fn two_that_back_off_from_the_last_account_are_not_both_refused() {
    let site = Site::new(&["p1"]);
    let rival = Original::new(&site, "p1", "%2frival");
    let hook = move |point| match point {
        Point::BeforeLink => rival.link(),
        Point::BeforeBackingOff => assert!(!rival.decide()),
        _ => {}
    };
    // The rival's first link meets ours; both step back.
    let once = RefCell::new(hook);
    let done = Rc::new(RefCell::new(false));
    let hook = move |point| {
        if !*done.borrow() {
            (once.borrow_mut())(point);
            *done.borrow_mut() = point == Point::BeforeBackingOff;
        }
    };
    let lease = with_hook(hook, || site.acquire("/ours")).expect("leased");
    assert_eq!(lease.account, b"p1");
    assert_eq!(site.links("p1"), 2);
}

#[test]
fn a_lease_that_the_original_makes_in_place_of_a_stale_one_survives() {
    // Ours would take either account, so the original takes each once.
    for (theirs, free) in [("p1", "p2"), ("p2", "p1")] {
        for point in [Point::BeforeRemoving, Point::MovedAside] {
            let site = Site::new(&["p1", "p2", "%2fa"]);
            let (lease, account) = (site.path("%2fa"), site.path(theirs));
            let hook = move |reached| {
                if reached == point {
                    let _ = fs::remove_file(&lease);
                    fs::hard_link(&account, &lease).expect("linked");
                }
            };
            let ours = with_hook(hook, || site.acquire("/a")).expect("leased");
            assert_eq!(ours.account, theirs.as_bytes(), "{point:?}");
            assert_eq!((site.links(theirs), site.links(free)), (2, 1), "{point:?}");
        }
    }
}

#[test]
fn a_lease_that_cannot_be_put_back_keeps_its_account_reserved() {
    let site = Site::new(&["p1", "p2", "p3", "%2fa"]);
    let (lease, p2, p3) = (site.path("%2fa"), site.path("p2"), site.path("p3"));
    let hook = move |point| match point {
        Point::BeforeRemoving => {
            fs::remove_file(&lease).expect("removed");
            fs::hard_link(&p2, &lease).expect("linked");
        }
        Point::MovedAside => fs::hard_link(&p3, &lease).expect("linked"),
        _ => {}
    };
    let error = with_hook(hook, || site.acquire("/a")).expect_err("displaced");
    let LeaseError::Damaged { path, problem } = &error else {
        panic!("{error}");
    };
    assert!(matches!(problem, Problem::Displaced { .. }), "{error}");
    assert_eq!(inode(path), inode(&site.path("p2")));
    assert_eq!((site.links("p2"), site.links("p3")), (2, 2));
}

/// Acquires for `/a`, and at the first wait does something; whether it waited.
fn while_waiting(
    site: &Site,
    action: impl FnOnce() + 'static,
) -> (Result<Lease, LeaseError>, bool) {
    let action = Rc::new(RefCell::new(Some(action)));
    let left = Rc::clone(&action);
    let hook = move |point| {
        if point == Point::Waiting
            && let Some(action) = left.borrow_mut().take()
        {
            action();
        }
    };
    let lease = with_hook(hook, || site.acquire("/a"));
    (lease, action.take().is_none())
}

#[test]
fn a_fresh_lease_that_nobody_has_confirmed_is_not_believed() {
    // On a busy machine the lease may be no longer fresh when we come to it.
    let waited = (0..10).any(|_| {
        let site = Site::new(&["p1"]);
        // Its times must differ from that of the link.
        sleep(Duration::from_millis(20));
        let rival = Original::new(&site, "p1", "%2fa");
        rival.link();
        let (lease, waited) = while_waiting(&site, move || {
            fs::remove_file(&rival.lease).expect("taken back");
        });
        let expected = if waited {
            Origin::Created
        } else {
            Origin::Existing
        };
        assert_eq!(lease.expect("leased").origin, expected);
        assert_eq!(site.links("p1"), 2);
        waited
    });
    assert!(waited);
}

#[test]
fn links_that_a_rival_takes_back_soon_do_not_make_a_lease_damaged() {
    let site = Site::new(&["p1"]);
    site.link("p1", "%2fa");
    site.link("p1", "%2frival");
    let rival = site.path("%2frival");
    let (lease, waited) = while_waiting(&site, move || {
        fs::remove_file(rival).expect("taken back");
    });
    assert!(waited);
    assert_eq!(lease.expect("leased").account, b"p1");
}

#[test]
fn an_account_that_another_process_is_leasing_is_left_alone() {
    let site = Site::new(&["p1", "p2"]);
    let locked = fs::File::open(site.path("p1")).expect("opened");
    locked.lock().expect("locked");
    assert_eq!(site.acquire("/a").expect("leased").account, b"p2");
}

#[test]
fn a_lock_that_is_never_released_keeps_nobody_out() {
    let site = Site::new(&["p1"]);
    let locked = fs::File::open(site.path("p1")).expect("opened");
    locked.lock().expect("locked");
    assert_eq!(site.acquire("/a").expect("leased").origin, Origin::Created);
    assert_eq!(site.acquire("/a").expect("leased").origin, Origin::Existing);
}

#[test]
fn a_lease_is_not_believed_while_its_maker_holds_the_lock() {
    let site = Site::new(&["p1"]);
    let maker = fs::File::open(site.path("p1")).expect("opened");
    maker.lock().expect("locked");
    site.link("p1", "%2fa");
    sleep(Duration::from_millis(60));
    let lease = site.path("%2fa");
    let (lease, waited) = while_waiting(&site, move || {
        fs::remove_file(lease).expect("taken back");
        drop(maker);
    });
    assert!(waited);
    assert_eq!(lease.expect("leased").origin, Origin::Created);
}

#[test]
fn threads_that_lease_for_one_user_agree() {
    for _ in 0..20 {
        let site = Site::new(&["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"]);
        let store = site.store();
        let name = name("/a");
        let accounts: Vec<_> = std::thread::scope(|scope| {
            let run = || store.acquire(&request(&name)).expect("leased").account;
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"))
                .collect()
        });
        assert!(
            accounts.iter().all(|account| *account == accounts[0]),
            "{accounts:?}"
        );
        let leased = (1..=8)
            .filter(|n| site.links(&format!("p{n}")) == 2)
            .count();
        assert_eq!(leased, 1);
    }
}
