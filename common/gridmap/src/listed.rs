//! All lines of a map file, for programs that check or edit it.

use std::borrow::Cow;
use std::path::Path;

use crate::error::{MapError, OpenError};
use crate::file::MapFile;
use crate::line::Lines;

/// A line with a name, as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<'a> {
    /// Line number, the first line is 1.
    pub line: u32,
    /// The name as written, without its quotes.
    pub name: &'a [u8],
    /// Whether the name stands in quotes.
    pub quoted: bool,
    /// All that stands behind the name, as written.
    pub rest: &'a [u8],
    /// The mappings, backslashes resolved.
    pub mappings: Vec<Cow<'a, [u8]>>,
}

impl MapFile {
    /// Every line with a name, in the order of the file, and every line that cannot be understood
    /// ([`MapError::Broken`]), where a lookup would stop; blank lines and comments are left out.
    ///
    /// # Errors
    /// The file has become unreadable since it was opened.
    pub fn listed(
        &self,
    ) -> Result<impl Iterator<Item = Result<Listed<'_>, MapError>> + use<'_>, OpenError> {
        let text = self.text()?;
        Ok(Lines::new(text).filter_map(|line| match line.entry {
            Ok(None) => None,
            Ok(Some(entry)) => Some(Ok(Listed {
                line: line.number,
                name: entry.name,
                quoted: entry.quoted,
                rest: entry.rest,
                mappings: entry.mappings().collect(),
            })),
            Err(fault) => Some(Err(self.broken((line.number, fault)))),
        }))
    }

    /// A regular file read as it is on disk now.
    ///
    /// # Errors
    /// It does not exist, is no regular file, is too large, or cannot be read.
    pub fn read(path: &Path) -> Result<Self, OpenError> {
        let meta = std::fs::metadata(path)
            .map_err(|error| crate::disk::io_error(path, "look at", error))?;
        crate::disk::check(path, &meta)?;
        let (text, _) = crate::disk::read(path)?;
        Ok(Self::parse(path, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_whether_its_name_is_quoted_and_what_stands_behind_it() {
        let file = MapFile::parse("map", b"\"/CN=a b\"\n/CN=c d # e\n".to_vec());
        let lines: Vec<_> = file.listed().expect("it is in memory").flatten().collect();
        let parts: Vec<_> = lines.iter().map(|line| (line.quoted, line.rest)).collect();
        assert_eq!(parts, [(true, &b""[..]), (false, b" d # e")]);
    }

    #[test]
    fn every_line_with_a_name_is_listed_and_broken_ones_are_told() {
        let text = b"# c\n\"/CN=a b\" x,.y # z\n\n/CN=c\n\"/CN=open\n/CN=d e\n".to_vec();
        let file = MapFile::parse("map", text);
        let lines: Vec<_> = file.listed().expect("it is in memory").collect();
        let names: Vec<_> = lines
            .iter()
            .flatten()
            .map(|line| (line.line, line.name, line.mappings.len()))
            .collect();
        assert_eq!(
            names,
            [(2, &b"/CN=a b"[..], 2), (4, b"/CN=c", 0), (6, b"/CN=d", 1)]
        );
        assert!(matches!(
            lines.get(2),
            Some(Err(MapError::Broken { line: 5, .. }))
        ));
    }
}
