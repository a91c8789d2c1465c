//! The clock on the wall.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lcas_module_support::slots::LocalTime;
use lcas_plugin::Failure;

/// The time zone of a machine.
const LOCAL_ZONE: &str = "/etc/localtime";

/// The time of this machine in its time zone, `$TZ` or `/etc/localtime`.
pub(crate) fn now() -> Result<LocalTime, Failure> {
    let zone = zone()?;
    local(Timestamp::now(), &zone)
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

/// A time zone that is not known is an error: UTC instead would open and close at wrong times.
fn zone() -> Result<TimeZone, Failure> {
    // The environment of a set-uid program is its caller's, who must not choose the time.
    if lc_os::is_set_uid() {
        return machines_zone(Path::new(LOCAL_ZONE));
    }
    TimeZone::try_system().map_err(|error| {
        Failure::error(format_args!(
            "the local time zone cannot be told, so nobody is let in; correct TZ or {LOCAL_ZONE}: {error}"
        ))
    })
}

fn machines_zone(path: &Path) -> Result<TimeZone, Failure> {
    let file = match std::fs::read(path) {
        Ok(file) => file,
        // A machine without the file keeps UTC.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(TimeZone::UTC),
        Err(error) => {
            return Err(Failure::error(format_args!("{}: {error}", path.display())));
        }
    };
    TimeZone::tzif("local", &file)
        .map_err(|error| Failure::error(format_args!("{}: {error}", path.display())))
}
