//! Ban lists: the options of modules that refuse who is listed, and the search.

use std::ffi::{CStr, OsStr};
use std::fmt::Display;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use lc_gridmap::{Accept, Cache, MapError, MapFile, Wildcards};
use lc_os::places;
use lcmaps_plugin::{Failure, Init, Logger, Shown, Words};

use crate::ban_line::Names;
use crate::hints;
use crate::search::MOST_BYTES_FOR_HINTS;
use crate::survey::Survey;

/// The options of modules with a ban list.
pub const BAN_OPTIONS: [&str; 13] = [
    "-banmapfile",
    "-BANMAPFILE",
    "-ban_mapfile",
    "-BAN_MAPFILE",
    "-gridmapfile",
    "-GRIDMAPFILE",
    "-gridmap",
    "-GRIDMAP",
    "-no_wildcard",
    "-disablewildcard",
    "-disablewildcards",
    "--disablewildcard",
    "--disablewildcards",
];

/// So many of [`BAN_OPTIONS`], the first ones, name the file.
const FILE_OPTIONS: usize = 8;

/// What to do about a file that cannot be used.
const REMEDY: &str =
    "everybody is refused until that is put right; to ban nobody, make an empty file";

/// A ban list: where the configuration says it is, how it is read, and its contents.
pub struct BanList {
    path: PathBuf,
    names: Names,
    wildcards: Wildcards,
    cache: Cache,
    known: Mutex<Known>,
}

/// What is known of the list from earlier runs.
#[derive(Default)]
struct Known {
    /// The state of the file that was looked through last, and what it is like.
    survey: Option<(Arc<MapFile>, Arc<Survey>)>,
    /// What was told of it.
    told: Vec<String>,
    /// A user was held against the list before.
    has_run: bool,
}

/// A ban list as it is on disk at the time of one run.
pub struct OpenBanList {
    file: Arc<MapFile>,
    wildcards: Wildcards,
    survey: Option<Arc<Survey>>,
}

/// The line that bans somebody.
struct Ban {
    line: u32,
    pattern: Vec<u8>,
}

impl BanList {
    /// Reads the options of a module that has no others. A file that cannot be used is no reason not
    /// to start, for it may come later; it is told as an error now and refuses everybody until then.
    ///
    /// # Errors
    /// No option names the file, it has a relative name and does not exist, or an option is unknown.
    pub fn configure(init: &Init<'_>, names: Names) -> Result<Self, Failure> {
        let (mut path, mut wildcards) = (None, Wildcards::On);
        let mut words = init.words();
        while let Some(word) = words.next() {
            match BAN_OPTIONS
                .iter()
                .position(|known| known.as_bytes() == word.to_bytes())
            {
                Some(at) if at < FILE_OPTIONS => {
                    let given = file(word, &mut words)?;
                    if let Some(earlier) =
                        path.replace(given).filter(|one| path.as_ref() != Some(one))
                    {
                        init.log().warning(format_args!(
                            "the ban list {} is not used, for only the last option that names one counts; put all names \
                             into one file, or ask two of these modules one after the other",
                            earlier.display()
                        ));
                    }
                }
                Some(_) => wildcards = Wildcards::Off,
                None => return Err(words.unknown(word, &BAN_OPTIONS).into()),
            }
        }
        let list = Self {
            path: path.ok_or_else(|| {
                Failure::error("there is no ban list; name its file with option -banmapfile")
            })?,
            names,
            wildcards,
            cache: Cache::new(),
            known: Mutex::default(),
        };
        if let Err(problem) = list.check_file(init.log()) {
            init.log().error(problem);
        }
        Ok(list)
    }

    /// Reads the whole file once, so that an administrator hears of what is wrong with it now and
    /// not from users. A huge one is only opened: programs that map one user and end would read it
    /// twice.
    fn check_file(&self, log: Logger) -> Result<(), Failure> {
        let file = self.cache.open(&self.path).map_err(unusable)?;
        if is_small(&file) {
            match self.survey(&file, log) {
                Some(survey) => survey.all_understood().map_err(unusable)?,
                None => file.listed().map(drop).map_err(unusable)?,
            }
        }
        Ok(())
    }

    /// What this state of the file is like; its faults are logged once.
    ///
    /// A huge file is looked through when the second user comes: programs that map one user and end
    /// need not.
    fn survey(&self, file: &Arc<MapFile>, log: Logger) -> Option<Arc<Survey>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, survey)) = &known.survey
            && Arc::ptr_eq(of, file)
        {
            return Some(Arc::clone(survey));
        }
        let is_small = is_small(file);
        if !is_small && !known.has_run {
            return None;
        }
        // A search says why the file cannot be read.
        let survey = Arc::new(Survey::of(file, self.names, self.wildcards, is_small).ok()?);
        let faults: Vec<String> = survey.faults().collect();
        if faults != known.told {
            for fault in &faults {
                log.warning(fault);
            }
            known.told = faults;
        }
        known.survey = Some((Arc::clone(file), Arc::clone(&survey)));
        Some(survey)
    }

    /// Opens the list for one run. A change on disk counts at once, and what is wrong with the lines of
    /// a list that changed is logged.
    ///
    /// # Errors
    /// The file is missing or cannot be read: nobody can be let in.
    pub fn open(&self, log: Logger) -> Result<OpenBanList, Failure> {
        let file = self.cache.open(&self.path).map_err(unusable)?;
        let survey = self.survey(&file, log);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.has_run = true;
        drop(known);
        Ok(OpenBanList {
            file,
            wildcards: self.wildcards,
            survey,
        })
    }
}

impl OpenBanList {
    /// Lets a name pass that is not listed; `kind` says what it is, `DN` or `FQAN`.
    ///
    /// # Errors
    /// It is listed, or the file cannot be read or has a line that cannot be understood.
    pub fn admit(&self, log: Logger, kind: &str, name: &[u8]) -> Result<(), Failure> {
        let (path, shown) = (self.file.path().display(), Shown(name));
        if let Some(Ban { line, pattern }) = self.find(name).map_err(unusable)? {
            let by = if pattern == name {
                String::new()
            } else {
                format!(" by \"{}\"", Shown(&pattern))
            };
            return Err(Failure::refused(format_args!(
                "{kind} \"{shown}\" is found on the ban list: {path}:{line}{by}"
            )));
        }
        let similar = || self.survey.as_ref()?.hint(name);
        if is_small(&self.file)
            && let Some(hint) = hints::other_spelling(&self.file, name).or_else(similar)
        {
            log.warning(format_args!(
                "{kind} \"{shown}\" is not banned, but in {path} {hint}"
            ));
        }
        Ok(())
    }

    fn find(&self, name: &[u8]) -> Result<Option<Ban>, MapError> {
        let ban = self.line_of(name)?;
        if ban.is_some() || self.file.first_carriage_return_line().is_none() {
            return Ok(ban);
        }
        // The file has line ends of another system: a name without quotes ends in a carriage return
        // there, and its ban must not fail for that.
        self.line_of(&[name, b"\r"].concat())
    }

    fn line_of(&self, name: &[u8]) -> Result<Option<Ban>, MapError> {
        let lookup = self.file.lookup(name, self.wildcards, Accept::AnyName)?;
        Ok(lookup.found.map(|found| Ban {
            line: found.line,
            pattern: found.pattern.to_vec(),
        }))
    }
}

/// Whether it may be searched for other spellings, for everybody who is not banned.
fn is_small(file: &MapFile) -> bool {
    let data = file.path().metadata();
    data.is_ok_and(|data| data.len() <= MOST_BYTES_FOR_HINTS)
}

fn file(option: &CStr, words: &mut Words<'_>) -> Result<PathBuf, Failure> {
    let value = words.value_of(option, "the file with the ban list")?;
    places::resolve(Path::new(OsStr::from_bytes(value.to_bytes()))).map_err(|error| {
        Failure::error(format_args!("option {}: {error}", Shown(option.to_bytes())))
    })
}

fn unusable(error: impl Display) -> Failure {
    Failure::error(format_args!("cannot use the ban list: {error}; {REMEDY}"))
}
