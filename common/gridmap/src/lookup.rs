//! What a lookup says, and the choice among the lines whose names match.

use std::borrow::Cow;
use std::fmt;

use crate::accept::Accept;
use crate::line::LineFault;
use crate::scan::Candidate;

/// How many passed-over lines a lookup remembers; the rest is only counted.
pub const MAX_SKIPPED: usize = 16;

/// What a lookup found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Lookup<'a> {
    /// The first matching line with a wanted mapping.
    pub found: Option<Match<'a>>,
    /// Matching lines before it that had no wanted mapping, at most
    /// [`MAX_SKIPPED`] of them.
    pub skipped: Vec<Skipped>,
    /// The number of such lines, remembered or not.
    pub skipped_total: usize,
}

/// A line that matches and has a wanted mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<'a> {
    /// The mapping, backslashes resolved; empty for [`Accept::AnyName`].
    pub mapping: Cow<'a, [u8]>,
    /// The name in the file, as written and without its quotes.
    pub pattern: &'a [u8],
    /// Line number, the first line is 1.
    pub line: u32,
    /// The mapping ends in a carriage return: the file has CR LF line ends,
    /// and the account with that name most likely does not exist.
    pub carriage_return: bool,
}

/// A line that matches but was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skipped {
    /// Line number, the first line is 1.
    pub line: u32,
    /// Why it was passed over.
    pub reason: SkipReason,
}

/// Why a matching line was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// The line has a name and nothing else.
    NoMapping,
    /// The line has mappings, but not of the wanted kind.
    NotWanted,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            SkipReason::NoMapping => write!(f, "line {} has a name but no mapping", self.line),
            SkipReason::NotWanted => {
                write!(
                    f,
                    "line {} matches but has no mapping of the wanted kind",
                    self.line
                )
            }
        }
    }
}

/// The lines passed over so far.
#[derive(Default)]
pub(crate) struct Tally {
    skipped: Vec<Skipped>,
    total: usize,
}

/// A broken line and its number.
pub(crate) type Broken = (u32, LineFault);

impl Tally {
    /// The first of the candidates that is acceptable.
    pub(crate) fn choose<'t>(
        &mut self,
        candidates: impl Iterator<Item = Candidate<'t>>,
        accept: Accept<'_>,
    ) -> Result<Option<Match<'t>>, Broken> {
        for Candidate { line, entry } in candidates {
            let entry = entry.map_err(|fault| (line, fault))?;
            if let Some(mapping) = accept.choose(entry.mappings()) {
                return Ok(Some(Match {
                    carriage_return: mapping.ends_with(b"\r"),
                    mapping,
                    pattern: entry.name,
                    line,
                }));
            }
            self.total += 1;
            if self.skipped.len() < MAX_SKIPPED {
                let reason = match entry.mappings().next() {
                    None => SkipReason::NoMapping,
                    Some(_) => SkipReason::NotWanted,
                };
                self.skipped.push(Skipped { line, reason });
            }
        }
        Ok(None)
    }

    pub(crate) fn into_lookup(self, found: Option<Match<'_>>) -> Lookup<'_> {
        Lookup {
            found,
            skipped: self.skipped,
            skipped_total: self.total,
        }
    }
}
