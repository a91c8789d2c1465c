//! The words behind a module's name: whether the module takes them, and which files they name.

use std::path::PathBuf;

use lc_configuration::tokenize;
use lc_gridmap::Wildcards;
use lcmaps_pdl::ModuleSpec;
use lcmaps_tools::trust;

use super::finding::{Findings, Place};
use super::map_file::{MapUse, Names};
use crate::flow::short_name;

mod known;
mod values;

use known::{Known, Takes, Unknown};

/// What a module needs beside its own file.
#[derive(Debug, Clone)]
pub struct Used {
    /// Where the policy file says so.
    pub place: Place,
    /// What it is.
    pub what: Use,
}

/// What a module needs.
#[derive(Debug, Clone)]
pub enum Use {
    /// A map file, and the pools in it.
    Map(MapUse),
    /// The directory of trusted CAs.
    Trust {
        /// The directory.
        folder: PathBuf,
        /// A CA without a CRL is refused.
        crl_needed: bool,
    },
    /// VOMS attributes.
    Attributes,
}

/// The library takes so many words.
const MOST_WORDS: usize = 49;

/// The words as far as they were understood.
#[derive(Debug, Default)]
pub struct Given {
    /// The file that the map file option (whichever the module has) names.
    map: Option<PathBuf>,
    /// The directory of leases.
    pool: Option<PathBuf>,
    /// The directory of trusted CAs.
    trust: Option<PathBuf>,
    crl_needed: bool,
    no_wildcards: bool,
    lenient_pools: bool,
    /// The options that were given, in their first spelling.
    names: Vec<&'static str>,
}

/// Checks the words of one module and says what it uses.
pub fn check(spec: &ModuleSpec, place: &Place, findings: &mut Findings) -> Vec<Used> {
    let words = match tokenize(&spec.arguments, b" \t\n", MOST_WORDS) {
        Ok(words) => words,
        Err(problem) => {
            let name = String::from_utf8_lossy(&spec.name);
            findings.error(place, format!("arguments of {name}: {problem}"), "");
            return Vec::new();
        }
    };
    let Some(known) = short_name(&spec.name).and_then(known::module) else {
        if !words.is_empty() {
            let name = String::from_utf8_lossy(&spec.name);
            let message =
                format!("the options of {name} are not checked: it is none of our modules");
            findings.info(place, message, "");
        }
        return Vec::new();
    };
    let mut given = Given::default();
    read(known, &words, &mut given, place, findings);
    contradictions(known, &given, place, findings);
    uses(known, &given, place, findings)
        .into_iter()
        .map(|what| Used {
            place: place.clone(),
            what,
        })
        .collect()
}

fn read(
    known: &'static Known,
    words: &[Vec<u8>],
    given: &mut Given,
    place: &Place,
    findings: &mut Findings,
) {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let shown = String::from_utf8_lossy(word);
        let Some((option, whole)) = known.option(word) else {
            unknown(known, &shown, place, findings);
            continue;
        };
        if !whole {
            let message = format!(
                "{}: \"{shown}\" is taken for {}",
                known.name,
                option.first()
            );
            findings.warning(
                place,
                message,
                "write the option as it is in the manual page",
            );
        }
        given.names.push(option.first());
        let value = if option.takes == Takes::Nothing {
            None
        } else {
            match words.next().filter(|value| !value.is_empty()) {
                Some(value) => Some(value),
                // This module ignores options without a value.
                None if known.unknown == Unknown::Ignored => {
                    let message = format!("{}: option {shown} has no value", known.name);
                    findings.warning(place, message, "put its value behind it");
                    continue;
                }
                None => {
                    let message = format!("{}: option {shown} has no value", known.name);
                    findings.error(place, message, "put its value behind it");
                    continue;
                }
            }
        };
        let level = word.get(option.first().len()..).unwrap_or_default();
        if let Err(problem) = values::take(option, level, value, given) {
            let message = format!("{}: option {shown}: {}", known.name, problem.what);
            findings.error(place, message, problem.advice);
        }
    }
}

fn unknown(known: &Known, shown: &str, place: &Place, findings: &mut Findings) {
    let options: Vec<&str> = known.options.iter().map(|option| option.first()).collect();
    let message = format!("{}: unknown option \"{shown}\"", known.name);
    let advice = if options.is_empty() {
        "remove it: the module has no options".to_owned()
    } else {
        format!("the module has {}", options.join(" "))
    };
    match known.unknown {
        Unknown::Refused => findings.error(place, message, &advice),
        Unknown::Ignored => findings.warning(place, format!("{message} is ignored"), &advice),
    }
}

/// Pairs of options that no module takes together.
const CONTRADICTIONS: [(&str, &str); 6] = [
    ("--disallow-limited-proxy", "--require-limited-proxy"),
    (
        "--do-not-add-primary-gid-from-mapped-account",
        "--add-primary-gid-from-mapped-account",
    ),
    (
        "--do-not-add-primary-gid-from-mapped-account",
        "--add-primary-gid-as-secondary-gid-from-mapped-account",
    ),
    (
        "--do-not-add-secondary-gids-from-mapped-account",
        "--add-secondary-gids-from-mapped-account",
    ),
    ("--use-voms-gid", "--use-account-gid"),
    ("--require-primary-gid", "--do-not-require-primary-gid"),
];

fn contradictions(known: &Known, given: &Given, place: &Place, findings: &mut Findings) {
    for (one, other) in CONTRADICTIONS {
        if given.names.contains(&one) && given.names.contains(&other) {
            let message = format!(
                "{}: options {one} and {other} exclude each other",
                known.name
            );
            findings.error(place, message, "give one of them");
        }
    }
}

/// What the module uses with these options.
fn uses(known: &Known, given: &Given, place: &Place, findings: &mut Findings) -> Vec<Use> {
    let mut uses = Vec::new();
    if known.attributes {
        uses.push(Use::Attributes);
    }
    if known.trust {
        uses.push(Use::Trust {
            folder: trust::directory(
                given.trust.as_ref(),
                &["X509_CERT_DIR"],
                "/etc/grid-security/certificates",
            ),
            crl_needed: given.crl_needed,
        });
    }
    let Some(names) = known.names else {
        return uses;
    };
    let file = match (&given.map, names) {
        (Some(file), _) => file.clone(),
        (None, Names::Banned) => {
            let advice = "name its file with option -banmapfile";
            let message = format!("{}: there is no ban list", known.name);
            findings.error(place, message, advice);
            return uses;
        }
        (None, Names::Groups | Names::PoolGroups) => {
            let message = format!("{}: there is no groupmapfile", known.name);
            findings.error(place, message, "name it with option -groupmapfile");
            return uses;
        }
        (None, Names::Accounts | Names::PoolAccounts) => {
            match lc_os::places::DefaultMapFile::find() {
                Ok(found) => {
                    let message = format!(
                        "{}: no option names the grid-mapfile; for whoever runs this it is {}",
                        known.name,
                        found.path().display()
                    );
                    findings.info(place, message, "");
                    found.path().to_owned()
                }
                Err(problem) => {
                    let message = format!("{}: {problem}", known.name);
                    findings.error(place, message, "name the file with option -gridmapfile");
                    return uses;
                }
            }
        }
    };
    let pool = match names {
        Names::PoolAccounts => {
            directory(known, given, ("-gridmapdir", "GRIDMAPDIR"), place, findings)
        }
        Names::PoolGroups => directory(
            known,
            given,
            ("-groupmapdir", "GROUPMAPDIR"),
            place,
            findings,
        ),
        _ => None,
    };
    uses.push(Use::Map(MapUse {
        file,
        names,
        wildcards: if known.wildcards && !given.no_wildcards {
            Wildcards::On
        } else {
            Wildcards::Off
        },
        pool,
        strict: !given.lenient_pools,
    }));
    uses
}

/// The directory of leases.
fn directory(
    known: &Known,
    given: &Given,
    (option, variable): (&'static str, &'static str),
    place: &Place,
    findings: &mut Findings,
) -> Option<PathBuf> {
    if given.pool.is_some() {
        return given.pool.clone();
    }
    match lc_os::places::folder_in_environment(variable) {
        Ok(Some(folder)) => Some(folder),
        Ok(None) => {
            let message = format!("{}: nothing names the directory of leases", known.name);
            let advice = format!("give option {option} or set the environment variable {variable}");
            findings.error(place, message, &advice);
            None
        }
        Err(problem) => {
            let message = format!("{}: {variable}: {problem}", known.name);
            findings.error(place, message, "correct the variable");
            None
        }
    }
}
