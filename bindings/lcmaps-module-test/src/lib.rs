//! Runs an LCMAPS module in a test.
//!
//! - [`recording`] is a host that writes down what a module logs and registers, and hands it any
//!   run argument: for what a module does with its input, for odd calls, for threads.
//! - [`real`] runs a policy inside a real liblcmaps in a process of its own: for whether the module
//!   works where it will be used, under other accounts, environments and user ids.
//!
//! Both go with accounts made up for the test: [`with_accounts`], [`real::Case::accounts`].
//! [`module_file`] finds the module that cargo built for the test.

mod accounts;
pub mod real;
pub mod recording;

use std::path::{Path, PathBuf};

pub use accounts::with_accounts;

/// A certificate for `/O=Test/CN=Module Tester` as PEM text, good for a hundred years.
pub const TESTER_PEM: &str = include_str!("tester.pem");

/// The DN of [`TESTER_PEM`].
pub const TESTER_DN: &str = "/O=Test/CN=Module Tester";

/// The shared object of the module with this name (`lcmaps_…`, the library name of its crate),
/// which is the crate under test, one of its development dependencies, or one of its examples.
///
/// # Panics
/// When cargo built no such thing for this test.
#[must_use]
pub fn module_file(name: &str) -> PathBuf {
    built(&format!("lib{name}.so"))
        .unwrap_or_else(|| panic!("no lib{name}.so beside the test: is it a dependency?"))
}

/// A file that cargo built beside this test.
fn built(file: &str) -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    let beside = test.parent()?;
    let places: [&Path; 2] = [beside, &beside.join("../examples")];
    places
        .iter()
        .map(|place| place.join(file))
        .find(|path| path.exists())
}
