//! Whom a ban list hits.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use lc_gridmap::{Accept, MapFile, Wildcards, fnmatch};
use lc_leases::{GridMapDir, LeaseName};
use lcmaps_tools::printable::printable;
use serde::Serialize;

use super::{Problem, answer};
use crate::cli::{BanCheck, Format};

/// Somebody who would be refused.
#[derive(Debug, Serialize)]
struct Hit {
    /// The DN or FQAN; in lower case when it is from a directory of leases.
    name: String,
    /// His account, when a directory of leases has it.
    account: Option<String>,
    /// The line of the ban list; null for the pattern that is tried.
    line: Option<u32>,
    /// What stands there.
    pattern: String,
    /// Where the name is from.
    from: PathBuf,
}

/// Shows who of some people would be refused; `true` when nobody would.
///
/// # Errors
/// A file or directory cannot be read.
pub fn check(file: &Path, who: &BanCheck, format: Format) -> Result<bool, Problem> {
    let list = List::open(file, who.with.as_deref())?;
    let mut hits = Vec::new();
    for name in &who.names {
        list.exact(name.as_bytes(), Path::new("command line"), &mut hits)?;
    }
    for source in &who.gridmapfile {
        let people = MapFile::read(source).map_err(|problem| problem.to_string())?;
        for line in people.listed().map_err(|problem| problem.to_string())? {
            let line = line.map_err(|problem| problem.to_string())?;
            list.exact(line.name, source, &mut hits)?;
        }
    }
    for source in &who.gridmapdir {
        let store = GridMapDir::open(source).map_err(|problem| problem.to_string())?;
        let survey = store.survey().map_err(|problem| problem.to_string())?;
        for held in &survey.leases {
            let Some(name) = LeaseName::stored(&held.lease) else {
                continue;
            };
            let account = String::from_utf8_lossy(&held.account).into_owned();
            list.folded(&name.decoded().identity, account, source, &mut hits)?;
        }
    }
    answer(format, &hits, |out| {
        for hit in &hits {
            let name = printable(&hit.name);
            let account = hit
                .account
                .as_deref()
                .map(|account| format!(" ({account})"));
            let account = printable(&account.unwrap_or_default());
            let by = match hit.line {
                Some(line) => format!("line {line}"),
                None => "the new pattern".to_owned(),
            };
            writeln!(
                out,
                "{name}{account}: {by}, \"{}\"",
                printable(&hit.pattern)
            )?;
        }
        writeln!(out, "{} hit", hits.len())
    })?;
    Ok(hits.is_empty())
}

/// The list, and a pattern that is not on it yet.
struct List<'a> {
    file: MapFile,
    new: Option<&'a str>,
}

impl<'a> List<'a> {
    fn open(file: &Path, new: Option<&'a str>) -> Result<Self, Problem> {
        let file = MapFile::read(file).map_err(|problem| problem.to_string())?;
        Ok(Self { file, new })
    }

    /// A name as a module would compare it.
    fn exact(&self, name: &[u8], from: &Path, hits: &mut Vec<Hit>) -> Result<(), Problem> {
        let found = self.file.lookup(name, Wildcards::On, Accept::AnyName);
        let found = found.map_err(|problem| problem.to_string())?.found;
        let by = match found {
            Some(found) => Some((Some(found.line), found.pattern.to_vec())),
            None => self.by_new(|new| fnmatch(new, name)),
        };
        hits.extend(by.map(|by| hit(name, None, by, from)));
        Ok(())
    }

    /// A name that has lost its capitals.
    fn folded(
        &self,
        name: &[u8],
        account: String,
        from: &Path,
        hits: &mut Vec<Hit>,
    ) -> Result<(), Problem> {
        let matches = |pattern: &[u8]| fnmatch(&pattern.to_ascii_lowercase(), name);
        for line in self.file.listed().map_err(|problem| problem.to_string())? {
            let line = line.map_err(|problem| problem.to_string())?;
            if matches(line.name) {
                let by = (Some(line.line), line.name.to_vec());
                hits.push(hit(name, Some(account), by, from));
                return Ok(());
            }
        }
        let by = self.by_new(matches);
        hits.extend(by.map(|by| hit(name, Some(account), by, from)));
        Ok(())
    }

    fn by_new(&self, matches: impl Fn(&[u8]) -> bool) -> Option<(Option<u32>, Vec<u8>)> {
        let new = self.new.map(str::as_bytes)?;
        matches(new).then(|| (None, new.to_vec()))
    }
}

fn hit(name: &[u8], account: Option<String>, by: (Option<u32>, Vec<u8>), from: &Path) -> Hit {
    Hit {
        name: String::from_utf8_lossy(name).into_owned(),
        account,
        line: by.0,
        pattern: String::from_utf8_lossy(&by.1).into_owned(),
        from: from.to_owned(),
    }
}
