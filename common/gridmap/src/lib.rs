//! grid-mapfiles, group-mapfiles and ban lists: parse, match, keep.
//!
//! The grammar is documented in [`MapFile`], the matching rules in
//! [`MapFile::lookup`] and [`fnmatch()`], the life of a file in a long-running
//! process in [`Cache`].
//!
//! ```
//! use lc_gridmap::{Accept, MapFile, Wildcards};
//!
//! let text = b"\"/O=Grid/CN=Ann\" ann\n\"/O=Grid/*\" .guest\n".to_vec();
//! let file = MapFile::parse("/etc/grid-security/grid-mapfile", text);
//!
//! let ann = file.lookup(b"/O=Grid/CN=Ann", Wildcards::Off, Accept::Local)?;
//! assert_eq!(&*ann.found.expect("Ann is listed").mapping, b"ann");
//!
//! let pool = file.lookup(b"/O=Grid/CN=Ann", Wildcards::On, Accept::Pool)?;
//! let pool = pool.found.expect("everybody of the Grid is listed");
//! assert_eq!((&*pool.mapping, pool.line), (&b".guest"[..], 2));
//! # Ok::<(), lc_gridmap::MapError>(())
//! ```
#![forbid(unsafe_code)]

mod accept;
mod cache;
mod disk;
mod error;
mod file;
mod fnmatch;
mod index;
mod line;
mod listed;
mod lookup;
mod scan;

pub use accept::{Accept, Wildcards};
pub use cache::Cache;
pub use disk::MAX_FILE_SIZE;
pub use error::{Fault, MapError, OpenError};
pub use file::MapFile;
pub use fnmatch::fnmatch;
pub use listed::Listed;
pub use lookup::{Lookup, MAX_SKIPPED, Match, SkipReason, Skipped};
