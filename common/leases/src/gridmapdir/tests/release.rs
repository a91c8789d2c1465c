//! Looking after a directory in which services work.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use super::{Point, Site, with_hook};
use crate::{HeldLease, LeaseName, Oddity, Release};

const ANN: &str = "%2fcn%3dann";

/// Three accounts; Ann has had the first one for a day.
fn site() -> Site {
    let site = Site::new(&["p01", "p02", "p03"]);
    site.link("p01", ANN);
    let file = fs::File::open(site.path("p01")).expect("opened");
    let day = Duration::from_secs(86400);
    file.set_modified(SystemTime::now() - day).expect("aged");
    std::thread::sleep(Duration::from_millis(60));
    site
}

fn held(site: &Site) -> HeldLease {
    let survey = site.store().survey().expect("surveyed");
    survey.leases.first().expect("a lease").clone()
}

fn release(site: &Site, lease: &HeldLease, consent: bool) -> Release {
    let name = LeaseName::stored(&lease.lease).expect("a lease name");
    let released = site.store().release(&name, lease.last_used, || consent);
    released.expect("decided")
}

#[test]
fn a_released_account_is_free_for_the_next_user() {
    let site = site();
    let lease = held(&site);
    assert_eq!(
        (lease.account.as_slice(), lease.lease.as_slice()),
        (&b"p01"[..], ANN.as_bytes())
    );
    assert_eq!(release(&site, &lease, false), Release::Kept);
    assert_eq!(site.links("p01"), 2);
    assert_eq!(release(&site, &lease, true), Release::Done);
    assert_eq!(release(&site, &lease, true), Release::Absent);
    let survey = site.store().survey().expect("surveyed");
    assert_eq!(survey.free.len(), 3);
    assert!(survey.leases.is_empty() && survey.odd.is_empty());
}

#[test]
fn a_lease_that_was_used_after_the_decision_stays() {
    let site = site();
    let lease = held(&site);
    let again = site.acquire("/CN=ann").expect("hers");
    assert_eq!(again.account, b"p01");
    assert_eq!(release(&site, &lease, true), Release::InUse);
    assert_eq!(held(&site).account, b"p01");
}

#[test]
fn a_lease_that_is_marked_as_used_while_it_is_aside_is_put_back() {
    let site = site();
    let lease = held(&site);
    let account = site.path("p01");
    let hook = move |point| {
        if point == Point::MovedAside {
            let file = fs::File::open(&account).expect("opened");
            file.set_modified(SystemTime::now()).expect("marked");
        }
    };
    let released = with_hook(hook, || release(&site, &lease, true));
    assert_eq!(released, Release::InUse);
    let survey = site.store().survey().expect("surveyed");
    assert_eq!((survey.leases.len(), survey.odd.len()), (1, 0));
    assert_eq!(site.links("p01"), 2);
}

#[test]
fn a_lease_that_a_mapping_holds_locked_stays() {
    let site = site();
    let lease = held(&site);
    let file = fs::File::open(site.path("p01")).expect("opened");
    file.lock_shared().expect("locked");
    assert_eq!(release(&site, &lease, true), Release::InUse);
    file.unlock().expect("unlocked");
    assert_eq!(release(&site, &lease, true), Release::Done);
}

#[test]
fn everything_that_makes_no_sense_is_told() {
    let site = site();
    fs::write(site.path("%2fcn%3dgone"), "").expect("written");
    fs::create_dir(site.path("p04")).expect("made");
    symlink("p02", site.path("p05")).expect("made");
    site.link("p02", "p06");
    site.link("p03", "%2fcn%3dbob");
    site.link("p03", "%2fcn%3dbea");
    fs::write(site.path(".lcmaps-removed-1-1-1~"), "").expect("written");
    fs::write(site.path("note~"), "").expect("written");
    let survey = site.store().survey().expect("surveyed");
    let odd: Vec<_> = survey
        .odd
        .iter()
        .map(|odd| {
            (
                String::from_utf8_lossy(&odd.entry).into_owned(),
                &odd.oddity,
            )
        })
        .collect();
    let of = |name: &str| odd.iter().find(|(entry, _)| entry == name).map(|odd| odd.1);
    assert_eq!(of("%2fcn%3dgone"), Some(&Oddity::Orphan));
    assert_eq!(of("p04"), Some(&Oddity::NotRegular));
    assert_eq!(of("p05"), Some(&Oddity::NotRegular));
    let other = Some(b"p06".to_vec());
    assert_eq!(of("p02"), Some(&Oddity::Unpaired { other }));
    let others = vec![b"%2fcn%3dbea".to_vec(), b"%2fcn%3dbob".to_vec()];
    assert_eq!(of("p03"), Some(&Oddity::TooManyLinks { links: 3, others }));
    assert_eq!(of(".lcmaps-removed-1-1-1~"), Some(&Oddity::Abandoned));
    assert_eq!(of("note~"), Some(&Oddity::Unknown));
    assert_eq!(survey.leases.len(), 1);
}

#[test]
fn a_lease_name_tells_whom_it_is_for() {
    let name = LeaseName::with_groups_and_map_counter(b"/CN=Ann B", &[b"vo", b"x"], 3);
    let decoded = name.expect("a name").decoded();
    assert_eq!(decoded.identity, b"/cn=ann b");
    assert_eq!(decoded.groups, [b"vo".to_vec(), b"x".to_vec()]);
    assert_eq!(decoded.counter, Some(3));
    for strange in ["%", "%2", "%zz:", "a%2f%"] {
        let name = LeaseName::stored(strange.as_bytes()).expect("it has an escape");
        assert!(!name.decoded().identity.is_empty(), "{strange}");
    }
    for none in ["p01", ".lcmaps-removed-%", "a/%2f", ""] {
        assert_eq!(LeaseName::stored(none.as_bytes()), None, "{none}");
    }
}
