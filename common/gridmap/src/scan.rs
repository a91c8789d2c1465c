//! Looking for a name by reading line after line.

use crate::accept::Wildcards;
use crate::fnmatch::fnmatch;
use crate::line::{Entry, LineFault, Lines};

/// A line whose name matches, or a broken line. In file order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'t> {
    pub(crate) line: u32,
    pub(crate) entry: Result<Entry<'t>, LineFault>,
}

/// The candidates for `name` among the lines.
pub(crate) fn scan<'t>(
    lines: &mut Lines<'t>,
    name: &[u8],
    wildcards: Wildcards,
) -> impl Iterator<Item = Candidate<'t>> {
    lines.filter_map(move |line| {
        let entry = line.entry.transpose()?;
        let matches = match (entry, wildcards) {
            (Err(_), _) => true,
            (Ok(entry), Wildcards::Off) => entry.name == name,
            (Ok(entry), Wildcards::On) => fnmatch(entry.name, name),
        };
        matches.then_some(Candidate {
            line: line.number,
            entry,
        })
    })
}
