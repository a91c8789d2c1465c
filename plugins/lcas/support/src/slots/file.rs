//! A file of time slots.

use std::path::{Path, PathBuf};

use lc_module::{Failure, Shown, Words};

use super::line::{LineFault, Slot};
use super::time::LocalTime;
use crate::finding::Finding;
use crate::places::FindFile;
use crate::text_file;

/// The slots of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slots {
    slots: Vec<(u32, Slot)>,
    bad: Vec<BadLine>,
}

/// A line that is malformed and lets nobody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Line number, the first line is 1.
    pub line: u32,
    /// Column in bytes, the first byte is 1.
    pub column: u32,
    /// What is wrong.
    pub fault: LineFault,
}

impl Slots {
    /// Reads a text. Malformed lines let nobody in and are told by [`bad_lines`](Self::bad_lines).
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        let mut slots = Self::default();
        // An editor's byte order mark belongs to no field.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        for (number, line) in (1_u32..).zip(text.split(|byte| *byte == b'\n')) {
            match Slot::read(line) {
                Ok(None) => {}
                Ok(Some(slot)) => slots.slots.push((number, slot)),
                Err((at, fault)) => slots.bad.push(BadLine {
                    line: number,
                    column: u32::try_from(at + 1).unwrap_or(u32::MAX),
                    fault,
                }),
            }
        }
        slots
    }

    /// The first line whose slot a moment lies in.
    #[must_use]
    pub fn line_with(&self, time: LocalTime) -> Option<u32> {
        let found = self.slots.iter().find(|(_, slot)| slot.contains(time));
        found.map(|(line, _)| *line)
    }

    /// Lines that are malformed.
    #[must_use]
    pub fn bad_lines(&self) -> &[BadLine] {
        &self.bad
    }
}

/// A file of time slots. It is read for each request: a change counts at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotFile {
    path: PathBuf,
}

impl SlotFile {
    /// Reads the one word that names the file.
    ///
    /// # Errors
    /// There is no word or more than one, or the file cannot be read.
    pub fn configure(words: Words<'_>, find: FindFile<'_>) -> Result<Self, Failure> {
        let words: Vec<_> = words.collect();
        let [name] = words.as_slice() else {
            return Err(Failure::error(format_args!(
                "the file of time slots has to be named, and nothing else; {} words are given",
                words.len()
            )));
        };
        if name.to_bytes().starts_with(b"-") {
            return Err(Failure::error(format_args!(
                "unknown option \"{}\"; the module knows none, only the name of the file",
                Shown(name.to_bytes())
            )));
        }
        let file = Self { path: find(name)? };
        file.read()?;
        Ok(file)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The slots as they are on disk now.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&self) -> Result<Slots, Failure> {
        Ok(Slots::read(&text_file::read(&self.path)?))
    }

    /// What is wrong with the file.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let slots = match self.read() {
            Ok(slots) => slots,
            Err(failure) => return vec![Finding::error(failure).in_file(&self.path)],
        };
        let mut findings = Vec::new();
        for bad in &slots.bad {
            findings.push(Finding::error(&bad.fault).at(&self.path, bad.line, bad.column));
        }
        let now = LocalTime::now();
        let mut open = false;
        for (line, slot) in &slots.slots {
            let mut warn =
                |text: &str| findings.push(Finding::warning(text).at(&self.path, *line, 1));
            if let Some(reason) = slot.never() {
                warn(reason);
            } else if now.as_ref().is_ok_and(|now| slot.is_over(*now)) {
                warn("the last date of this slot is past, so the line lets nobody in any more");
            } else {
                open = true;
                if let Some(span) = slot.span_over_years() {
                    warn(&format!(
                        "day, month and year together are one date: this is every day from {span}; write a line for each year if days of each year are meant"
                    ));
                }
            }
        }
        if !open {
            findings.push(
                Finding::error("there is no time slot that lets anybody in; write * * * * * * for all the time")
                    .in_file(&self.path),
            );
        }
        findings
    }
}
