//! Ten thousand mappings: no memory error, and no memory kept for each.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use support::{finish, has_program, modules_dir, our_library_dir, root, skip};

use crate::site::Site;

const MAPPINGS: &str = "10000";
const PATIENCE: Duration = Duration::from_secs(900);

fn our_library() -> PathBuf {
    our_library_dir().join("liblcmaps.so.0")
}

/// A chain that needs no private key to be mapped by name.
fn chain(site: &Site) -> String {
    let file = site.path().join("chain.pem");
    fs::copy(
        root().join("bindings/lcmaps-module-test/src/tester.pem"),
        &file,
    )
    .unwrap();
    file.display().to_string()
}

#[test]
fn ten_thousand_mappings_keep_no_memory() {
    let site = Site::new(10);
    let mut host = site.host(&our_library(), modules_dir(), "host");
    finish(host.args(["again", MAPPINGS]), PATIENCE).expect_success();
}

#[test]
fn a_thousand_sessions_keep_no_memory() {
    let site = Site::new(10);
    let mut host = site.host(&our_library(), modules_dir(), "host");
    finish(host.args(["sessions", "1000"]), PATIENCE).expect_success();
}

#[test]
fn four_thousand_mappings_of_a_chain_keep_no_memory() {
    let site = Site::new(10);
    let mut host = site.host(&our_library(), modules_dir(), "host");
    finish(host.args(["again", "4000", &chain(&site)]), PATIENCE).expect_success();
}

#[test]
fn valgrind_finds_nothing_in_ten_thousand_mappings() {
    if !has_program("valgrind") {
        skip!("valgrind is not installed");
    }
    let site = Site::new(10);
    let mut host = site.host_under_valgrind(&our_library(), modules_dir());
    finish(host.args(["again", MAPPINGS]), PATIENCE).expect_success();
}

#[test]
fn valgrind_finds_nothing_in_mappings_of_a_chain() {
    if !has_program("valgrind") {
        skip!("valgrind is not installed");
    }
    let site = Site::new(10);
    let mut host = site.host_under_valgrind(&our_library(), modules_dir());
    finish(host.args(["again", "40", &chain(&site)]), PATIENCE).expect_success();
}
