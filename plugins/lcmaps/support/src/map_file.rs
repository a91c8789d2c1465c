//! Which map file a module uses.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use lc_gridmap::{Cache, MapFile};
use lc_os::places::{self, DefaultMapFile};
use lcmaps_plugin::{Failure, Logger, Shown, Words};

use crate::search::MOST_BYTES_FOR_HINTS;

/// The spellings of the option that names the grid-mapfile.
pub const MAP_FILE_OPTIONS: [&str; 4] = ["-gridmapfile", "-GRIDMAPFILE", "-gridmap", "-GRIDMAP"];

/// The spellings of the option that names the groupmapfile.
pub const GROUP_MAP_FILE_OPTIONS: [&str; 4] =
    ["-groupmapfile", "-GROUPMAPFILE", "-groupmap", "-GROUPMAP"];

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
        let known = is_one_of(option, &MAP_FILE_OPTIONS);
        if known {
            self.path = Some(path_of(option, words, "the grid-mapfile")?);
        }
        Ok(known)
    }

    /// A remark for the log of the start when no option names the file.
    #[must_use]
    pub fn remark(&self) -> Option<&'static str> {
        self.path.is_none().then_some(
            "no option -gridmapfile: the environment or the default names the grid-mapfile",
        )
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

/// The groupmapfile of a module, which an option has to name.
#[derive(Default)]
pub struct GroupMapFile {
    path: Option<PathBuf>,
    cache: Cache,
    /// The state of the file that was looked through, and what was told of it.
    told: Mutex<(Option<Arc<MapFile>>, Vec<String>)>,
}

impl GroupMapFile {
    /// Takes an option with its value if it is one of [`GROUP_MAP_FILE_OPTIONS`]; tells whether it
    /// is.
    ///
    /// # Errors
    /// The value is missing, or it is a relative name and no such file exists.
    pub fn take_option(&mut self, option: &CStr, words: &mut Words<'_>) -> Result<bool, Failure> {
        let known = is_one_of(option, &GROUP_MAP_FILE_OPTIONS);
        if known {
            self.path = Some(path_of(option, words, "the groupmapfile")?);
        }
        Ok(known)
    }

    /// Checks that an option names the file.
    ///
    /// # Errors
    /// None does.
    pub fn require(&self) -> Result<(), Failure> {
        self.path().map(drop)
    }

    /// Opens the file as it is on disk now. Lines with groups that never count are logged, once for
    /// each state of the file.
    ///
    /// # Errors
    /// The file is missing or cannot be read.
    pub fn open(&self, log: Logger) -> Result<Arc<MapFile>, Failure> {
        let file = self.cache.open(self.path()?).map_err(|error| {
            Failure::error(format_args!("cannot use the groupmapfile: {error}"))
        })?;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if !(told.0.as_ref()).is_some_and(|known| Arc::ptr_eq(known, &file)) {
            let faults = superfluous_groups(&file);
            if faults != told.1 {
                for fault in &faults {
                    log.warning(fault);
                }
            }
            *told = (Some(Arc::clone(&file)), faults);
        }
        drop(told);
        Ok(file)
    }

    fn path(&self) -> Result<&Path, Failure> {
        self.path
            .as_deref()
            .ok_or_else(|| Failure::error("no groupmapfile was given: use option -groupmapfile"))
    }
}

/// Lines of a groupmapfile with two groups, or two pools, of which the first one counts. A huge file
/// is not looked through.
fn superfluous_groups(file: &MapFile) -> Vec<String> {
    const MOST: usize = 10;
    let path = file.path();
    if !(path.metadata()).is_ok_and(|data| data.len() <= MOST_BYTES_FOR_HINTS) {
        return Vec::new();
    }
    let Ok(lines) = file.listed() else {
        // A search says why.
        return Vec::new();
    };
    let faults = lines.flatten().filter_map(|line| {
        let (pools, groups): (Vec<_>, Vec<_>) =
            (line.mappings.iter()).partition(|mapping| mapping.starts_with(b"."));
        let [used, unused, ..] = *[groups, pools].into_iter().find(|kind| kind.len() > 1)? else {
            return None;
        };
        let remedy = if line.quoted {
            "write the one that is meant first; no line gives several groups"
        } else {
            "put the FQAN in double quotes if there is a blank in it"
        };
        Some(format!(
            "{}:{}: of the groups for \"{}\" only \"{}\" counts, \"{}\" never does; {remedy}",
            path.display(),
            line.line,
            Shown(line.name),
            Shown(used),
            Shown(unused)
        ))
    });
    faults.take(MOST).collect()
}

/// Whether a word is one of these options.
#[must_use]
pub fn is_one_of(word: &CStr, options: &[&str]) -> bool {
    options
        .iter()
        .any(|option| option.as_bytes() == word.to_bytes())
}

fn path_of(option: &CStr, words: &mut Words<'_>, what: &'static str) -> Result<PathBuf, Failure> {
    let path = words.value_of(option, what)?;
    let path = Path::new(OsStr::from_bytes(path.to_bytes()));
    places::resolve(path).map_err(|error| {
        Failure::error(format_args!("option {}: {error}", option.to_string_lossy()))
    })
}
