//! A ban list looked through as a whole: lines that ban nobody as they are written, and names that
//! are nearly the user's.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

use lc_gridmap::{MapFile, OpenError, Wildcards, fnmatch};
use lcmaps_plugin::Shown;

use crate::ban_line::{Names, fault};

/// So many lines are told of, the others are counted.
const MOST_TOLD: usize = 10;

/// So many patterns are held against a user who passes.
const MOST_PATTERNS: usize = 500;

/// What one state of a ban list is like.
#[derive(Default)]
pub(crate) struct Survey {
    /// Sentences for the log, each with the line.
    faults: Vec<String>,
    more_faults: usize,
    /// The first line that cannot be understood.
    broken: Option<String>,
    /// Names and whole lines by the hash of what [`fold()`] makes of them.
    names: HashMap<u64, Similar>,
    patterns: Vec<(Vec<u8>, Similar)>,
    hasher: RandomState,
}

/// A line with something like the name of a user.
struct Similar {
    line: u32,
    name: Box<[u8]>,
    /// The name has no quotes and ends at a blank; this is the whole line.
    is_cut: bool,
}

impl Survey {
    /// Reads all lines. `with_names` makes it remember the names for [`hint`](Self::hint).
    pub(crate) fn of(
        file: &MapFile,
        kind: Names,
        wildcards: Wildcards,
        with_names: bool,
    ) -> Result<Self, OpenError> {
        let mut survey = Self::default();
        let path = file.path().display();
        for line in file.listed()? {
            let line = match line {
                Ok(line) => line,
                Err(broken) => {
                    survey.broken.get_or_insert_with(|| broken.to_string());
                    continue;
                }
            };
            if let Some(why) = fault(&line, kind, wildcards) {
                let (number, name) = (line.line, Shown(line.name));
                survey.add_fault(|| format!("{path}:{number}: \"{name}\" {why}"));
            }
            if !with_names {
                continue;
            }
            let name = line.name.strip_suffix(b"\r").unwrap_or(line.name);
            survey.add_name(line.line, name, wildcards);
            let rest = (line.rest.split(|byte| *byte == b'#').next())
                .unwrap_or_default()
                .trim_ascii();
            if !line.quoted && !rest.is_empty() {
                let whole = [name, b" ", rest].concat();
                survey.add(line.line, &whole, true);
            }
        }
        if file.has_byte_order_mark() {
            survey.add_fault(|| {
                format!(
                    "{path}:1: the file begins with a byte order mark; it is passed over here, but other programs \
                     do not find the first name: save the file as UTF-8 without it"
                )
            });
        }
        Ok(survey)
    }

    /// Checks that there is no line that cannot be understood.
    pub(crate) fn all_understood(&self) -> Result<(), &str> {
        self.broken.as_deref().map_or(Ok(()), Err)
    }

    /// What is wrong with the lines.
    pub(crate) fn faults(&self) -> impl Iterator<Item = String> {
        let more = (self.more_faults > 0).then(|| {
            format!(
                "the ban list has {} more lines of this kind",
                self.more_faults
            )
        });
        self.faults.iter().cloned().chain(more)
    }

    /// A sentence about a line that most likely means this user, who is not banned by it.
    pub(crate) fn hint(&self, user: &[u8]) -> Option<String> {
        let folded = fold(user);
        let named = (self.names.get(&self.hasher.hash_one(&folded)))
            .filter(|similar| fold(&similar.name) == folded);
        let similar = named.or_else(|| {
            let fits = |(pattern, _): &&(Vec<u8>, Similar)| fnmatch(pattern, &folded);
            Some(&self.patterns.iter().find(fits)?.1)
        })?;
        let (line, name) = (similar.line, Shown(&similar.name));
        Some(if similar.is_cut {
            format!(
                "line {line} is \"{name}\" without quotes, of which only what stands before the first blank counts; \
                 put the name in double quotes"
            )
        } else {
            format!(
                "line {line} has \"{name}\", which differs only in upper and lower case, in blanks or in the \
                 spelling of an attribute"
            )
        })
    }

    fn add_fault(&mut self, text: impl FnOnce() -> String) {
        if self.faults.len() < MOST_TOLD {
            self.faults.push(text());
        } else {
            self.more_faults += 1;
        }
    }

    fn add_name(&mut self, line: u32, name: &[u8], wildcards: Wildcards) {
        if wildcards == Wildcards::Off || !name.iter().any(|byte| b"*?[".contains(byte)) {
            self.add(line, name, false);
        } else if self.patterns.len() < MOST_PATTERNS {
            let similar = Similar {
                line,
                name: name.into(),
                is_cut: false,
            };
            self.patterns.push((fold(name), similar));
        }
    }

    fn add(&mut self, line: u32, name: &[u8], is_cut: bool) {
        let similar = Similar {
            line,
            name: name.into(),
            is_cut,
        };
        let hash = self.hasher.hash_one(fold(name));
        self.names.entry(hash).or_insert(similar);
    }
}

/// A name without what people get wrong: in lower case, without blanks, a slash at its end, and
/// with one spelling for each attribute.
fn fold(name: &[u8]) -> Vec<u8> {
    const SPELLINGS: [(&[u8], &[u8]); 3] = [
        (b"/emailaddress=", b"/e="),
        (b"/email=", b"/e="),
        (b"/userid=", b"/uid="),
    ];
    let mut folded = Vec::with_capacity(name.len());
    let lower: Vec<u8> = (name.iter())
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(u8::to_ascii_lowercase)
        .collect();
    let mut rest = lower.strip_suffix(b"/").unwrap_or(&lower);
    while let Some((first, behind)) = rest.split_first() {
        let spelling = SPELLINGS.iter().find(|(long, _)| rest.starts_with(long));
        if let Some((long, short)) = spelling {
            folded.extend_from_slice(short);
            rest = &rest[long.len()..];
        } else {
            folded.push(*first);
            rest = behind;
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(text: &str) -> Survey {
        let file = MapFile::parse("f", text.as_bytes().to_vec());
        Survey::of(&file, Names::Dn, Wildcards::On, true).expect("it is in memory")
    }

    #[test]
    fn names_that_are_nearly_the_users_are_found() {
        for (listed, user) in [
            ("\"/C=NL/CN=alice tester\"", "/C=NL/CN=Alice Tester"),
            ("\"/C=NL/CN=Alice  Tester \"", "/C=NL/CN=Alice Tester"),
            ("/C=NL/CN=Alice Tester # x", "/C=NL/CN=Alice Tester"),
            ("\"/C=NL/CN=a/Email=a@*\"", "/C=NL/CN=a/emailAddress=a@b"),
            ("\"/C=NL/cn=a*\"", "/C=NL/CN=a b"),
            ("\"/C=NL/USERID=a\"", "/C=NL/UID=a"),
            ("/C=NL/CN=ALICE\r", "/C=NL/CN=Alice"),
        ] {
            let survey = survey(&format!("\n{listed}\n\"/CN=other\"\n"));
            let hint = survey.hint(user.as_bytes());
            assert!(
                hint.as_deref()
                    .is_some_and(|hint| hint.starts_with("line 2 ")),
                "{listed}: {hint:?}"
            );
            assert_eq!(survey.hint(b"/C=NL/CN=Bob"), None, "{listed}");
        }
    }

    #[test]
    fn a_name_cut_at_a_blank_is_told_as_such() {
        let hint = survey("/C=NL/CN=Alice Tester\n").hint(b"/C=NL/CN=Alice Tester");
        let expected =
            "line 1 is \"/C=NL/CN=Alice Tester\" without quotes, of which only what stands before";
        assert!(hint.is_some_and(|hint| hint.starts_with(expected)));
    }

    #[test]
    fn only_some_faults_are_told_and_the_others_counted() {
        let lines: String = (0..25).map(|n| format!("CN=a{n}\n")).collect();
        let faults: Vec<_> = survey(&lines).faults().collect();
        assert_eq!(faults.len(), MOST_TOLD + 1);
        assert_eq!(faults[10], "the ban list has 15 more lines of this kind");
    }
}
