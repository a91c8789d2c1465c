//! The file with the limits: lines `"pattern" MINUTES` in grid-mapfile syntax.

use std::path::{Path, PathBuf};

use lc_gridmap::{Accept, Cache, MapError, MapFile, Wildcards};
use lc_module::{Failure, Shown};

use super::parse_minutes;
use crate::finding::Finding;
use crate::{map_line, text_file};

/// A limit, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The most that a request may ask for.
    pub minutes: u64,
    /// What sets it, for messages.
    pub source: String,
}

/// The file with the limits. A change on disk counts at once.
pub struct LimitFile {
    path: PathBuf,
    cache: Cache,
}

impl LimitFile {
    /// A file that is there.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(path: PathBuf) -> Result<Self, Failure> {
        let cache = Cache::new();
        cache.open(&path).map_err(|error| unusable(&error))?;
        Ok(Self { path, cache })
    }

    /// The limit of the first line whose pattern fits one of the names.
    ///
    /// # Errors
    /// The file cannot be read, or has a line that cannot be understood.
    pub fn limit<'n>(
        &self,
        names: impl Iterator<Item = &'n [u8]>,
    ) -> Result<Option<Limit>, Failure> {
        let file = self
            .cache
            .open(&self.path)
            .map_err(|error| unusable(&error))?;
        self.understood(&file)?;
        let mut first: Option<(u32, Vec<u8>, Vec<u8>)> = None;
        for name in names {
            let lookup = file.lookup(name, Wildcards::On, Accept::Local);
            let Some(found) = lookup.map_err(|error| unusable(&error))?.found else {
                continue;
            };
            if first.as_ref().is_none_or(|(line, ..)| found.line < *line) {
                first = Some((found.line, found.mapping.to_vec(), found.pattern.to_vec()));
            }
        }
        let Some((line, mapping, pattern)) = first else {
            return Ok(None);
        };
        let path = self.path.display();
        let minutes = parse_minutes(&mapping).ok_or_else(|| self.no_number(line))?;
        Ok(Some(Limit {
            minutes,
            source: format!("{path}:{line} for \"{}\"", Shown(&pattern)),
        }))
    }

    /// Every line has to have its number and nothing else behind the name: a name without its quotes would pass its user
    /// by, and he would have the limit of everybody else.
    fn understood(&self, file: &MapFile) -> Result<(), Failure> {
        for line in file.listed().map_err(|error| unusable(&error))? {
            let line = line.map_err(|error| unusable(&error))?;
            if minutes_behind(line.rest).is_none() {
                return Err(self.no_number(line.line));
            }
        }
        Ok(())
    }

    fn no_number(&self, line: u32) -> Failure {
        Failure::error(format_args!(
            "{}:{line}: {NO_NUMBER}; everybody is refused until that is put right",
            self.path.display()
        ))
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong with the file.
    #[must_use]
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let looked = self
            .cache
            .open(&self.path)
            .map_err(MapError::from)
            .and_then(|file| {
                // No line of a text file has this name, so every line is looked at.
                file.lookup(b"\0", Wildcards::Off, Accept::AnyName)
                    .map(drop)
            });
        match looked {
            Ok(()) => {}
            Err(MapError::Broken {
                line,
                column,
                fault,
                ..
            }) => {
                findings.push(Finding::error(fault).at(&self.path, line, column));
            }
            Err(error) => findings.push(Finding::error(error).in_file(&self.path)),
        }
        let Ok(text) = text_file::read(&self.path) else {
            return findings;
        };
        for line in map_line::lines(&text) {
            let at = |finding: Finding| finding.at(&self.path, line.number, line.column);
            if minutes_behind(line.rest).is_none() {
                findings.push(at(Finding::error(NO_NUMBER)));
            } else if !line.name.starts_with(b"/") && !line.name.starts_with(b"*") {
                findings.push(at(Finding::warning(
                    "names of users and attributes begin with a slash; this one fits nobody",
                )));
            }
        }
        findings
    }
}

const NO_NUMBER: &str = "behind the name there is not a number of minutes and nothing else; write \"NAME\" MINUTES, with Unix line ends";

/// The number that is all that stands behind a name.
fn minutes_behind(rest: &[u8]) -> Option<u64> {
    let end = rest.iter().position(|byte| *byte == b'#');
    let text = &rest[..end.unwrap_or(rest.len())];
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b',');
    let mut words = text.split(blank).filter(|word| !word.is_empty());
    let minutes = parse_minutes(words.next()?)?;
    (text.first().is_some_and(blank) && words.next().is_none()).then_some(minutes)
}

fn unusable(error: &dyn std::fmt::Display) -> Failure {
    Failure::error(format_args!("cannot use the file with the limits: {error}"))
}
