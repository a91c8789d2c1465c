//! Lines of files in grid-mapfile syntax, for checks that look at every line.

/// A line with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MapLine<'a> {
    /// Line number, the first line is 1.
    pub(crate) number: u32,
    /// Column of the name or its quote, the first byte is 1.
    pub(crate) column: u32,
    pub(crate) quoted: bool,
    pub(crate) name: &'a [u8],
    /// What stands behind the name.
    pub(crate) rest: &'a [u8],
}

/// All lines with a name; those that cannot be understood are left out, for the reader names them.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = MapLine<'_>> {
    // Readers pass over a byte order mark.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    (1..)
        .zip(text.split(|byte| *byte == b'\n'))
        .filter_map(|(number, line)| read(number, line))
}

fn read(number: u32, line: &[u8]) -> Option<MapLine<'_>> {
    let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
    let entry = &line[start..];
    let column = u32::try_from(start + 1).unwrap_or(u32::MAX);
    if entry.starts_with(b"#") {
        return None;
    }
    let quoted = entry.starts_with(b"\"");
    let text = if quoted { &entry[1..] } else { entry };
    let ends = |byte: u8| {
        if quoted {
            byte == b'"'
        } else {
            byte == b' ' || byte == b'\t'
        }
    };
    let mut end = 0;
    while let Some(byte) = text.get(end).filter(|byte| !ends(**byte)) {
        end += if *byte == b'\\' { 2 } else { 1 };
    }
    if quoted && end >= text.len() {
        return None;
    }
    let end = end.min(text.len());
    Some(MapLine {
        number,
        column,
        quoted,
        name: &text[..end],
        rest: &text[(end + usize::from(quoted)).min(text.len())..],
    })
}
