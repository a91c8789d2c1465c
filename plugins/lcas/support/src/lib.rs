//! What the LCAS modules decide by: their options, their files and their rules, without a host.
//!
//! A module is this and the little that talks to its host. The `lcas` command reads the same files with the same
//! code and says what is wrong with them ([`check`]), so a file that it finds nothing in is one that the modules read.
//!
//! - [`DnList`]: who is listed (`lcas_userban`, `lcas_userallow`);
//! - [`slots`]: when (`lcas_timeslots`);
//! - [`Executables`]: what is run (`lcas_check_executable`);
//! - [`walltime`]: for how long (`lcas_walltime`);
//! - [`VomsOptions`], [`VomsPolicy`]: which attributes (`lcas_voms`).
#![forbid(unsafe_code)]

mod check;
mod dn_list;
mod executables;
mod finding;
mod list_line;
mod map_line;
mod places;
mod request;
pub mod slots;
mod text_file;
mod voms_options;
mod voms_policy;
pub mod walltime;

pub use check::{check, others_may_write};
pub use dn_list::{DEFAULT_BAN_LIST, DN_LIST_OPTIONS, DnList, Listed, Listing};
pub use executables::{EXECUTABLE_OPTIONS, Executables};
pub use finding::{Finding, Severity};
pub use lc_module::{Failure, Words};
pub use places::{FindFile, default_map_file};
pub use request::Request;
pub use text_file::{FileError, MAX_FILE_SIZE};
pub use voms_options::{AttributeOptions, VOMS_OPTIONS, VomsOptions};
pub use voms_policy::{Format, VomsPolicy, VomsUser};
