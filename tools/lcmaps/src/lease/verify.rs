//! Orphans and inconsistencies of a directory of leases.

use std::io::{self, Write};
use std::time::Duration;

use lc_leases::{Odd, Oddity, Survey};
use lcmaps_tools::json;
use lcmaps_tools::printable::printable;
use serde::Serialize;

use super::{Outcome, Place, Problem, is_json};
use crate::check::unusable;
use crate::cli::Format;

/// A lease in the making has settled after this time.
const SETTLED: Duration = Duration::from_millis(250);

/// One thing that is wrong.
#[derive(Debug, Serialize)]
struct Wrong {
    entry: String,
    problem: String,
    advice: String,
}

/// Says what is wrong with the directory, twice seen so that leases in the making do not count.
///
/// # Errors
/// The directory cannot be used, or the answer cannot be written.
pub fn report(place: &Place, format: Format) -> Result<Outcome, Problem> {
    let mut survey = place.store.survey()?;
    if !survey.odd.is_empty() {
        std::thread::sleep(SETTLED);
        let again = place.store.survey()?;
        let first = std::mem::replace(&mut survey, again);
        survey.odd.retain(|odd| first.odd.contains(odd));
    }
    let mut wrong: Vec<Wrong> = survey.odd.iter().map(of_entry).collect();
    wrong.extend(of_members(place, &survey));
    let mut out = io::stdout().lock();
    if is_json(format) {
        json::write(&mut out, &wrong)?;
    } else {
        for one in &wrong {
            let entry = place.store.path().join(&one.entry).display().to_string();
            let (problem, advice) = (printable(&one.problem), printable(&one.advice));
            writeln!(out, "{}: {problem}; {advice}", printable(&entry))?;
        }
        let (leased, free) = (survey.leases.len(), survey.free.len());
        writeln!(out, "{leased} leased, {free} free, {} wrong", wrong.len())?;
    }
    out.flush()?;
    Ok(if wrong.is_empty() {
        Outcome::Good
    } else {
        Outcome::Bad
    })
}

fn of_entry(odd: &Odd) -> Wrong {
    let names = |names: &[Vec<u8>]| {
        let names: Vec<_> = names
            .iter()
            .map(|name| String::from_utf8_lossy(name))
            .collect();
        names.join(", ")
    };
    let (problem, advice) = match &odd.oddity {
        Oddity::Orphan => (
            "is a lease whose account is gone".to_owned(),
            "remove it; its owner gets another account at his next mapping",
        ),
        Oddity::NotRegular => (
            "is no regular file".to_owned(),
            "remove it: accounts and leases are regular files",
        ),
        Oddity::TooManyLinks { links, others } => (
            format!("has {links} names; the others here are: {}", names(others)),
            "remove the lease that is wrong: an account and its lease make 2",
        ),
        Oddity::Unpaired { other: Some(other) } => (
            format!(
                "is the same file as {}, and these two are no account and its lease",
                String::from_utf8_lossy(other)
            ),
            "remove one of the two",
        ),
        Oddity::Unpaired { other: None } => (
            "has a second name outside this directory".to_owned(),
            "remove that name (find -samefile), or make the entry anew: it counts as leased",
        ),
        Oddity::Abandoned => (
            "is what a process left that was killed while it removed a lease".to_owned(),
            "remove it; it reserves its account until the pool is next found exhausted",
        ),
        Oddity::Displaced => (
            "is a lease that was replaced at the moment in which it was removed".to_owned(),
            "remove it once its owner has no processes; it reserves its account",
        ),
        _ => (
            "is neither the name of an account nor of a lease".to_owned(),
            "remove it",
        ),
    };
    Wrong {
        entry: String::from_utf8_lossy(&odd.entry).into_owned(),
        problem,
        advice: advice.to_owned(),
    }
}

/// Accounts that this machine does not have, or that are root's.
fn of_members(place: &Place, survey: &Survey) -> Vec<Wrong> {
    let leased = survey.leases.iter().map(|held| &held.account);
    let mut members: Vec<&Vec<u8>> = survey.free.iter().chain(leased).collect();
    members.sort();
    members
        .into_iter()
        .filter_map(|member| {
            Some(Wrong {
                entry: String::from_utf8_lossy(member).into_owned(),
                problem: unusable(place.groups, member)?,
                advice: "create it, or remove the file (and its lease)".to_owned(),
            })
        })
        .collect()
}
