//! What the LCMAPS modules share, so that they read the same options, follow the same rules and
//! write the same log lines:
//!
//! - [`MapFileSource`] finds and opens the map file, [`MapSearch`] looks a name up in it;
//! - [`Request`] is the account that a caller asks for or wants verified;
//! - [`Leasing`] gets pool accounts from a gridmapdir;
//! - [`BanList`] refuses who is listed;
//! - [`adopt`] adds an account to the mapping.
#![forbid(unsafe_code)]

mod account;
mod ban;
mod hints;
mod leasing;
mod map_file;
mod request;
mod search;

pub use account::{adopt, find_account};
pub use ban::{BAN_OPTIONS, BanList, OpenBanList};
pub use leasing::{LEASING_OPTIONS, Leasing, NoLease, PoolLease};
pub use map_file::{MAP_FILE_OPTIONS, MapFileSource, OwnAccount};
pub use request::Request;
pub use search::{MapSearch, Mapping, NoMatch};
