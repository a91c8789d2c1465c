//! Ban lists: the options of modules that refuse who is listed, and the search.

use std::ffi::{CStr, OsStr};
use std::fmt::Display;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lc_gridmap::{Accept, Cache, MapError, MapFile, Wildcards};
use lc_os::places;
use lcmaps_plugin::{Failure, Init, Logger, Shown, Words};

use crate::hints;
use crate::search::MOST_BYTES_FOR_HINTS;

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
    wildcards: Wildcards,
    cache: Cache,
}

/// A ban list as it is on disk at the time of one run.
pub struct OpenBanList {
    file: Arc<MapFile>,
    wildcards: Wildcards,
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
    pub fn configure(init: &Init<'_>) -> Result<Self, Failure> {
        let (mut path, mut wildcards) = (None, Wildcards::On);
        let mut words = init.words();
        while let Some(word) = words.next() {
            match BAN_OPTIONS
                .iter()
                .position(|known| known.as_bytes() == word.to_bytes())
            {
                Some(at) if at < FILE_OPTIONS => path = Some(file(word, &mut words)?),
                Some(_) => wildcards = Wildcards::Off,
                None => return Err(words.unknown(word, &BAN_OPTIONS).into()),
            }
        }
        let list = Self {
            path: path.ok_or_else(|| {
                Failure::error("there is no ban list; name its file with option -banmapfile")
            })?,
            wildcards,
            cache: Cache::new(),
        };
        if let Err(problem) = list.check_file() {
            init.log().error(problem);
        }
        Ok(list)
    }

    /// Reads the whole file once, so that an administrator hears of what is wrong with it now and
    /// not from users. A huge one is only opened: programs that map one user and end would read it
    /// twice.
    fn check_file(&self) -> Result<(), Failure> {
        // No line of a text file has this name, so every line is looked at.
        const NOBODY: &[u8] = b"\0";
        const HUGE: u64 = 1 << 20;
        if std::fs::metadata(&self.path).is_ok_and(|file| file.is_file() && file.len() > HUGE) {
            return self.open().map(drop);
        }
        let file = self.open()?.file;
        let found = file.lookup(NOBODY, Wildcards::Off, Accept::AnyName);
        found.map(drop).map_err(unusable)
    }

    /// Opens the list for one run. A change on disk counts at once.
    ///
    /// # Errors
    /// The file is missing or cannot be read: nobody can be let in.
    pub fn open(&self) -> Result<OpenBanList, Failure> {
        let file = self.cache.open(&self.path).map_err(unusable)?;
        Ok(OpenBanList {
            file,
            wildcards: self.wildcards,
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
        if self.is_small()
            && let Some(hint) = hints::other_spelling(&self.file, name)
        {
            log.warning(format_args!(
                "{kind} \"{shown}\" is not banned, but in {path} {hint}"
            ));
        }
        Ok(())
    }

    /// Whether it may be searched for other spellings, for everybody who is not banned.
    fn is_small(&self) -> bool {
        let data = self.file.path().metadata();
        data.is_ok_and(|data| data.len() <= MOST_BYTES_FOR_HINTS)
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

fn file(option: &CStr, words: &mut Words<'_>) -> Result<PathBuf, Failure> {
    let value = words.value_of(option, "the file with the ban list")?;
    places::resolve(Path::new(OsStr::from_bytes(value.to_bytes()))).map_err(|error| {
        Failure::error(format_args!("option {}: {error}", Shown(option.to_bytes())))
    })
}

fn unusable(error: impl Display) -> Failure {
    Failure::error(format_args!("cannot use the ban list: {error}; {REMEDY}"))
}
