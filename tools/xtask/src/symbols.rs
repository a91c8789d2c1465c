//! cargo xtask symbols.

use crate::Outcome;

/// Runs the chore; with `check`, changes nothing and fails on a difference.
pub fn run(_check: bool) -> Outcome {
    Err("cargo xtask symbols is not available in this build".into())
}
