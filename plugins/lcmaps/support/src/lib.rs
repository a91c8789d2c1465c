//! What the LCMAPS modules share, so that they read the same options, follow the same rules and
//! write the same log lines:
//!
//! - [`MapFileSource`] and [`GroupMapFile`] find and open the map file, [`MapSearch`] looks a name
//!   up in it;
//! - [`fqans_of`] are the FQANs that count;
//! - [`Request`] is the account that a caller asks for or wants verified;
//! - [`Leasing`] gets accounts from a gridmapdir, [`GroupLeasing`] gets groups from a groupmapdir;
//! - [`GidOptions`] say which groups of an account count, [`adopt`] adds an account to the mapping;
//! - [`GroupMapping`] maps FQANs to groups and adds those;
//! - [`BanList`] refuses who is listed.
#![forbid(unsafe_code)]

mod account;
mod ban;
mod ban_line;
mod fqans;
mod gids;
mod group;
mod group_mapping;
mod hints;
mod leasing;
mod map_file;
mod pool_directory;
mod pool_group;
mod request;
mod search;
mod survey;

pub use account::{adopt, find_account};
pub use ban::{BAN_OPTIONS, BanList, OpenBanList};
pub use ban_line::Names;
pub use fqans::{Misses, fqans_of};
pub use gids::{AccountGids, GID_OPTIONS, GidOptions, contradiction};
pub use group::group_names;
pub use group_mapping::{GROUP_MAPPING_OPTIONS, GroupMapping};
pub use leasing::{LEASING_OPTIONS, Leasing, PoolLease};
pub use map_file::{
    GROUP_MAP_FILE_OPTIONS, GroupMapFile, MAP_FILE_OPTIONS, MapFileSource, OwnAccount, is_one_of,
};
pub use pool_directory::NoLease;
pub use pool_group::{GROUP_LEASING_OPTIONS, GroupLeasing};
pub use request::Request;
pub use search::{MapSearch, Mapping, NoMatch};
