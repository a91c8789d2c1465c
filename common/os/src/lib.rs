//! Accounts, groups, privileges and files of this machine: the one place where modules touch the
//! operating system by hand.
//!
//! - [`account_by_name`], [`group_by_name`] and their kin look names and ids up. "Unknown" and "the look-up failed" are two
//!   results: a directory server that is down must not look like a user who does not exist.
//! - [`is_privileged`] and [`is_set_uid`] say what this process may do.
//! - [`Identity::take`] makes this process somebody else, for good.
//! - [`variable`] reads the environment, as far as it is the program's own.
//! - [`places`] says where map files are.

mod account;
mod environment;
mod group;
mod identity;
mod lookup;
pub mod places;
mod privilege;

pub use account::{Account, account_by_name, account_by_uid, own_account};
pub use environment::variable;
pub use group::{Group, group_by_gid, group_by_name};
pub use identity::{Extent, Identity, SwitchError};
pub use lookup::LookupError;
pub use nix::unistd::{Gid, Uid};
pub use privilege::{is_privileged, is_set_uid};
