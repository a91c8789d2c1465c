//! Map files and ban lists, line by line.

use std::collections::{BTreeMap, HashMap};
use std::ffi::CString;
use std::path::PathBuf;

use lc_gridmap::{Listed, MapError, MapFile, Wildcards, fnmatch};
use lc_os::{account_by_name, group_by_name};

use super::files;
use super::finding::{Findings, Place};
use super::pool::{PoolUse, Pools};

/// What the lines of a map file lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Names {
    /// Accounts.
    Accounts,
    /// Pools of accounts.
    PoolAccounts,
    /// Groups.
    Groups,
    /// Pools of groups.
    PoolGroups,
    /// Nothing: who is listed is refused.
    Banned,
}

impl Names {
    fn are_pools(self) -> bool {
        matches!(self, Self::PoolAccounts | Self::PoolGroups)
    }

    /// The mapping of a line that counts.
    fn wanted<'a>(self, line: &'a Listed<'_>) -> Option<&'a [u8]> {
        let pool = |mapping: &[u8]| mapping.starts_with(b".");
        match self {
            Self::Banned => Some(b""),
            _ => {
                let mappings = line.mappings.iter().map(|mapping| &**mapping);
                mappings.into_iter().find(|m| pool(m) == self.are_pools())
            }
        }
    }
}

/// How a module uses a map file.
#[derive(Debug, Clone)]
pub struct MapUse {
    /// The file.
    pub file: PathBuf,
    /// What its lines lead to.
    pub names: Names,
    /// Whether names are patterns.
    pub wildcards: Wildcards,
    /// The directory of leases, when it has pools.
    pub pool: Option<PathBuf>,
    /// Only digits may follow the name of a pool.
    pub strict: bool,
}

/// So many patterns are held against the lines behind them.
const MOST_PATTERNS: usize = 500;

/// The VOs that map files speak of, and where they do first.
pub type Vos = BTreeMap<String, Place>;

/// What all map files have in common.
#[derive(Debug, Default)]
pub struct Maps {
    vos: Vos,
    /// Why an account (or group) cannot be used; `None` for good ones.
    known: HashMap<(bool, Vec<u8>), Option<String>>,
}

impl Maps {
    /// The VOs in the names of all lines so far.
    pub fn vos(&self) -> &Vos {
        &self.vos
    }

    /// Checks a file; its pools go to `pools`.
    pub fn check(
        &mut self,
        map: &MapUse,
        place: &Place,
        pools: &mut Pools,
        findings: &mut Findings,
    ) {
        let file = match MapFile::read(&map.file) {
            Ok(file) => file,
            Err(problem) => {
                let advice = if map.names == Names::Banned {
                    "everybody is refused until then; to ban nobody, make an empty file"
                } else {
                    ""
                };
                findings.error(place, problem.to_string(), advice);
                return;
            }
        };
        files::protected(&map.file, &Place::of_file(&map.file), findings);
        if let Some(line) = file.first_carriage_return_line() {
            findings.error(
                &Place::of_line(&map.file, line, 0),
                "the line ends in CR LF, so its last word ends in a carriage return",
                "convert the file to Unix line ends (dos2unix)",
            );
        }
        let lines = match file.listed() {
            Ok(lines) => lines,
            Err(problem) => {
                findings.error(place, problem.to_string(), "");
                return;
            }
        };
        let mut earlier = Earlier::default();
        for line in lines {
            match line {
                Ok(line) => self.line(map, &line, &mut earlier, pools, findings),
                Err(MapError::Broken {
                    line,
                    column,
                    fault,
                    ..
                }) => {
                    let place = Place::of_line(&map.file, line, column);
                    let message = fault.to_string();
                    findings.error(&place, message, "until then nothing behind it is found");
                }
                Err(problem) => findings.error(place, problem.to_string(), ""),
            }
        }
        if let Some(directory) = &map.pool {
            // Also one without a pool in the map file has to be there.
            pools.directory(directory, place);
        }
    }

    fn line(
        &mut self,
        map: &MapUse,
        line: &Listed<'_>,
        earlier: &mut Earlier,
        pools: &mut Pools,
        findings: &mut Findings,
    ) {
        let place = Place::of_line(&map.file, line.line, 1);
        if let Some(vo) = vo(line.name) {
            self.vos.entry(vo).or_insert_with(|| place.clone());
        }
        if line.mappings.is_empty() && map.names != Names::Banned {
            let message = format!("the line gives nothing to {}", shown(line.name));
            let advice =
                "add an account, or remove the line; a name with blanks stands in double quotes";
            findings.warning(&place, message, advice);
        }
        let Some(wanted) = map.names.wanted(line) else {
            return;
        };
        if let Some(before) = earlier.line_for(line.name) {
            let message = format!(
                "{} never counts here: line {before} comes first",
                shown(line.name)
            );
            findings.warning(
                &place,
                message,
                "remove one of the two lines, or move this one up",
            );
        }
        earlier.add(line, map.wildcards);
        match map.names {
            Names::Banned => {
                if map.wildcards == Wildcards::On && line.name.iter().all(|byte| *byte == b'*') {
                    let advice = "remove the line unless nobody shall get in";
                    findings.warning(&place, "the line bans everybody", advice);
                }
            }
            Names::Accounts | Names::Groups => self.member(map.names, wanted, &place, findings),
            Names::PoolAccounts | Names::PoolGroups => {
                if let Some(directory) = &map.pool {
                    pools.add(PoolUse {
                        directory: directory.clone(),
                        prefix: wanted.strip_prefix(b".").unwrap_or(wanted).to_vec(),
                        strict: map.strict,
                        groups: map.names == Names::PoolGroups,
                        place,
                    });
                }
            }
        }
    }

    /// An account or a group that a line names.
    fn member(&mut self, names: Names, name: &[u8], place: &Place, findings: &mut Findings) {
        let groups = names == Names::Groups;
        let problem = self
            .known
            .entry((groups, name.to_vec()))
            .or_insert_with(|| unusable(groups, name));
        if let Some(problem) = problem {
            let advice =
                "create it, or correct the line; a name with blanks stands in double quotes";
            findings.error(place, problem.clone(), advice);
        }
    }
}

/// Why nobody can be mapped to this account or group; `None` when everything is right.
pub fn unusable(groups: bool, name: &[u8]) -> Option<String> {
    let what = if groups { "group" } else { "account" };
    let shown = String::from_utf8_lossy(name);
    let Ok(name) = CString::new(name) else {
        return Some(format!("no {what} can have the name {shown}"));
    };
    let id = if groups {
        group_by_name(&name).map(|found| found.map(|group| group.gid.as_raw()))
    } else {
        account_by_name(&name).map(|found| found.map(|account| account.uid.as_raw()))
    };
    match id {
        Ok(Some(0)) if !groups => Some(format!(
            "account {shown} has uid 0, and nobody is mapped to root"
        )),
        Ok(Some(_)) => None,
        Ok(None) => Some(format!("this machine has no {what} {shown}")),
        Err(problem) => Some(problem.to_string()),
    }
}

/// Lines before the one at hand.
#[derive(Default)]
struct Earlier {
    names: HashMap<Vec<u8>, u32>,
    patterns: Vec<(Vec<u8>, u32)>,
}

impl Earlier {
    /// The first line that matches everything that this name, or pattern, does.
    fn line_for(&self, name: &[u8]) -> Option<u32> {
        let same = self.names.get(name).copied();
        // A pattern held against a pattern tells nothing about a set or a question mark that meets an asterisk.
        let covers = |pattern: &[u8]| {
            let simple = |text: &[u8]| !text.iter().any(|byte| b"?[".contains(byte));
            fnmatch(pattern, name) && (!name.contains(&b'*') || simple(pattern)) && simple(name)
        };
        let covering = self.patterns.iter().find(|(pattern, _)| covers(pattern));
        [same, covering.map(|(_, line)| *line)]
            .into_iter()
            .flatten()
            .min()
    }

    fn add(&mut self, line: &Listed<'_>, wildcards: Wildcards) {
        self.names.entry(line.name.to_vec()).or_insert(line.line);
        let is_pattern = line.name.iter().any(|byte| b"*?[".contains(byte));
        if wildcards == Wildcards::On && is_pattern && self.patterns.len() < MOST_PATTERNS {
            self.patterns.push((line.name.to_vec(), line.line));
        }
    }
}

/// The VO of an FQAN, `None` for a DN and for patterns.
fn vo(name: &[u8]) -> Option<String> {
    let first = name
        .strip_prefix(b"/")?
        .split(|byte| *byte == b'/')
        .next()?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let is_vo = !first.is_empty() && first.iter().all(plain) && !first.starts_with(b".");
    is_vo.then(|| String::from_utf8_lossy(first).into_owned())
}

fn shown(name: &[u8]) -> String {
    format!("\"{}\"", String::from_utf8_lossy(name))
}
