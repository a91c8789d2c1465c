//! What is wrong with an entry of the database, without running anything.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use lc_module::Words;

use crate::finding::Finding;
use crate::places::{FindFile, default_map_file};
use crate::slots::SlotFile;
use crate::walltime::WallTime;
use crate::{DEFAULT_BAN_LIST, DnList, Executables, Listing, VomsOptions};

/// Looks at the words and files of a module of ours; nothing for other modules.
///
/// What would keep the module from starting is an error, as is what makes it refuse everybody.
#[must_use]
pub fn check(module: &str, words: Words<'_>, find: FindFile<'_>) -> Option<Vec<Finding>> {
    let checked = match module {
        "lcas_check_executable" => {
            Executables::configure(words).map(|list| (list.findings(), None))
        }
        "lcas_timeslots" => {
            SlotFile::configure(words, find).map(|file| (file.findings(), path_of(file.path())))
        }
        "lcas_userallow" => DnList::configure(Listing::Allows, words, default_map_file, find)
            .map(|list| (list.findings(), path_of(list.path()))),
        "lcas_userban" => DnList::configure(Listing::Bans, words, || find(DEFAULT_BAN_LIST), find)
            .map(|list| (list.findings(), path_of(list.path()))),
        "lcas_voms" => VomsOptions::configure(words, find)
            .map(|options| (options.findings(), path_of(options.policy().path()))),
        "lcas_walltime" => WallTime::configure(words, find)
            .map(|rule| (rule.findings(), rule.limits_path().and_then(path_of))),
        _ => return None,
    };
    Some(match checked {
        Err(failure) => vec![Finding::error(failure)],
        Ok((mut findings, file)) => {
            findings.extend(file.as_deref().and_then(others_may_write));
            findings
        }
    })
}

fn path_of(path: &Path) -> Option<PathBuf> {
    Some(path.to_owned())
}

/// A file that anybody can change lets anybody in.
#[must_use]
pub fn others_may_write(path: &Path) -> Option<Finding> {
    const OTHERS_WRITE: u32 = 0o002;
    let mode = fs::metadata(path).ok()?.mode();
    (mode & OTHERS_WRITE != 0).then(|| {
        Finding::error(
            "everybody on this machine may change this file; take the permission away (chmod o-w)",
        )
        .in_file(path)
    })
}
