//! The syntax of the configuration file.
//!
//! ```text
//! file    = { line }
//! line    = blank | comment | section | key "=" value
//! comment = ( "#" | ";" ) anything            (blanks may stand in front)
//! section = "[glexec]"                        (once, before the first key)
//! value   = '"' text '"' | text               (blanks around it do not count)
//! ```
#![forbid(unsafe_code)]

use std::fmt;

/// A key with its value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key, in small letters.
    pub key: String,
    /// The value without the blanks and quotes around it.
    pub value: String,
    /// The line, counted from 1.
    pub line: usize,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The line, counted from 1.
    pub line: usize,
    what: &'static str,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

/// The keys of a file in their order.
///
/// # Errors
/// The first line that is wrong.
pub fn parse(text: &[u8]) -> Result<Vec<Entry>, SyntaxError> {
    let mut entries = Vec::new();
    let mut in_section = false;
    for (at, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let wrong = |what| SyntaxError { line: at + 1, what };
        let line = std::str::from_utf8(line).map_err(|_| wrong("this is no text in UTF-8"))?;
        let line = line.trim_matches([' ', '\t', '\r']);
        if line.chars().any(|c| c.is_control() && c != '\t') {
            return Err(wrong("there is a control character in this line"));
        }
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(rest) = line.strip_prefix('[') {
            let name = rest.strip_suffix(']').map(str::trim);
            match name {
                Some("glexec") if !in_section => in_section = true,
                Some("glexec") => return Err(wrong("section [glexec] begins a second time")),
                Some(_) => return Err(wrong("[glexec] is the only section that there can be")),
                None => return Err(wrong("a section is written [glexec]")),
            }
            continue;
        }
        if !in_section {
            return Err(wrong("[glexec] has to stand before the first key"));
        }
        let (key, value) = line
            .split_once('=')
            .ok_or_else(|| wrong("this is no line of the form key = value"))?;
        let key = key.trim_end();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if key.is_empty() || !key.chars().all(is_name) {
            return Err(wrong("a key has letters, digits and underscores only"));
        }
        let value = value.trim_start();
        let value = match value.strip_prefix('"') {
            None => value,
            Some(rest) => rest
                .strip_suffix('"')
                .filter(|inner| !inner.contains('"'))
                .ok_or_else(|| wrong("a value that begins with a quote ends with one"))?,
        };
        entries.push(Entry {
            key: key.to_ascii_lowercase(),
            value: value.to_owned(),
            line: at + 1,
        });
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
        match parse(text.as_bytes()) {
            Ok(entries) => Ok(entries.into_iter().map(|e| (e.key, e.value)).collect()),
            Err(error) => Err(format!("{}: {error}", error.line)),
        }
    }

    #[test]
    fn keys_comments_quotes_and_empty_values_are_read() {
        let text = "# a\n ; b\n[glexec]\n Linger=no\n\tx =\ny = \" a b \"\r\nz = a = b\n";
        let expected = [("linger", "no"), ("x", ""), ("y", " a b "), ("z", "a = b")];
        assert_eq!(
            pairs(text),
            Ok(expected.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec())
        );
    }

    #[test]
    fn what_is_no_such_file_is_refused_with_its_line() {
        for (text, begins) in [
            ("[glexec]\n[dummy]\n", "2: [glexec] is the only section"),
            (
                "[glexec]\n[glexec]\n",
                "2: section [glexec] begins a second",
            ),
            ("a = b\n", "1: [glexec] has to stand before"),
            ("[glexec]\nnonsense\n", "2: this is no line"),
            ("[glexec]\n= b\n", "2: a key has"),
            ("[glexec]\na = \"b\n", "2: a value that begins"),
            ("[glexec]\na = b\0\n", "2: there is a control"),
            ("[glexec\n", "1: a section is written"),
        ] {
            let error = pairs(text).expect_err(text);
            assert!(error.starts_with(begins), "{error}");
        }
        assert_eq!(parse(b"[glexec]\na=\xff\n").map_err(|e| e.line), Err(2));
    }

    proptest! {
        #[test]
        fn no_text_does_harm(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_written_is_read(key in "[a-z_]{1,9}", value in "[a-z/*., ]{0,9}") {
            let text = format!("[glexec]\n{key} = {value}\n");
            prop_assert_eq!(pairs(&text), Ok(vec![(key, value.trim().to_owned())]));
        }
    }
}
