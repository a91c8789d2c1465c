//! Random input for the original and for ours: the outcome has to be the same.
//!
//! What the generators avoid is listed where they are; each case is a deliberate difference or has no meaning in
//! the original. `PROPTEST_CASES` sets how many cases are tried.

mod functions;
mod mappings;
mod policies;
mod side;

use proptest::test_runner::Config;

/// So many cases, unless `PROPTEST_CASES` says otherwise.
fn cases(usually: u32) -> Config {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|number| number.parse().ok());
    Config {
        failure_persistence: None,
        ..Config::with_cases(cases.unwrap_or(usually))
    }
}
