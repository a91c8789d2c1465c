//! A map file in memory and how a name is looked up in it.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use memchr::memmem;

use crate::accept::{Accept, Wildcards};
use crate::error::MapError;
use crate::fnmatch::fnmatch;
use crate::index::Index;
use crate::line::{Entry, LineFault, Lines};

/// How many passed-over lines a lookup remembers; the rest is only counted.
pub const MAX_SKIPPED: usize = 16;

/// The text of a map file.
///
/// ```text
/// line    := blanks ( '#' anything | nothing | name rest )
/// name    := '"' bytes '"'         a backslash protects the byte behind it
///          | bytes up to a blank   likewise
/// rest    := separator* mapping ( separator+ mapping )*    cut at the first unprotected '#'
/// mapping := bytes                 backslash and a byte stand for that byte
/// blank   := space | tab           separator := blank | ','
/// ```
///
/// Lines end at LF; CR is an ordinary byte. A name is compared as written, with
/// its backslashes. The last line may lack its LF. A line that ends in a
/// backslash, leaves a quote open or holds a NUL byte is broken, see
/// [`MapError`].
///
/// The first lookup scans the text and builds nothing, which is all that a
/// process needs that maps one user and ends. The second one builds an index;
/// from then on a lookup costs the same at any file size, plus a pattern match
/// for each line with wildcards when [`Wildcards::On`] is asked for. Both ways
/// give the same result.
pub struct MapFile {
    path: PathBuf,
    bytes: Vec<u8>,
    looked_up: AtomicBool,
    index: OnceLock<Index>,
    carriage_return: OnceLock<Option<u32>>,
}

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

impl MapFile {
    /// Takes the text of the file called `name`; the name shows up in errors.
    /// Broken lines are reported by the lookups that reach them.
    #[must_use]
    pub fn parse(name: impl Into<PathBuf>, bytes: Vec<u8>) -> Self {
        Self {
            path: name.into(),
            bytes,
            looked_up: AtomicBool::new(false),
            index: OnceLock::new(),
            carriage_return: OnceLock::new(),
        }
    }

    /// The name of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Looks for the first line whose name matches and that has a wanted
    /// mapping.
    ///
    /// # Errors
    /// A broken line comes before such a line, or there is none and some line
    /// is broken.
    pub fn lookup(
        &self,
        name: &[u8],
        wildcards: Wildcards,
        accept: Accept<'_>,
    ) -> Result<Lookup<'_>, MapError> {
        let again = self.looked_up.swap(true, Ordering::Relaxed);
        if again && u32::try_from(self.bytes.len()).is_ok() {
            let index = self.index.get_or_init(|| Index::of(&self.bytes));
            self.search(index.candidates(&self.bytes, name, wildcards), accept)
        } else {
            self.search(scan(&self.bytes, name, wildcards), accept)
        }
    }

    /// The first line that ends in CR LF, if there is one: the explanation to
    /// give when a user who seems to be listed is not found, or a ban on the
    /// last word of a line has no effect. Searched for at the first call only.
    #[must_use]
    pub fn first_carriage_return_line(&self) -> Option<u32> {
        *self.carriage_return.get_or_init(|| {
            let at = memmem::find(&self.bytes, b"\r\n")?;
            let before = memchr::memchr_iter(b'\n', &self.bytes[..at]).count();
            Some(u32::try_from(before).map_or(u32::MAX, |n| n.saturating_add(1)))
        })
    }

    fn search<'a>(
        &'a self,
        candidates: impl Iterator<Item = Candidate<'a>>,
        accept: Accept<'_>,
    ) -> Result<Lookup<'a>, MapError> {
        let mut lookup = Lookup {
            found: None,
            skipped: Vec::new(),
            skipped_total: 0,
        };
        for Candidate { line, entry } in candidates {
            let entry = entry.map_err(|fault| self.error(line, fault))?;
            if let Some(mapping) = accept.choose(entry.mappings()) {
                lookup.found = Some(Match {
                    carriage_return: mapping.ends_with(b"\r"),
                    mapping,
                    pattern: entry.name,
                    line,
                });
                break;
            }
            lookup.skipped_total += 1;
            if lookup.skipped.len() < MAX_SKIPPED {
                let reason = match entry.mappings().next() {
                    None => SkipReason::NoMapping,
                    Some(_) => SkipReason::NotWanted,
                };
                lookup.skipped.push(Skipped { line, reason });
            }
        }
        Ok(lookup)
    }

    fn error(&self, line: u32, LineFault { at, fault }: LineFault) -> MapError {
        MapError {
            file: self.path.clone(),
            line,
            column: u32::try_from(at).map_or(u32::MAX, |at| at.saturating_add(1)),
            fault,
        }
    }
}

impl fmt::Debug for MapFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapFile")
            .field("path", &self.path)
            .field("size", &self.bytes.len())
            .field("indexed", &self.index.get().is_some())
            .finish_non_exhaustive()
    }
}

/// A line whose name matches, or a broken line. In file order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) line: u32,
    pub(crate) entry: Result<Entry<'a>, LineFault>,
}

/// The candidates for `name`, by reading line after line.
fn scan<'a>(
    bytes: &'a [u8],
    name: &[u8],
    wildcards: Wildcards,
) -> impl Iterator<Item = Candidate<'a>> {
    Lines::new(bytes).filter_map(move |line| {
        let entry = line.entry.transpose()?;
        let candidate = Candidate {
            line: line.number,
            entry,
        };
        match (entry, wildcards) {
            (Err(_), _) => Some(candidate),
            (Ok(entry), Wildcards::Off) => (entry.name == name).then_some(candidate),
            (Ok(entry), Wildcards::On) => fnmatch(entry.name, name).then_some(candidate),
        }
    })
}
