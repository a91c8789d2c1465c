//! The file with the limits: lines `"pattern" MINUTES` in grid-mapfile syntax.

use std::path::{Path, PathBuf};

use lc_gridmap::{Accept, Cache, MapError, Wildcards};
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
    /// The file cannot be read, or that line has no number, or one before it cannot be understood.
    pub fn limit<'n>(
        &self,
        names: impl Iterator<Item = &'n [u8]>,
    ) -> Result<Option<Limit>, Failure> {
        let file = self
            .cache
            .open(&self.path)
            .map_err(|error| unusable(&error))?;
        let mut first: Option<(u32, Option<u64>, Vec<u8>)> = None;
        for name in names {
            let lookup = file.lookup(name, Wildcards::On, Accept::Local);
            let lookup = lookup.map_err(|error| unusable(&error))?;
            let skipped = lookup
                .skipped
                .first()
                .map(|skipped| (skipped.line, None, Vec::new()));
            let found = lookup.found.map(|found| {
                (
                    found.line,
                    parse_minutes(&found.mapping),
                    found.pattern.to_vec(),
                )
            });
            // A line that has the name but no number comes before what was found.
            for candidate in [skipped, found].into_iter().flatten() {
                if first.as_ref().is_none_or(|(line, ..)| candidate.0 < *line) {
                    first = Some(candidate);
                }
            }
        }
        let Some((line, minutes, pattern)) = first else {
            return Ok(None);
        };
        let path = self.path.display();
        let minutes = minutes.ok_or_else(|| {
            Failure::error(format_args!(
                "{path}:{line}: there is no number of minutes behind the name; everybody whom the line fits is refused"
            ))
        })?;
        Ok(Some(Limit {
            minutes,
            source: format!("{path}:{line} for \"{}\"", Shown(&pattern)),
        }))
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
            let mut words = line.rest.split(|byte| matches!(byte, b' ' | b'\t' | b','));
            let minutes = words.find(|word| !word.is_empty());
            let at = |finding: Finding| finding.at(&self.path, line.number, line.column);
            if minutes.and_then(parse_minutes).is_none() {
                findings.push(at(Finding::error(
                    "there is no number of minutes behind the name; write \"NAME\" MINUTES, with Unix line ends",
                )));
            } else if !line.name.starts_with(b"/") && !line.name.starts_with(b"*") {
                findings.push(at(Finding::warning(
                    "names of users and attributes begin with a slash; this one fits nobody",
                )));
            }
        }
        findings
    }
}

fn unusable(error: &dyn std::fmt::Display) -> Failure {
    Failure::error(format_args!("cannot use the file with the limits: {error}"))
}
