//! Leases as text and JSON.

use std::io::{self, Write};
use std::time::UNIX_EPOCH;

use lc_leases::{HeldLease, Survey};
use lcmaps_tools::json;
use lcmaps_tools::printable::printable;
use serde::Serialize;

use super::holders::decoded;
use super::{Outcome, Problem, is_json};
use crate::cli::Format;

/// A lease for the answer.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The account (or group).
    pub account: String,
    /// The DN or FQAN, in lower case.
    pub identity: String,
    /// Groups that are part of the lease's name.
    pub groups: Vec<String>,
    /// Which of several leases of the identity it is.
    pub map_counter: Option<u32>,
    /// When a mapping last used it, in seconds since 1970.
    pub last_used: u64,
    /// The name of the entry.
    pub lease: String,
}

impl Row {
    /// A lease with its name resolved.
    pub fn of(held: &HeldLease) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let decoded = decoded(held);
        let since = held.last_used.duration_since(UNIX_EPOCH);
        Self {
            account: text(&held.account),
            identity: decoded
                .as_ref()
                .map_or_else(|| text(&held.lease), |decoded| text(&decoded.identity)),
            groups: decoded
                .iter()
                .flat_map(|decoded| &decoded.groups)
                .map(|group| text(group))
                .collect(),
            map_counter: decoded.and_then(|decoded| decoded.counter),
            last_used: since.map_or(0, |since| since.as_secs()),
            lease: text(&held.lease),
        }
    }

    fn line(&self) -> String {
        let mut line = format!(
            "{:<12}  {}  {}",
            printable(&self.account),
            date(self.last_used),
            printable(&self.identity)
        );
        if !self.groups.is_empty() {
            line += &format!("  groups {}", printable(&self.groups.join(",")));
        }
        if let Some(counter) = self.map_counter {
            line += &format!("  counter {counter}");
        }
        line
    }
}

/// A moment in UTC.
fn date(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let days = seconds.div_euclid(86400);
    let (hour, minute) = (
        seconds.rem_euclid(86400) / 3600,
        seconds.rem_euclid(3600) / 60,
    );
    // Years begin in March here, so that the day that some years have more is the last one. An era has 400 years.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let of_month = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = year + era * 400 + carry;
    format!("{year:04}-{month:02}-{of_month:02} {hour:02}:{minute:02}Z")
}

/// All leases and the number of free accounts.
///
/// # Errors
/// The answer cannot be written.
pub fn list(survey: &Survey, format: Format) -> Result<Outcome, Problem> {
    #[derive(Serialize)]
    struct Answer {
        leases: Vec<Row>,
        free: Vec<String>,
    }
    let leases: Vec<Row> = survey.leases.iter().map(Row::of).collect();
    let mut out = io::stdout().lock();
    if is_json(format) {
        let free = survey.free.iter();
        let free = free.map(|name| String::from_utf8_lossy(name).into_owned());
        let answer = Answer {
            leases,
            free: free.collect(),
        };
        json::write(&mut out, &answer)?;
    } else {
        for lease in &leases {
            writeln!(out, "{}", lease.line())?;
        }
        writeln!(out, "{} leased, {} free", leases.len(), survey.free.len())?;
    }
    out.flush()?;
    Ok(Outcome::Good)
}

/// Some leases; none is a result of its own.
///
/// # Errors
/// The answer cannot be written.
pub fn shown(leases: &[HeldLease], format: Format) -> Result<Outcome, Problem> {
    let rows: Vec<Row> = leases.iter().map(Row::of).collect();
    let mut out = io::stdout().lock();
    if is_json(format) {
        json::write(&mut out, &rows)?;
    } else {
        for row in &rows {
            writeln!(out, "{}", row.line())?;
        }
        if rows.is_empty() {
            writeln!(out, "no lease")?;
        }
    }
    out.flush()?;
    Ok(if rows.is_empty() {
        Outcome::Bad
    } else {
        Outcome::Good
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_dates() {
        assert_eq!(date(0), "1970-01-01 00:00Z");
        assert_eq!(date(951_782_400), "2000-02-29 00:00Z");
        assert_eq!(date(1_735_689_599), "2024-12-31 23:59Z");
        assert_eq!(date(1_779_025_500), "2026-05-17 13:45Z");
    }
}
