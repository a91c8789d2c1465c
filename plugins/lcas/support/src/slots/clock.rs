//! The clock on the wall.

use std::path::{Component, Path};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lc_module::Failure;

use super::time::LocalTime;
use crate::text_file;

/// The time zone of a machine.
const LOCAL_ZONE: &str = "/etc/localtime";

/// The time zones with names.
const ZONES: &str = "/usr/share/zoneinfo";

impl LocalTime {
    /// The present in the time zone of this machine, `$TZ` or `/etc/localtime`.
    ///
    /// # Errors
    /// The time zone is not known, or the clock shows no time.
    pub fn now() -> Result<Self, Failure> {
        local(Timestamp::now(), &zone()?)
    }

    /// The moment so many seconds after 1970, likewise.
    ///
    /// # Errors
    /// The time zone is not known, or there is no such moment.
    pub fn at(seconds: i64) -> Result<Self, Failure> {
        local(Timestamp::from_second(seconds)?, &zone()?)
    }
}

/// A moment in a time zone.
fn local(moment: Timestamp, zone: &TimeZone) -> Result<LocalTime, Failure> {
    let here = zone.to_datetime(moment);
    let number = |value: i8| u32::try_from(value).ok();
    let time = || {
        LocalTime::new(
            i32::from(here.year()),
            number(here.month())?,
            number(here.day())?,
            number(here.hour())?,
            number(here.minute())?,
            number(here.weekday().to_sunday_zero_offset())?,
        )
    };
    time().ok_or_else(|| Failure::error("the clock of this machine is wrong"))
}

/// The time zone of this process. One that is not known is an error: UTC instead would open and close at wrong times.
///
/// It is read each time, for jiff's own look-up keeps a data base in statics, which a module that is unloaded loses.
fn zone() -> Result<TimeZone, Failure> {
    // The environment of a set-uid program is its caller's, who must not choose the time.
    let named = std::env::var_os("TZ").filter(|_| !lc_os::is_set_uid());
    let zone = match &named {
        None => machines_zone(Path::new(LOCAL_ZONE)),
        Some(name) => match name.to_str() {
            Some(name) => zone_called(name),
            None => Err("it is no text".to_owned()),
        },
    };
    zone.map_err(|problem| {
        let source = named.map_or_else(
            || LOCAL_ZONE.to_owned(),
            |name| format!("TZ \"{}\"", name.display()),
        );
        Failure::error(format_args!(
            "the local time zone cannot be told, so nobody is let in; correct {source}: {problem}"
        ))
    })
}

/// What `TZ` means to the C library: a file, or else the rules themselves, as in `CET-1CEST,M3.5.0,M10.5.0/3`.
fn zone_called(name: &str) -> Result<TimeZone, String> {
    let name = name.strip_prefix(':').unwrap_or(name);
    if name.is_empty() {
        return Ok(TimeZone::UTC);
    }
    let file = Path::new(ZONES).join(name);
    let inside = !file.components().any(|part| part == Component::ParentDir);
    if inside && file.is_file() {
        return zone_in(&file);
    }
    TimeZone::posix(name).map_err(|error| error.to_string())
}

/// A machine without the file keeps UTC.
fn machines_zone(path: &Path) -> Result<TimeZone, String> {
    match path.try_exists() {
        Ok(false) => Ok(TimeZone::UTC),
        _ => zone_in(path),
    }
}

fn zone_in(path: &Path) -> Result<TimeZone, String> {
    let file = text_file::read(path).map_err(|error| error.to_string())?;
    TimeZone::tzif("local", &file).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(moment: &str, zone: &str) -> String {
        let zone = TimeZone::posix(zone).expect("a zone");
        let moment = moment.parse().expect("a moment");
        local(moment, &zone).expect("a time").to_string()
    }

    #[test]
    fn the_wall_clock_jumps_with_daylight_saving_time() {
        const AMSTERDAM: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
        const NEW_YORK: &str = "EST5EDT,M3.2.0,M11.1.0";
        const LORD_HOWE: &str = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";
        for (moment, zone, expected) in [
            // Forward: 2:00 to 3:00 is no time of that day.
            ("2026-03-29T00:59:59Z", AMSTERDAM, "Sun 2026-03-29 01:59"),
            ("2026-03-29T01:00:00Z", AMSTERDAM, "Sun 2026-03-29 03:00"),
            // Back: 2:00 to 3:00 comes twice.
            ("2026-10-25T00:30:00Z", AMSTERDAM, "Sun 2026-10-25 02:30"),
            ("2026-10-25T01:30:00Z", AMSTERDAM, "Sun 2026-10-25 02:30"),
            ("2026-10-25T02:00:00Z", AMSTERDAM, "Sun 2026-10-25 03:00"),
            ("2026-11-01T05:59:00Z", NEW_YORK, "Sun 2026-11-01 01:59"),
            ("2026-11-01T06:00:00Z", NEW_YORK, "Sun 2026-11-01 01:00"),
            // Half an hour, on the southern half of the earth.
            ("2026-04-04T14:59:00Z", LORD_HOWE, "Sun 2026-04-05 01:59"),
            ("2026-04-04T15:00:00Z", LORD_HOWE, "Sun 2026-04-05 01:30"),
            // Another day, another year, a leap day.
            ("2026-12-31T22:59:59Z", AMSTERDAM, "Thu 2026-12-31 23:59"),
            ("2026-12-31T23:00:00Z", AMSTERDAM, "Fri 2027-01-01 00:00"),
            ("2028-02-28T23:00:00Z", AMSTERDAM, "Tue 2028-02-29 00:00"),
            ("2028-03-01T04:59:59Z", NEW_YORK, "Tue 2028-02-29 23:59"),
            ("2100-02-28T23:00:00Z", AMSTERDAM, "Mon 2100-03-01 00:00"),
        ] {
            assert_eq!(shown(moment, zone), expected, "{moment} {zone}");
        }
    }

    #[test]
    fn a_time_zone_is_a_file_or_the_rules_themselves() {
        let moment: Timestamp = "2026-07-01T12:00:00Z".parse().expect("a moment");
        let shown = |name: &str| {
            let time = local(moment, &zone_called(name)?).map_err(|failure| failure.to_string())?;
            Ok::<_, String>(time.to_string())
        };
        let expected = Ok("Wed 2026-07-01 14:00".to_owned());
        assert_eq!(shown("CET-1CEST,M3.5.0,M10.5.0/3"), expected);
        if Path::new(ZONES).join("Europe/Amsterdam").is_file() {
            assert_eq!(shown("Europe/Amsterdam"), expected);
            assert_eq!(shown(":Europe/Amsterdam"), expected);
            assert_eq!(shown("/usr/share/zoneinfo/Europe/Amsterdam"), expected);
        }
        assert_eq!(shown(""), Ok("Wed 2026-07-01 12:00".to_owned()));
        for unknown in [
            "No/Such_Zone",
            "../../../etc/passwd",
            "Europe",
            "/dev/null",
            "x",
        ] {
            assert!(shown(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn a_file_with_a_time_zone_is_read_and_a_missing_one_means_utc() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("localtime");
        assert_eq!(machines_zone(&path).ok(), Some(TimeZone::UTC));
        std::fs::write(&path, "no time zone").expect("a file");
        assert!(machines_zone(&path).is_err());
    }
}
