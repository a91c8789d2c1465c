//! A map file and how a name is looked up in it.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use memchr::memmem;

use crate::accept::{Accept, Wildcards};
use crate::disk::{self, Stream};
use crate::error::{MapError, OpenError};
use crate::index::Index;
use crate::line::{BYTE_ORDER_MARK, Lines};
use crate::lookup::{Broken, Lookup, Match, Tally};
use crate::scan::scan;

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
/// A byte order mark (UTF-8) at the start of the file is passed over. Lines end at LF; CR is an ordinary byte. A name is compared as written, with
/// its backslashes. The last line may lack its LF. A line that ends in a
/// backslash, leaves a quote open or holds a NUL byte is broken, see
/// [`MapError`].
///
/// The first lookup scans the text and builds nothing, which is all that a
/// process needs that maps one user and ends. The second one builds an index;
/// from then on a lookup costs the same at any file size, plus a pattern match
/// for each line with wildcards when [`Wildcards::On`] is asked for. Both ways
/// give the same result.
///
/// A large file that comes from a [`Cache`](crate::Cache) is not even kept by
/// the first lookup, only read through. Each lookup sees one state of the file,
/// and all lookups after the first see the same.
pub struct MapFile {
    path: PathBuf,
    /// Empty as long as the text is on disk only.
    text: OnceLock<Vec<u8>>,
    loading: Mutex<()>,
    looked_up: AtomicBool,
    index: OnceLock<Index>,
    /// The name in the line that a lookup found which kept no text.
    streamed: OnceLock<Vec<u8>>,
    carriage_return: OnceLock<Option<u32>>,
    byte_order_mark: OnceLock<bool>,
}

impl MapFile {
    /// Takes the text of the file called `name`; the name shows up in errors.
    /// Broken lines are reported by the lookups that reach them.
    #[must_use]
    pub fn parse(name: impl Into<PathBuf>, bytes: Vec<u8>) -> Self {
        let file = Self::on_disk(name);
        // The cell is new, so this cannot fail.
        let _ = file.text.set(bytes);
        file
    }

    /// A file that is read when a lookup needs it.
    pub(crate) fn on_disk(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            text: OnceLock::new(),
            loading: Mutex::new(()),
            looked_up: AtomicBool::new(false),
            index: OnceLock::new(),
            streamed: OnceLock::new(),
            carriage_return: OnceLock::new(),
            byte_order_mark: OnceLock::new(),
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
    /// is broken. Or the file has become unreadable since it was opened.
    pub fn lookup(
        &self,
        name: &[u8],
        wildcards: Wildcards,
        accept: Accept<'_>,
    ) -> Result<Lookup<'_>, MapError> {
        let again = self.looked_up.swap(true, Ordering::Relaxed);
        if !again && self.text.get().is_none() {
            return self.stream(name, wildcards, accept);
        }
        let text = self.text()?;
        let mut tally = Tally::default();
        let found = if again && u32::try_from(text.len()).is_ok() {
            let index = self.index.get_or_init(|| Index::of(text));
            tally.choose(index.candidates(text, name, wildcards), accept)
        } else {
            tally.choose(scan(&mut Lines::new(text), name, wildcards), accept)
        };
        let found = found.map_err(|broken| self.broken(broken))?;
        Ok(tally.into_lookup(found))
    }

    /// The first line that ends in CR LF, if there is one: the explanation to
    /// give when a user who seems to be listed is not found, or a ban on the
    /// last word of a line has no effect. Searched for at the first call only.
    #[must_use]
    pub fn first_carriage_return_line(&self) -> Option<u32> {
        *(self.carriage_return).get_or_init(|| carriage_return_in(self.text().ok()?, 1))
    }

    /// Whether the file begins with a byte order mark. Lookups pass over it; other programs that read
    /// the file take it for a part of the first name.
    #[must_use]
    pub fn has_byte_order_mark(&self) -> bool {
        let marked = |file: &Self| Some(file.text().ok()?.starts_with(BYTE_ORDER_MARK));
        *(self.byte_order_mark).get_or_init(|| marked(self).unwrap_or(false))
    }

    pub(crate) fn text(&self) -> Result<&[u8], OpenError> {
        if let Some(text) = self.text.get() {
            return Ok(text);
        }
        let _loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = self.text.get() {
            return Ok(text);
        }
        let (text, _) = disk::read(&self.path)?;
        Ok(self.text.get_or_init(|| text))
    }

    /// Looks up without keeping the text. Called once at most.
    fn stream(
        &self,
        name: &[u8],
        wildcards: Wildcards,
        accept: Accept<'_>,
    ) -> Result<Lookup<'_>, MapError> {
        let read = disk::until_unchanged(&self.path, || {
            let mut stream = Stream::open(&self.path)?;
            let read = self.read_through(&mut stream, name, wildcards, accept);
            Ok(stream.unchanged()?.then_some(read))
        })??;
        let _ = self.byte_order_mark.set(read.byte_order_mark);
        if let Some(carriage_return) = read.carriage_return {
            // Known for the whole file now, so that nobody need read it again to find out.
            let _ = self.carriage_return.set(carriage_return);
        }
        let found = read.found.map(|found| Match {
            mapping: Cow::Owned(found.mapping),
            pattern: self.streamed.get_or_init(|| found.pattern),
            line: found.line,
            carriage_return: found.carriage_return,
        });
        Ok(read.tally.into_lookup(found))
    }

    fn read_through(
        &self,
        stream: &mut Stream<'_>,
        name: &[u8],
        wildcards: Wildcards,
        accept: Accept<'_>,
    ) -> Result<Read, MapError> {
        let mut tally = Tally::default();
        let mut next_line = 1;
        let mut carriage_return = None;
        let mut byte_order_mark = false;
        while let Some(text) = stream.next_lines()? {
            carriage_return = carriage_return.or_else(|| carriage_return_in(text, next_line));
            let mut lines = if next_line == 1 {
                byte_order_mark = text.starts_with(BYTE_ORDER_MARK);
                Lines::new(text)
            } else {
                Lines::starting_at(text, 0, next_line)
            };
            let found = tally.choose(scan(&mut lines, name, wildcards), accept);
            if let Some(found) = found.map_err(|broken| self.broken(broken))? {
                let found = Found {
                    mapping: found.mapping.into_owned(),
                    pattern: found.pattern.to_vec(),
                    line: found.line,
                    carriage_return: found.carriage_return,
                };
                return Ok(Read {
                    tally,
                    found: Some(found),
                    carriage_return: None,
                    byte_order_mark,
                });
            }
            next_line = lines.next_number();
        }
        Ok(Read {
            tally,
            found: None,
            carriage_return: Some(carriage_return),
            byte_order_mark,
        })
    }

    pub(crate) fn broken(&self, (line, fault): Broken) -> MapError {
        MapError::Broken {
            file: self.path.clone(),
            line,
            column: u32::try_from(fault.at).map_or(u32::MAX, |at| at.saturating_add(1)),
            fault: fault.fault,
        }
    }
}

/// What one reading of a file found.
struct Read {
    tally: Tally,
    found: Option<Found>,
    /// The first line that ends in CR LF; `None` when not all lines were read.
    carriage_return: Option<Option<u32>>,
    byte_order_mark: bool,
}

/// A [`Match`] in text that is gone.
struct Found {
    mapping: Vec<u8>,
    pattern: Vec<u8>,
    line: u32,
    carriage_return: bool,
}

/// The number of the first line in a text that ends in CR LF; the text begins with line `first`.
fn carriage_return_in(text: &[u8], first: u32) -> Option<u32> {
    let at = memmem::find(text, b"\r\n")?;
    let before = memchr::memchr_iter(b'\n', &text[..at]).count();
    Some(u32::try_from(before).map_or(u32::MAX, |before| first.saturating_add(before)))
}

impl fmt::Debug for MapFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapFile")
            .field("path", &self.path)
            .field("size", &self.text.get().map(Vec::len))
            .field("indexed", &self.index.get().is_some())
            .finish_non_exhaustive()
    }
}
