//! Pools: their members, and how many of them are left.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use lc_leases::{GridMapDir, Pool, Survey};

use super::files;
use super::finding::{Findings, Place};
use super::map_file::unusable;

/// A pool that a map file names.
#[derive(Debug, Clone)]
pub struct PoolUse {
    /// The directory of leases.
    pub directory: PathBuf,
    /// The pool without its dot.
    pub prefix: Vec<u8>,
    /// Only digits may follow.
    pub strict: bool,
    /// It has groups, not accounts.
    pub groups: bool,
    /// The line that names it.
    pub place: Place,
}

/// All pools of the configuration.
#[derive(Debug, Default)]
pub struct Pools {
    directories: BTreeMap<PathBuf, Place>,
    pools: Vec<PoolUse>,
    known: HashSet<(PathBuf, Vec<u8>, bool, bool)>,
}

/// A pool with this part of its accounts leased is nearly full.
const NEARLY_FULL_PERCENT: usize = 90;

/// So many members are named in a finding.
const NAMED: usize = 3;

impl Pools {
    /// A directory that a module uses.
    pub fn directory(&mut self, directory: &Path, place: &Place) {
        self.directories
            .entry(directory.to_owned())
            .or_insert_with(|| place.clone());
    }

    /// A pool that a map file names; the first line that does counts.
    pub fn add(&mut self, pool: PoolUse) {
        let key = (
            pool.directory.clone(),
            pool.prefix.clone(),
            pool.strict,
            pool.groups,
        );
        if self.known.insert(key) {
            self.pools.push(pool);
        }
    }

    /// Looks at all of them.
    pub fn check(&self, findings: &mut Findings) {
        for (directory, place) in &self.directories {
            let survey = match GridMapDir::open(directory).and_then(|store| store.survey()) {
                Ok(survey) => survey,
                Err(problem) => {
                    let advice = "create the directory with one empty file for each account, see gridmapdir(5)";
                    findings.error(place, problem.to_string(), advice);
                    continue;
                }
            };
            files::protected(directory, &Place::of_file(directory), findings);
            for odd in &survey.odd {
                let entry = String::from_utf8_lossy(&odd.entry);
                let advice = "see \"lcmaps lease verify\"";
                let message = format!("{entry} is neither an account nor its lease");
                findings.warning(&Place::of_file(directory), message, advice);
            }
            for pool in self
                .pools
                .iter()
                .filter(|pool| pool.directory == *directory)
            {
                members(pool, &survey, findings);
            }
        }
    }
}

fn members(pool: &PoolUse, survey: &Survey, findings: &mut Findings) {
    let kind = if pool.groups { "group" } else { "account" };
    let name = String::from_utf8_lossy(&pool.prefix);
    let directory = pool.directory.display();
    let of = Pool {
        prefix: &pool.prefix,
        strict: pool.strict,
    };
    let free: Vec<&[u8]> = (survey.free.iter().map(Vec::as_slice))
        .filter(|member| of.contains(member))
        .collect();
    let leased: Vec<&[u8]> = (survey.leases.iter().map(|lease| lease.account.as_slice()))
        .filter(|member| of.contains(member))
        .collect();
    let all = free.len() + leased.len();
    if all == 0 {
        let message = format!("pool {name} has no {kind} in {directory}");
        let advice = format!("create an empty file for each {kind}, or correct the name");
        findings.error(&pool.place, message, &advice);
        return;
    }
    let missing: Vec<String> = (free.iter().chain(&leased))
        .filter(|member| unusable(pool.groups, member).is_some())
        .map(|member| String::from_utf8_lossy(member).into_owned())
        .collect();
    if !missing.is_empty() {
        let named = missing.get(..NAMED).unwrap_or(&missing).join(", ");
        let message = format!(
            "{} of {all} members of pool {name} cannot be used, for example {named}: no such {kind}, or root's",
            missing.len()
        );
        let advice = format!("create each {kind}, or remove its file from {directory}");
        if missing.len() == all {
            findings.error(&pool.place, message, &advice);
        } else {
            findings.warning(&pool.place, message, &advice);
        }
    }
    let used = leased.len();
    let advice =
        format!("add more {kind}s, or see \"lcmaps lease expire\" for leases that nobody uses");
    if free.is_empty() {
        let message = format!("pool {name} is full: all {all} {kind}s are leased");
        findings.error(&pool.place, message, &advice);
    } else if used * 100 >= all * NEARLY_FULL_PERCENT {
        let message = format!("pool {name} is nearly full: {used} of {all} {kind}s are leased");
        findings.warning(&pool.place, message, &advice);
    }
}
