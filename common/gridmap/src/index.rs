//! An index over the lines of a file, for the second and every later lookup.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::accept::Wildcards;
use crate::fnmatch::{fnmatch, has_wildcard};
use crate::line::{Entry, Lines};
use crate::lookup::Broken;
use crate::scan::Candidate;

const NONE: u32 = u32::MAX;

/// Where the names of a file stand. Offsets fit in 32 bits: larger files are
/// never indexed.
pub(crate) struct Index {
    places: Vec<Place>,
    by_name: HashTable<Chain>,
    hasher: DefaultHashBuilder,
    /// Places of names with wildcards, in file order.
    patterns: Vec<u32>,
    /// The first broken line. Lines behind it are never reached and not indexed.
    broken: Option<Broken>,
}

struct Place {
    offset: u32,
    line: u32,
    /// The next place with the same name, or [`NONE`].
    next: u32,
}

/// All places with one name, in file order.
struct Chain {
    hash: u64,
    first: u32,
    last: u32,
}

impl Index {
    /// Reads the whole text, up to its first broken line.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut index = Self {
            places: Vec::new(),
            by_name: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            patterns: Vec::new(),
            broken: None,
        };
        for line in Lines::new(bytes) {
            match line.entry {
                Ok(None) => {}
                Ok(Some(entry)) => index.add(bytes, entry, line.offset, line.number),
                Err(fault) => {
                    index.broken = Some((line.number, fault));
                    break;
                }
            }
        }
        index.places.shrink_to_fit();
        index
    }

    fn add(&mut self, bytes: &[u8], entry: Entry<'_>, offset: usize, line: u32) {
        // Fewer than 2^32 bytes hold fewer than 2^32 lines.
        let (Ok(offset), Ok(new)) = (u32::try_from(offset), u32::try_from(self.places.len()))
        else {
            return;
        };
        self.places.push(Place {
            offset,
            line,
            next: NONE,
        });
        if has_wildcard(entry.name) {
            self.patterns.push(new);
        }
        let Self {
            places,
            by_name,
            hasher,
            ..
        } = self;
        let hash = hasher.hash_one(entry.name);
        let same = |chain: &Chain| {
            chain.hash == hash && name_at(places, bytes, chain.first) == Some(entry.name)
        };
        let slot = by_name.entry(hash, same, |chain| chain.hash);
        match slot {
            hashbrown::hash_table::Entry::Vacant(slot) => {
                slot.insert(Chain {
                    hash,
                    first: new,
                    last: new,
                });
            }
            hashbrown::hash_table::Entry::Occupied(mut slot) => {
                let last = std::mem::replace(&mut slot.get_mut().last, new);
                places[last as usize].next = new;
            }
        }
    }

    /// The matching lines and the first broken one, in file order: what a scan
    /// of all lines would give.
    pub(crate) fn candidates<'a>(
        &'a self,
        bytes: &'a [u8],
        name: &[u8],
        wildcards: Wildcards,
    ) -> impl Iterator<Item = Candidate<'a>> {
        let (exact, patterns) = match wildcards {
            Wildcards::Off => (self.first(bytes, name), &[][..]),
            // Lines with this very name are among the patterns then.
            Wildcards::On if has_wildcard(name) => (None, &self.patterns[..]),
            Wildcards::On => (self.first(bytes, name), &self.patterns[..]),
        };
        let mut exact = self.chain(exact).peekable();
        let mut patterns = patterns.iter().copied().peekable();
        let matching = std::iter::from_fn(move || {
            loop {
                let pattern = match (exact.peek(), patterns.peek()) {
                    (Some(a), Some(b)) if b < a => patterns.next()?,
                    (Some(_), _) => return exact.next(),
                    (None, _) => patterns.next()?,
                };
                if name_at(&self.places, bytes, pattern).is_some_and(|p| fnmatch(p, name)) {
                    return Some(pattern);
                }
            }
        });
        let broken = self.broken.map(|(line, fault)| Candidate {
            line,
            entry: Err(fault),
        });
        matching
            .filter_map(|at| {
                Some(Candidate {
                    line: self.places[at as usize].line,
                    entry: Ok(entry_at(&self.places, bytes, at)?),
                })
            })
            .chain(broken)
    }

    fn first(&self, bytes: &[u8], name: &[u8]) -> Option<u32> {
        let hash = self.hasher.hash_one(name);
        self.by_name
            .find(hash, |chain| {
                chain.hash == hash && name_at(&self.places, bytes, chain.first) == Some(name)
            })
            .map(|chain| chain.first)
    }

    fn chain(&self, first: Option<u32>) -> impl Iterator<Item = u32> {
        std::iter::successors(first, |at| {
            Some(self.places[*at as usize].next).filter(|next| *next != NONE)
        })
    }
}

/// The entry at a place; the line was readable when the index was built, and
/// the text does not change.
fn entry_at<'a>(places: &[Place], bytes: &'a [u8], at: u32) -> Option<Entry<'a>> {
    let place = &places[at as usize];
    let mut lines = Lines::starting_at(bytes, place.offset as usize, place.line);
    lines.next()?.entry.ok()?
}

fn name_at<'a>(places: &[Place], bytes: &'a [u8], at: u32) -> Option<&'a [u8]> {
    entry_at(places, bytes, at).map(|entry| entry.name)
}
