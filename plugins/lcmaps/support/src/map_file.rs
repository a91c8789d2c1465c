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

/// Where the configuration says the grid-mapfile is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapFileSource {
    /// An option names it.
    Option(PathBuf),
    /// Nothing names it: environment and home are asked at each run.
    Default,
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
    /// Whether a word of the policy file is the option for the map file.
    #[must_use]
    pub fn is_option(word: &CStr) -> bool {
        MAP_FILE_OPTIONS
            .iter()
            .any(|option| option.as_bytes() == word.to_bytes())
    }

    /// Takes the value of the option.
    ///
    /// # Errors
    /// There is none, or it is a relative name and no such file exists.
    pub fn from_option(option: &CStr, words: &mut Words<'_>) -> Result<Self, Failure> {
        let path = words.value_of(option, "the grid-mapfile")?;
        let path = Path::new(OsStr::from_bytes(path.to_bytes()));
        let path = places::resolve(path).map_err(|error| {
            Failure::error(format_args!("option {}: {error}", option.to_string_lossy()))
        })?;
        Ok(Self::Option(path))
    }

    /// Opens the file as it is on disk now. `Ok(None)` means that there is none and that the user's
    /// own account is to be used.
    ///
    /// # Errors
    /// The file is missing or cannot be read.
    pub fn open(&self, own_account: OwnAccount) -> Result<Option<Arc<MapFile>>, Failure> {
        let found;
        let (path, may_be_missing) = match self {
            Self::Option(path) => (path.as_path(), false),
            Self::Default => {
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
        match Cache::global().open(path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.is_missing() && may_be_missing => Ok(None),
            Err(error) => Err(Failure::error(format_args!(
                "cannot use the grid-mapfile: {error}"
            ))),
        }
    }
}
