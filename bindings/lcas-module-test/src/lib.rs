//! Runs an LCAS module in a test.
//!
//! - [`recording`] is a host that writes down what a module logs, and hands it any request, DN and
//!   certificate: for what a module does with its input, for odd calls, for threads.
//! - [`real`] runs a database inside a real liblcas in a process of its own: for whether the module
//!   works where it will be used.
//!
//! [`module_file`] finds the module that cargo built for the test.

pub mod real;
pub mod recording;

use recording::{LoadedModule, RecordingHost};

pub use lcmaps_module_test::{TESTER_DN, TESTER_PEM, growth_per_round, module_file, module_folder};

/// The options that a module names when it is given a word that it does not know.
///
/// # Panics
/// When the module accepts the word.
#[must_use]
pub fn options_of(name: &str) -> Vec<String> {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file(name));
    assert!(module.start(&["-no-module-has-this-option"]).is_err());
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
