//! What is wrong with an entry of the database, without running anything.

use lc_module::Words;

use crate::finding::Finding;
use crate::places::{FindFile, default_map_file};
use crate::slots::SlotFile;
use crate::walltime::WallTime;
use crate::{DEFAULT_BAN_LIST, DnList, Executables, VomsOptions};

/// The modules that [`check`] knows, without `.mod`.
pub const MODULES: &[&str] = &[
    "lcas_check_executable",
    "lcas_timeslots",
    "lcas_userallow",
    "lcas_userban",
    "lcas_voms",
    "lcas_walltime",
];

/// Looks at the words and files of a module of ours; nothing for other modules.
///
/// What would keep the module from starting is an error, as is what makes it refuse everybody.
#[must_use]
pub fn check(module: &str, words: Words<'_>, find: FindFile<'_>) -> Option<Vec<Finding>> {
    let findings = match module {
        "lcas_check_executable" => Executables::configure(words).map(|one| one.findings()),
        "lcas_timeslots" => SlotFile::configure(words, find).map(|one| one.findings()),
        "lcas_userallow" => {
            DnList::configure(words, default_map_file, find).map(|one| one.findings())
        }
        "lcas_userban" => {
            DnList::configure(words, || find(DEFAULT_BAN_LIST), find).map(|one| one.findings())
        }
        "lcas_voms" => VomsOptions::configure(words, find).map(|one| one.findings()),
        "lcas_walltime" => WallTime::configure(words, find).map(|one| one.findings()),
        _ => return None,
    };
    Some(findings.unwrap_or_else(|failure| vec![Finding::error(failure)]))
}
