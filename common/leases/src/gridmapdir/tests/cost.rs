//! What a request costs, in operations on the directory.

use std::fs;

use super::{LIES, OPERATIONS, Site};
use crate::Origin;

/// A full pool of this size but for one account; its owners have notes.
fn nearly_full(size: usize) -> Site {
    let site = Site::new(&[]);
    for n in 0..size {
        let account = format!("p{n:05}");
        fs::write(site.path(&account), format!("{account}\n")).expect("an account");
        if n != size / 2 {
            site.link(&account, &format!("%2f{n}"));
        }
    }
    // Longer than leases count as unsettled.
    std::thread::sleep(std::time::Duration::from_millis(60));
    site
}

fn operations(action: impl FnOnce()) -> usize {
    OPERATIONS.set(0);
    action();
    OPERATIONS.get()
}

#[test]
fn a_user_who_comes_back_costs_the_same_in_a_directory_of_any_size() {
    for size in [10, 1500] {
        let site = nearly_full(size);
        let cost = operations(|| {
            let lease = site.acquire("/3").expect("leased");
            assert_eq!(lease.account, b"p00003");
            assert_eq!(lease.origin, Origin::Existing);
        });
        // Opening the directory (twice, once to check the path), lstat, open,
        // lstat of the account; then utime and one lstat of each.
        assert_eq!(cost, 8, "{size} accounts");
    }
}

#[test]
fn a_new_user_does_not_cost_a_look_at_every_account() {
    for size in [10, 1500] {
        let site = nearly_full(size);
        let cost = operations(|| {
            let lease = site.acquire("/new").expect("leased");
            assert_eq!(lease.account, format!("p{:05}", size / 2).as_bytes());
        });
        assert!(
            cost < 20 + size / 50,
            "{cost} operations for {size} accounts"
        );
    }
}

#[test]
fn a_refused_user_does_not_cost_a_look_at_every_account() {
    let site = nearly_full(1500);
    let _ = site.acquire("/new").expect("leased");
    let cost = operations(|| assert!(site.acquire("/late").is_err()));
    assert!(cost < 20 + 1500 / 50, "{cost} operations");
}

#[test]
fn a_lease_without_a_note_is_searched_for_once() {
    let site = nearly_full(1500);
    fs::write(site.path("p00007"), "").expect("emptied");
    for expected in [9 + 3, 8] {
        let cost = operations(|| {
            assert_eq!(site.acquire("/7").expect("leased").account, b"p00007");
        });
        assert!(cost <= expected, "{cost} operations");
    }
    let note = fs::read(site.path("p00007")).expect("read");
    assert_eq!(note, b"p00007\n");
}

#[test]
fn a_store_that_is_kept_remembers_free_accounts() {
    let site = Site::new(&[]);
    for n in 0..1000 {
        fs::write(site.path(&format!("p{n:05}")), "").expect("an account");
        if n < 900 {
            site.link(&format!("p{n:05}"), &format!("%2fold{n}"));
        }
    }
    let store = site.store();
    let lease = |n: usize| {
        let name = super::name(&format!("/{n}"));
        super::LeaseStore::acquire(&store, &super::request(&name)).expect("leased")
    };
    let _ = lease(0);
    let cost = operations(|| {
        let _ = lease(1);
    });
    assert!(
        cost <= 10,
        "{cost} operations, without listing the directory"
    );
    for n in 2..100 {
        let _ = lease(n);
    }
}

#[test]
fn listings_with_false_inode_numbers_are_seen_through() {
    let site = nearly_full(50);
    fs::write(site.path("p00007"), "").expect("emptied");
    LIES.set(true);
    let found = site.acquire("/7");
    let new = site.acquire("/new");
    let late = site.acquire("/late");
    LIES.set(false);
    assert_eq!(found.expect("leased").account, b"p00007");
    assert_eq!(new.expect("leased").account, b"p00025");
    assert!(late.expect_err("no account is left").other_pool_may_do());
}
