//! Lists of users: one DN per line, in double quotes if it has blanks.

use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lc_gridmap::{Accept, Cache, MapError, MapFile, Wildcards};
use lc_module::{Failure, Shown, Words};

use crate::finding::Finding;
use crate::list_line;
use crate::map_line::{self, MapLine};
use crate::places::FindFile;
use crate::text_file;

/// The options of modules with a list of users.
pub const DN_LIST_OPTIONS: &[&str] = &["-wildcards"];

/// The ban list where no word names one, in the host's directory for such files.
pub const DEFAULT_BAN_LIST: &CStr = c"ban_users.db";

/// What it means to be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// To be let in.
    Allows,
    /// To be kept out. A line that leaves open whom it means keeps everybody out.
    Bans,
}

/// A list of users. A change on disk counts at once.
pub struct DnList {
    path: PathBuf,
    listing: Listing,
    wildcards: Wildcards,
    cache: Cache,
}

/// The line that lists somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The file.
    pub path: PathBuf,
    /// Line number, the first line is 1.
    pub line: u32,
    /// What stands there, without quotes.
    pub pattern: Vec<u8>,
}

impl DnList {
    /// Reads the words `[-wildcards] [FILE]`.
    ///
    /// # Errors
    /// A word is unknown, or the file does not exist.
    pub fn configure(
        listing: Listing,
        mut words: Words<'_>,
        default: impl FnOnce() -> Result<PathBuf, Failure>,
        find: FindFile<'_>,
    ) -> Result<Self, Failure> {
        let mut name: Option<&CStr> = None;
        let mut wildcards = Wildcards::Off;
        while let Some(word) = words.next() {
            match word.to_bytes() {
                b"-wildcards" => wildcards = Wildcards::On,
                [b'-', ..] => return Err(words.unknown(word, DN_LIST_OPTIONS).into()),
                _ if name.is_some() => {
                    return Err(Failure::error(format_args!(
                        "\"{}\" is a second file; the module reads one",
                        Shown(word.to_bytes())
                    )));
                }
                _ => name = Some(word),
            }
        }
        let path = match name {
            Some(name) => find(name)?,
            None => default()?,
        };
        let list = Self {
            path,
            listing,
            wildcards,
            cache: Cache::new(),
        };
        // A missing file is an administrator's slip and shall be heard of at once.
        list.open()?;
        Ok(list)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Looks for a DN.
    ///
    /// # Errors
    /// The file cannot be read, or has a line that cannot be understood where the search passes; for a ban also one that
    /// leaves open whom it means.
    pub fn find(&self, dn: &[u8]) -> Result<Option<Listed>, Failure> {
        let file = self.open()?;
        // A quote in a name has a backslash in front of it in the file; a backslash may have one as well.
        let mut names = vec![dn.to_vec(), escaped(dn, b"\""), escaped(dn, b"\"\\")];
        names.dedup();
        if file.first_carriage_return_line().is_some() {
            // The file has line ends of another system: a name without quotes ends in a carriage return there, and a
            // ban must not fail for that.
            names.push([dn, b"\r"].concat());
        }
        for name in &names {
            if let Some(found) = self.line_of(&file, name)? {
                return Ok(Some(found));
            }
        }
        if self.listing == Listing::Bans {
            self.without_doubt(&file)?;
        }
        Ok(None)
    }

    /// Every line of a ban list has to say whom it means: who is not found might be.
    fn without_doubt(&self, file: &MapFile) -> Result<(), Failure> {
        for line in file.listed().map_err(|error| unusable(&error))? {
            let line = line.map_err(|error| unusable(&error))?;
            if let Some(doubt) = list_line::doubt(line.quoted, line.rest) {
                let place = format!("{}:{}: {doubt}", self.path.display(), line.line);
                return Err(unusable(&place));
            }
        }
        Ok(())
    }

    fn line_of(&self, file: &MapFile, name: &[u8]) -> Result<Option<Listed>, Failure> {
        let lookup = file.lookup(name, self.wildcards, Accept::AnyName);
        let lookup = lookup.map_err(|error| unusable(&error))?;
        Ok(lookup.found.map(|found| Listed {
            path: self.path.clone(),
            line: found.line,
            pattern: found.pattern.to_vec(),
        }))
    }

    fn open(&self) -> Result<Arc<MapFile>, Failure> {
        (self.cache.open(&self.path)).map_err(|error| unusable(&error))
    }

    /// What is wrong with the file.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        // No line of a text file has this name, so every line is looked at.
        let looked = self.open().map(|file| {
            let nobody = file
                .lookup(b"\0", Wildcards::Off, Accept::AnyName)
                .map(drop);
            (nobody, file.first_carriage_return_line())
        });
        match looked {
            Err(failure) => return vec![Finding::error(failure).in_file(&self.path)],
            Ok((
                Err(MapError::Broken {
                    line,
                    column,
                    fault,
                    ..
                }),
                _,
            )) => {
                findings.push(Finding::error(fault).at(&self.path, line, column));
            }
            Ok((Err(error), _)) => findings.push(Finding::error(error).in_file(&self.path)),
            Ok((Ok(()), carriage_return)) => findings.extend(carriage_return.map(|line| {
                Finding::warning("the line ends in CR LF; save the file with Unix line ends")
                    .at(&self.path, line, 1)
            })),
        }
        if let Ok(text) = text_file::read(&self.path) {
            findings.extend(self.stray_carriage_return(&text));
            findings.extend(map_line::lines(&text).filter_map(|line| self.remark(&line)));
        }
        findings
    }

    /// Where a carriage return stands alone, what is behind it belongs to the line, which may be a comment.
    fn stray_carriage_return(&self, text: &[u8]) -> Option<Finding> {
        let mut lines = (1_u32..).zip(text.split(|byte| *byte == b'\n'));
        let (line, column) = lines.find_map(|(number, line)| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let at = line.iter().position(|byte| *byte == b'\r')?;
            Some((number, u32::try_from(at + 1).unwrap_or(u32::MAX)))
        })?;
        let text = "a carriage return alone ends no line, so what is behind it is not read as one; save the file with Unix line ends";
        let finding = match self.listing {
            Listing::Bans => Finding::error(text),
            Listing::Allows => Finding::warning(text),
        };
        Some(finding.at(&self.path, line, column))
    }

    /// What a line is most likely not meant to say.
    fn remark(&self, line: &MapLine<'_>) -> Option<Finding> {
        if !line.quoted && line.name == b"\r" && line.rest.is_empty() {
            // A blank line of a file with CR LF, which is told as such.
            return None;
        }
        let at = |finding: Finding| Some(finding.at(&self.path, line.number, line.column));
        let nobody = list_line::fits_nobody(line.name, line.quoted, self.wildcards);
        match self.listing {
            Listing::Bans => {
                if let Some(doubt) = list_line::doubt(line.quoted, line.rest) {
                    return at(Finding::error(format_args!(
                        "{doubt}; until then everybody is refused"
                    )));
                }
                at(Finding::error(nobody?))
            }
            // The rest of a DN that has blanks and should have quotes.
            Listing::Allows if !line.quoted && list_line::behind(line.rest).contains(&b'=') => {
                at(Finding::warning(
                    "a name with blanks needs double quotes; without them it ends at the first blank",
                ))
            }
            Listing::Allows => at(Finding::warning(nobody?)),
        }
    }
}

/// The name with a backslash in front of these bytes.
fn escaped(name: &[u8], special: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(name.len() + 2);
    for byte in name {
        if special.contains(byte) {
            text.push(b'\\');
        }
        text.push(*byte);
    }
    text
}

fn unusable(error: &dyn std::fmt::Display) -> Failure {
    Failure::error(format_args!(
        "cannot use the list of users: {error}; everybody is refused until that is put right"
    ))
}
