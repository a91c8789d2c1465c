//! Runs an LCMAPS module in a test.
//!
//! - [`recording`] is a host that writes down what a module logs and registers, and hands it any
//!   run argument: for what a module does with its input, for odd calls, for threads.
//! - [`real`] runs a policy inside a real liblcmaps in a process of its own: for whether the module
//!   works where it will be used, under other accounts, environments and user ids.
//!
//! Both go with accounts made up for the test: [`with_accounts`], [`real::Case::accounts`].
//! [`module_file`] finds the module that cargo built for the test, [`original_module`] its C original.
//! [`site`] is a map file with pools for the first, [`Documents`] and [`assert_nothing_stays`] check
//! what every module promises.

mod accounts;
mod documents;
mod memory;
pub mod real;
pub mod recording;
pub mod site;

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use recording::{LoadedModule, RecordingHost};
use tempfile::TempDir;

pub use accounts::with_accounts;
pub use documents::Documents;
pub use memory::assert_nothing_stays;

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

/// The C original of a module (`lcmaps_…`), where it is installed. Says so on standard error when it
/// is not.
#[must_use]
pub fn original_module(name: &str) -> Option<PathBuf> {
    let path = Path::new("/usr/lib/lcmaps").join(format!("lib{name}.so"));
    if path.exists() {
        return Some(path);
    }
    eprintln!(
        "skipped: {} is not installed (a package whose name begins with lcmaps-plugins-)",
        path.display()
    );
    None
}

/// A folder with these modules (`lcmaps_…`) under the names that policy files use,
/// `lcmaps_….mod`.
///
/// # Panics
/// As [`module_file`].
#[must_use]
pub fn module_folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a scratch directory");
    for name in names {
        let link = folder.path().join(format!("{name}.mod"));
        symlink(module_file(name), link).expect("a link in the scratch directory");
    }
    folder
}

/// The options that a module names when it is given a word that it does not know.
///
/// # Panics
/// When the module accepts the word.
#[must_use]
pub fn options_of(name: &str) -> Vec<String> {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file(name));
    assert_ne!(module.initialize(&["-no-module-has-this-option"]), 0);
    module.terminate();
    let log = host.log();
    let (_, options) = log
        .split_once("known options: ")
        .expect("the module names its options");
    options
        .lines()
        .next()
        .unwrap_or_default()
        .split(' ')
        .map(str::to_owned)
        .collect()
}

/// By how many bytes the memory in use grows with each call of `round`, in the long run. The calling
/// test is alone in its process (a file of its own under `tests/`).
///
/// A service may load and unload modules with every request, so what a module leaves behind adds up.
/// A block that is lost in every round counts 32 bytes at least; what the allocator and the loader
/// gather once comes to a few bytes a round.
#[must_use]
pub fn growth_per_round(mut round: impl FnMut()) -> f64 {
    const ROUNDS: u16 = 1000;
    // SAFETY: mallinfo2 only reads the allocator's counters.
    let in_use = || unsafe { libc::mallinfo2() }.uordblks as f64;
    for _ in 0..ROUNDS / 2 {
        round();
    }
    let before = in_use();
    for _ in 0..ROUNDS {
        round();
    }
    (in_use() - before) / f64::from(ROUNDS)
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
