//! The database as a file.

use std::ffi::CString;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use lcas_core::{Database, Entry};
use lcas_module_support::{Finding, Words};

/// Largest database that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// Most words of an entry, as in the library.
const MOST_WORDS: usize = 49;

/// Why there is no database.
pub enum NoDatabase {
    /// It cannot be read.
    Unreadable(Finding),
    /// It can, but has a mistake.
    Mistake(Finding),
}

impl NoDatabase {
    /// What is wrong.
    pub fn finding(self) -> Finding {
        match self {
            Self::Unreadable(finding) | Self::Mistake(finding) => finding,
        }
    }
}

/// Reads a database.
pub fn read(path: &Path) -> Result<Database, NoDatabase> {
    let text = bytes(path).map_err(|problem| {
        let text = format!("cannot read the database: {problem}; make it, or name one with --db");
        NoDatabase::Unreadable(Finding::error(text).in_file(path))
    })?;
    Database::parse(&text).map_err(|error| {
        let at = error.position;
        NoDatabase::Mistake(Finding::error(&error.problem).at(
            path,
            number(at.line),
            number(at.column),
        ))
    })
}

/// A FIFO in its place is not opened: that could wait for ever.
fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is not a regular file"));
    }
    let mut text = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(std::io::Error::other("it is too large"));
    }
    Ok(text)
}

/// A line or column as findings have it.
pub fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// The name of a module without directory, `lib`, `.mod` and `.so`.
pub fn stem(name: &[u8]) -> String {
    let file = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let file = String::from_utf8_lossy(file);
    let stem = file
        .strip_suffix(".mod")
        .or_else(|| file.strip_suffix(".so"));
    let stem = stem.unwrap_or(&file);
    stem.strip_prefix("lib").unwrap_or(stem).to_owned()
}

/// Calls with the words of an entry.
///
/// # Errors
/// They cannot be split.
pub fn with_words<T>(entry: &Entry, run: impl FnOnce(Words<'_>) -> T) -> Result<T, String> {
    let words = lc_configuration::tokenize(&entry.arguments, b" \t\n", MOST_WORDS)
        .map_err(|error| error.to_string())?;
    let words: Result<Vec<_>, _> = words.into_iter().map(CString::new).collect();
    let words = words.map_err(|error| error.to_string())?;
    let words: Vec<_> = words.iter().map(CString::as_c_str).collect();
    Ok(run(Words::new(&words)))
}

/// A database with this entry only, on the line where it is, so that messages name that line.
pub fn alone(entry: &Entry) -> Vec<u8> {
    let mut text = vec![b'\n'; entry.position.line.saturating_sub(1)];
    for (start, value) in [
        (&b"pluginname=\""[..], &entry.name),
        (b"\", pluginargs=\"", &entry.arguments),
    ] {
        text.extend_from_slice(start);
        for byte in value {
            if *byte == b'"' {
                text.push(b'\\');
            }
            text.push(*byte);
        }
    }
    text.extend_from_slice(b"\"\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_has_one_name_however_it_is_written() {
        for name in [
            "lcas_userban.mod",
            "/usr/lib/lcas/lcas_userban.mod",
            "liblcas_userban.so",
            "lcas_userban",
        ] {
            assert_eq!(stem(name.as_bytes()), "lcas_userban", "{name}");
        }
        assert_eq!(stem(b""), "");
    }

    #[test]
    fn an_entry_alone_is_the_same_entry() {
        let text = b"# x\n pluginargs = \"a \\\"b\\\" c\" , pluginname = m.mod\n";
        let database = Database::parse(text).expect("a database");
        let entry = &database.entries[0];
        let again = Database::parse(&alone(entry)).expect("a database");
        assert_eq!(again.entries[0].name, entry.name);
        assert_eq!(again.entries[0].position.line, entry.position.line);
        assert_eq!(again.entries[0].arguments, entry.arguments);
    }
}
