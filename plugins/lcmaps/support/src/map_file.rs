//! Which map file a module uses.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lc_gridmap::{Cache, MapFile};
use lc_os::places::{self, DefaultMapFile};
use lcmaps_plugin::{Failure, Words};

/// The spellings of the option that names the grid-mapfile.
pub const MAP_FILE_OPTIONS: [&str; 4] = ["-gridmapfile", "-GRIDMAPFILE", "-gridmap", "-GRIDMAP"];

/// The grid-mapfile of a module: where the configuration says it is, and its contents.
///
/// The contents are kept as long as the module is configured, not in a static: the library unloads
/// modules at the end of a session, and what is in statics then would be lost, session by session.
#[derive(Default)]
pub struct MapFileSource {
    /// What an option names; else environment and home are asked at each run.
    path: Option<PathBuf>,
    cache: Cache,
}

/// What to do for an ordinary user who has no grid-mapfile and no configuration that names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnAccount {
    /// Everybody is mapped to the account that runs the service.
    Allowed,
    /// The missing file is an error.
    Refused,
}

impl MapFileSource {
    /// Takes an option with its value if it is one of [`MAP_FILE_OPTIONS`]; tells whether it is.
    ///
    /// # Errors
    /// The value is missing, or it is a relative name and no such file exists.
    pub fn take_option(&mut self, option: &CStr, words: &mut Words<'_>) -> Result<bool, Failure> {
        if !MAP_FILE_OPTIONS
            .iter()
            .any(|known| known.as_bytes() == option.to_bytes())
        {
            return Ok(false);
        }
        let path = words.value_of(option, "the grid-mapfile")?;
        let path = Path::new(OsStr::from_bytes(path.to_bytes()));
        let path = places::resolve(path).map_err(|error| {
            Failure::error(format_args!("option {}: {error}", option.to_string_lossy()))
        })?;
        self.path = Some(path);
        Ok(true)
    }

    /// Whether an option names the file.
    #[must_use]
    pub fn has_option(&self) -> bool {
        self.path.is_some()
    }

    /// Opens the file as it is on disk now. `Ok(None)` means that there is none and that the user's
    /// own account is to be used.
    ///
    /// # Errors
    /// The file is missing or cannot be read.
    pub fn open(&self, own_account: OwnAccount) -> Result<Option<Arc<MapFile>>, Failure> {
        let found;
        let (path, may_be_missing) = match &self.path {
            Some(path) => (path.as_path(), false),
            None => {
                found = DefaultMapFile::find()?;
                let is_users = matches!(
                    found,
                    DefaultMapFile::BuiltIn {
                        privileged: false,
                        ..
                    }
                );
                (found.path(), is_users && own_account == OwnAccount::Allowed)
            }
        };
        match self.cache.open(path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.is_missing() && may_be_missing => Ok(None),
            Err(error) => Err(Failure::error(format_args!(
                "cannot use the grid-mapfile: {error}"
            ))),
        }
    }
}
