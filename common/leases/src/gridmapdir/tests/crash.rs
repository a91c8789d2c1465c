//! A process that is killed at any point.
//!
//! Killing is imitated by a panic that nobody catches before the test does: no
//! code of ours runs on the way out but the closing of files, which is what the
//! kernel does for a killed process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::sleep;
use std::time::Duration;

use super::{Point, Site, with_hook};
use crate::Origin;

/// Kills the first process that reaches the point; whether it did.
fn killed_at(point: Point, site: &Site, user: &str, override_inconsistency: bool) -> bool {
    let hook = move |reached| {
        if reached == point {
            panic!("killed");
        }
    };
    let run = || {
        let change = |request: &mut crate::Request<'_>| {
            request.override_inconsistency = override_inconsistency;
        };
        with_hook(hook, || site.acquire_with(user, change))
    };
    let killed = catch_unwind(AssertUnwindSafe(run)).is_err();
    super::HOOK.set(None);
    killed
}

fn assert_tidy(site: &Site, accounts: &[&str]) {
    for account in accounts {
        assert!(site.links(account) <= 2, "{account}");
    }
}

#[test]
fn a_first_run_that_is_killed_leaves_a_lease_or_nothing() {
    for point in [Point::BeforeLink, Point::AfterLink, Point::BeforeTouch] {
        let site = Site::new(&["p1", "p2"]);
        assert!(killed_at(point, &site, "/a", false));
        let linked = site.links("%2fa") == 2;
        assert_eq!(linked, point != Point::BeforeLink, "{point:?}");
        let again = site.acquire("/a").expect("leased");
        let expected = if linked {
            Origin::Existing
        } else {
            Origin::Created
        };
        assert_eq!(again.origin, expected, "{point:?}");
        let _ = site.acquire("/b").expect("the other account is free");
        assert_tidy(&site, &["p1", "p2"]);
    }
}

#[test]
fn replacing_a_stale_lease_can_be_killed_anywhere() {
    for point in [
        Point::BeforeRemoving,
        Point::MovedAside,
        Point::BeforeLink,
        Point::AfterLink,
    ] {
        let site = Site::new(&["p1", "%2fa"]);
        assert!(killed_at(point, &site, "/a", false), "{point:?}");
        assert_eq!(site.acquire("/a").expect("leased").account, b"p1");
        assert_eq!(site.links("p1"), 2, "{point:?}");
    }
}

#[test]
fn moving_to_another_pool_can_be_killed_anywhere() {
    for point in [
        Point::BeforeRemoving,
        Point::MovedAside,
        Point::BeforeLink,
        Point::AfterLink,
    ] {
        let site = Site::new(&["p1", "q1"]);
        site.link("q1", "%2fa");
        sleep(Duration::from_millis(60));
        assert!(killed_at(point, &site, "/a", true), "{point:?}");
        let again = site.acquire_with("/a", |request| request.override_inconsistency = true);
        assert_eq!(again.expect("leased").account, b"p1", "{point:?}");
        assert_eq!(site.links("p1"), 2, "{point:?}");
        let reserved = if point == Point::MovedAside { 2 } else { 1 };
        assert_eq!(site.links("q1"), reserved, "{point:?}");
    }
}

#[test]
fn an_account_reserved_by_a_killed_process_comes_back_when_the_pool_is_exhausted() {
    let site = Site::new(&["p1", "q1"]);
    site.link("p1", "%2fa");
    sleep(Duration::from_millis(60));
    let to_q = |request: &mut crate::Request<'_>| {
        request.pool.prefix = b"q";
        request.override_inconsistency = true;
    };
    let hook = |point| assert_ne!(point, Point::MovedAside, "killed");
    let run = || with_hook(hook, || site.acquire_with("/a", to_q));
    assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    super::HOOK.set(None);
    assert!(
        site.acquire("/b").is_err(),
        "the process may be alive still"
    );
    // Imitates the passing of time.
    super::LONG_AGO.set(true);
    let lease = site.acquire("/b");
    super::LONG_AGO.set(false);
    assert_eq!(lease.expect("leased").account, b"p1");
    assert_eq!(site.links("p1"), 2);
}
