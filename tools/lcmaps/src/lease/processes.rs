//! Processes of an account or of a group, as `/proc` shows them.

use std::collections::BTreeSet;
use std::ffi::CString;

use lc_os::{account_by_name, group_by_name};

/// Whose processes run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// So many processes.
    Processes(usize),
    /// This machine does not know the account or group, so nothing can run under it here.
    Unknown,
}

/// Counts the processes that have the id of an account (or group) in any of its four forms, groups also among the
/// supplementary ones.
///
/// # Errors
/// The name service or `/proc` does not tell, in words.
pub fn of(groups: bool, name: &[u8]) -> Result<Running, String> {
    let shown = String::from_utf8_lossy(name);
    let Ok(name) = CString::new(name) else {
        return Ok(Running::Unknown);
    };
    let id = if groups {
        group_by_name(&name).map(|found| found.map(|group| group.gid.as_raw()))
    } else {
        account_by_name(&name).map(|found| found.map(|account| account.uid.as_raw()))
    };
    match id.map_err(|problem| problem.to_string())? {
        None => Ok(Running::Unknown),
        Some(id) => count(groups, id)
            .map(Running::Processes)
            .map_err(|problem| format!("cannot look for processes of {shown}: {problem}")),
    }
}

fn count(groups: bool, id: u32) -> std::io::Result<usize> {
    let (mut found, mut all) = (0, false);
    for entry in std::fs::read_dir("/proc")? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(pid) = name.and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        // A process that has ended meanwhile does not count.
        let Ok(status) = std::fs::read_to_string(path.join("status")) else {
            continue;
        };
        all |= pid == 1;
        found += usize::from(ids(&status, groups).contains(&id));
    }
    // With hidepid, other people's processes are not there for an ordinary user, the first one among them; without
    // /proc, no process is.
    if all {
        Ok(found)
    } else {
        Err(std::io::Error::other(
            "/proc does not show the processes of others; run this as root",
        ))
    }
}

fn ids(status: &str, groups: bool) -> BTreeSet<u32> {
    let wanted: &[&str] = if groups {
        &["Gid:", "Groups:"]
    } else {
        &["Uid:"]
    };
    let lines = status.lines().filter_map(|line| {
        let start = wanted.iter().find(|start| line.starts_with(**start))?;
        line.get(start.len()..)
    });
    lines
        .flat_map(str::split_whitespace)
        .filter_map(|word| word.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processes_of_root_are_found_and_of_nobody_unknown_none() {
        assert!(matches!(of(false, b"root"), Ok(Running::Processes(n)) if n > 0));
        assert_eq!(of(false, b"no_such_user"), Ok(Running::Unknown));
    }

    #[test]
    fn every_form_of_an_id_counts() {
        let status = "Name:\tx\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t9 10 \n";
        assert_eq!(ids(status, false), BTreeSet::from([1, 2, 3, 4]));
        assert_eq!(ids(status, true), BTreeSet::from([5, 6, 7, 8, 9, 10]));
    }
}
