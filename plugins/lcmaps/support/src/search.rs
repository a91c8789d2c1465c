//! Looking a name up in a map file, and telling how that went.

use std::fmt::{self, Display};

use lc_gridmap::{Accept, Lookup, MapFile, SkipReason, Skipped, Wildcards};
use lcmaps_plugin::{Failure, Logger, Shown};

use crate::hints;

/// The name in front of the log lines about map files, known to operators.
const SOURCE: &str = "lcmaps_gridmapfile";

/// A larger file is not searched again for what may be meant by a name that it does not have.
pub(crate) const MOST_BYTES_FOR_HINTS: u64 = 1 << 20;

/// A larger file is not read line by line for it.
const MOST_BYTES_FOR_READING: u64 = 128 << 10;

/// A search in a map file for the account or pool of a name.
#[derive(Debug, Clone, Copy)]
pub struct MapSearch<'a> {
    /// Where to log.
    pub log: Logger,
    /// The file.
    pub file: &'a MapFile,
    /// Whether names in the file are patterns.
    pub wildcards: Wildcards,
}

/// What a map file says about a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The account or group, or the pool with its dot.
    pub account: Vec<u8>,
    /// The number of the line.
    pub line: u32,
}

/// A name that is not in a map file, or not with an acceptable mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoMatch {
    /// What an administrator may want to know, in brackets, or nothing.
    hints: String,
}

impl Mapping {
    /// The pool that the mapping names, without its dot.
    ///
    /// # Errors
    /// It has no name behind the dot.
    pub fn pool(&self, file: &MapFile) -> Result<&[u8], Failure> {
        let name = self.account.strip_prefix(b".");
        name.filter(|name| !name.is_empty()).ok_or_else(|| {
            let (path, line) = (file.path().display(), self.line);
            Failure::error(format_args!(
                "{path}:{line}: a pool needs a name behind its dot"
            ))
        })
    }
}

impl MapSearch<'_> {
    /// The first acceptable mapping of the name, which is logged.
    ///
    /// # Errors
    /// The file cannot be read or has a line that cannot be understood.
    pub fn find(
        &self,
        name: &[u8],
        accept: Accept<'_>,
    ) -> Result<Result<Mapping, NoMatch>, Failure> {
        let Lookup {
            found,
            skipped,
            skipped_total,
        } = self.file.lookup(name, self.wildcards, accept)?;
        let (log, path) = (self.log.named(SOURCE), self.file.path().display());
        for Skipped { line, reason } in &skipped {
            match reason {
                SkipReason::NoMapping => {
                    log.warning(format_args!(
                        "Skipping malformed line {line}: no mappings. ({path}:{line})"
                    ));
                }
                SkipReason::NotWanted => {
                    log.debug(format_args!(
                        "Skipping line {line}: no mapping of the wanted kind. ({path}:{line})"
                    ));
                }
            }
        }
        let Some(found) = found else {
            return Ok(Err(NoMatch {
                hints: self.hints(name, &skipped, skipped_total),
            }));
        };
        let (account, line) = (Shown(&found.mapping), found.line);
        let by = if found.pattern == name {
            String::new()
        } else {
            format!(" by \"{}\"", Shown(found.pattern))
        };
        if line == 1 && self.file.has_byte_order_mark() {
            log.warning(format_args!(
                "{path}:1: passing over the byte order mark at the start of the file; other programs do not find \
                 this line: save the file as UTF-8 without it"
            ));
        }
        let name = Shown(name);
        log.info(format_args!(
            "Found mapping {account} for \"{name}\" (line {line}) at {path}:{line}{by}"
        ));
        Ok(Ok(Mapping {
            account: found.mapping.into_owned(),
            line,
        }))
    }

    fn hints(&self, name: &[u8], skipped: &[Skipped], skipped_total: usize) -> String {
        let mut hints = Vec::new();
        if let Some(first) = skipped.first() {
            let more = skipped_total - 1;
            hints.push(if more == 0 {
                first.to_string()
            } else {
                format!("{first}, as do {more} more")
            });
        } else if let Ok(data) = self.file.path().metadata()
            && data.len() <= MOST_BYTES_FOR_HINTS
        {
            let hint = hints::other_spelling(self.file, name).or_else(|| {
                let is_short = data.len() <= MOST_BYTES_FOR_READING;
                let other = || hints::other_case(self.file, name, self.wildcards);
                is_short.then(other).flatten()
            });
            hints.extend(hint);
            let line = self.file.first_carriage_return_line();
            hints.extend(line.map(|line| {
                format!("line {line} ends in CR LF; save the file with Unix line ends")
            }));
        }
        if hints.is_empty() {
            String::new()
        } else {
            format!(" ({})", hints.join("; "))
        }
    }
}

impl NoMatch {
    /// The refusal of a user who is not in the file: `what` is, for example, `a localaccount`, and
    /// `places` names the files that were read.
    pub fn refuse(&self, what: impl Display, name: &[u8], places: impl Display) -> Failure {
        let (name, hints) = (Shown(name), &self.hints);
        Failure::refused(format_args!(
            "No match for {what} for user \"{name}\", in {places}{hints}"
        ))
    }
}

/// The hints, behind a name: ` (line 3 has …)`, or nothing.
impl Display for NoMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hints)
    }
}
