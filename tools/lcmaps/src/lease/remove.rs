//! Taking leases away.

use std::io::{self, Write};

use lc_leases::{HeldLease, LeaseName, Release};
use lcmaps_tools::json;
use lcmaps_tools::printable::printable;
use serde::Serialize;

use super::processes::{self, Running};
use super::view::Row;
use super::{Outcome, Place, Problem, is_json};
use crate::cli::Format;

/// What became of a lease.
#[derive(Debug, Serialize)]
struct Removed {
    #[serde(flatten)]
    lease: Row,
    /// It is gone; without `--yes` it would go.
    released: bool,
    /// Nothing was changed.
    dry_run: bool,
    /// Why it stays.
    reason: Option<String>,
}

/// Takes these leases away, or says which ones would go. Leases whose accounts have processes stay unless `force`.
///
/// # Errors
/// The directory cannot be used, or the answer cannot be written.
pub fn all(
    place: &Place,
    leases: &[HeldLease],
    force: bool,
    yes: bool,
    format: Format,
) -> Result<Outcome, Problem> {
    let mut answers = Vec::new();
    for held in leases {
        let stays = if yes {
            release(place, held, force)?
        } else {
            owned(place, held, force)
        };
        answers.push(Removed {
            lease: Row::of(held),
            released: stays.is_none(),
            dry_run: !yes,
            reason: stays,
        });
    }
    print(&answers, yes, format)?;
    let kept = answers.iter().any(|answer| !answer.released);
    Ok(if kept { Outcome::Bad } else { Outcome::Good })
}

/// Why it stays; `None` when it is gone.
fn release(place: &Place, held: &HeldLease, force: bool) -> Result<Option<String>, Problem> {
    let Some(name) = LeaseName::stored(&held.lease) else {
        return Ok(Some("its name is none of a lease".to_owned()));
    };
    let mut reason = None;
    let released = place.store.release(&name, held.last_used, || {
        reason = owned(place, held, force);
        reason.is_none()
    })?;
    Ok(match released {
        Release::Done => None,
        Release::Absent => Some("it has gone meanwhile".to_owned()),
        Release::InUse => Some("a mapping has used it meanwhile".to_owned()),
        Release::Kept => reason,
    })
}

/// Whose processes keep it.
fn owned(place: &Place, held: &HeldLease, force: bool) -> Option<String> {
    if force {
        return None;
    }
    match processes::of(place.groups, &held.account) {
        Ok(Running::Unknown | Running::Processes(0)) => None,
        Ok(Running::Processes(1)) => Some("1 process runs under it".to_owned()),
        Ok(Running::Processes(number)) => Some(format!("{number} processes run under it")),
        Err(problem) => Some(problem),
    }
}

fn print(answers: &[Removed], yes: bool, format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if is_json(format) {
        json::write(&mut out, answers)?;
        return out.flush();
    }
    for answer in answers {
        let lease = &answer.lease;
        let (account, identity) = (printable(&lease.account), printable(&lease.identity));
        match &answer.reason {
            Some(reason) => writeln!(
                out,
                "kept      {account}  {identity}: {}",
                printable(reason)
            )?,
            None if yes => writeln!(out, "released  {account}  {identity}")?,
            None => writeln!(out, "would go  {account}  {identity}")?,
        }
    }
    if !yes {
        writeln!(out, "Nothing was changed. Say --yes to do it.")?;
    }
    out.flush()
}
