//! Pool-account leases: who has which account (or group) of a pool.
//!
//! A [`LeaseStore`] hands out accounts under [lease names](LeaseName).
//! [`GridMapDir`] is the store that grid sites have had for decades: a directory
//! of hard links, shared with other software.
//!
//! ```
//! use lc_leases::{GridMapDir, LeaseName, LeaseStore, Origin, Pool, Request};
//!
//! # let dir = tempfile::tempdir()?;
//! # let path = dir.path();
//! # std::fs::write(path.join("grid001"), "")?;
//! let store = GridMapDir::open(path)?;
//! let name = LeaseName::encode(b"/O=Grid/CN=Ann")?;
//! let request = Request::any(&name, Pool { prefix: b"grid", strict: true });
//!
//! let lease = store.acquire(&request)?;
//! assert_eq!(lease.account, b"grid001");
//! assert_eq!(lease.origin, Origin::Created);
//! assert_eq!(store.acquire(&request)?.origin, Origin::Existing);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod error;
mod gridmapdir;
mod name;
mod pool;
mod store;

pub use error::{LeaseError, Problem};
pub use gridmapdir::{GridMapDir, HeldLease, Odd, Oddity, Release, Survey};
pub use name::{Decoded, LeaseName, NAME_MAX, NameError};
pub use pool::Pool;
pub use store::{Lease, LeaseStore, Origin, Request, Suitability, Suitable};
