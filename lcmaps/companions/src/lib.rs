//! What the companions share: each starts LCMAPS, runs it once as `$LCMAPS_POLICY_NAME` says, and ends it.
//!
//! A companion goes through the public functions of the library it is linked to, so that it works with the original's
//! library as well as with ours.

pub mod account;
pub mod library;
pub mod policies;
pub mod session;
