//! Dates of certificates as seconds since 1970, and back as text.
#![forbid(unsafe_code)]

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY: i64 = 86_400;

/// From when to when something is valid, in seconds since 1970, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first second.
    pub not_before: i64,
    /// The last second.
    pub not_after: i64,
}

impl Validity {
    /// How long it is valid; nothing when it ends before it begins.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        let seconds = self.not_after.saturating_sub(self.not_before);
        Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
    }
}

/// Reads `YYYYMMDDHHMMSSZ`, the form of dates in attribute certificates and of late dates in
/// certificates: seconds since 1970.
#[must_use]
pub fn generalized_time(text: &[u8]) -> Option<i64> {
    let (year, rest) = text.split_at_checked(4)?;
    seconds(number(year)?, rest)
}

/// Reads `YYMMDDHHMMSSZ`; years from 50 on are those of the 20th century.
pub(crate) fn utc_time(text: &[u8]) -> Option<i64> {
    let (year, rest) = text.split_at_checked(2)?;
    let year = number(year)?;
    seconds(if year < 50 { 2000 + year } else { 1900 + year }, rest)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |value, digit| {
        digit
            .is_ascii_digit()
            .then(|| value * 10 + i64::from(digit - b'0'))
    })
}

/// The rest after the year: `MMDDHHMMSSZ`.
fn seconds(year: i64, rest: &[u8]) -> Option<i64> {
    let rest = rest.strip_suffix(b"Z")?;
    if rest.len() != 10 {
        return None;
    }
    let mut fields = rest.chunks(2).map(number);
    let mut field = |least, most| {
        let value = fields.next()??;
        (least..=most).contains(&value).then_some(value)
    };
    let month = field(1, 12)?;
    let day = field(1, days_in(year, month))?;
    let (hour, minute, second) = (field(0, 23)?, field(0, 59)?, field(0, 59)?);
    Some(days_before(year, month, day) * DAY + hour * 3600 + minute * 60 + second)
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. Years begin in March here, so that
/// the leap day is the last one.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Seconds since 1970 of a point in time.
pub(crate) fn unix(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |s| -s - 1),
    }
}

/// Seconds since 1970 as `YYYY-MM-DD HH:MM:SS UTC`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownTime(pub i64);

impl fmt::Display for ShownTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.0.div_euclid(DAY) + 719_468;
        let second = self.0.rem_euclid(DAY);
        let era = days.div_euclid(146_097);
        let day = days.rem_euclid(146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let march = (5 * day + 2) / 153;
        let month = if march < 10 { march + 3 } else { march - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        let day = day - (153 * march + 2) / 5 + 1;
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC"
        )
    }
}

/// A length of time as people say it: `30 h`, `1 h 30 min`, `12 min 5 s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownDuration(pub Duration);

impl fmt::Display for ShownDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let parts = [
            (seconds / 3600, "h"),
            (seconds / 60 % 60, "min"),
            (seconds % 60, "s"),
        ];
        let mut separator = "";
        for (count, unit) in parts.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "{separator}{count} {unit}")?;
            separator = " ";
        }
        if seconds == 0 {
            f.write_str("0 s")
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_in_both_forms_and_no_other() {
        assert_eq!(generalized_time(b"19700101000000Z"), Some(0));
        assert_eq!(generalized_time(b"20000229120000Z"), Some(951_825_600));
        assert_eq!(utc_time(b"000229120000Z"), Some(951_825_600));
        assert_eq!(utc_time(b"491231235959Z"), Some(2_524_607_999));
        assert_eq!(utc_time(b"500101000000Z"), Some(-631_152_000));
        for wrong in [
            &b""[..],
            b"Z",
            b"20230229000000Z",
            b"20231301000000Z",
            b"20230101240000Z",
            b"20230101000060Z",
            b"20230101000000",
            b"20230101000000+0100",
            b"202301010000Z",
            b"2023 101000000Z",
        ] {
            assert_eq!(generalized_time(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn times_are_shown_so_that_people_can_read_them() {
        assert_eq!(
            ShownTime(951_825_600).to_string(),
            "2000-02-29 12:00:00 UTC"
        );
        assert_eq!(ShownTime(-1).to_string(), "1969-12-31 23:59:59 UTC");
        let shown = |seconds| ShownDuration(Duration::from_secs(seconds)).to_string();
        assert_eq!(shown(30 * 3600), "30 h");
        assert_eq!(shown(5400), "1 h 30 min");
        assert_eq!(shown(725), "12 min 5 s");
        assert_eq!(shown(0), "0 s");
    }

    #[test]
    fn times_before_1970_and_far_away_are_no_fault() {
        assert_eq!(unix(UNIX_EPOCH), 0);
        assert_eq!(unix(UNIX_EPOCH - Duration::from_secs(9)), -10);
        let validity = Validity {
            not_before: i64::MAX,
            not_after: i64::MIN,
        };
        assert_eq!(validity.lifetime(), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_what_was_read(time in -62_135_596_800_i64..253_402_300_799) {
            let shown = ShownTime(time).to_string();
            let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(generalized_time(format!("{digits}Z").as_bytes()), Some(time));
        }

        #[test]
        fn any_text_is_a_date_or_none(text: Vec<u8>) {
            let _ = (generalized_time(&text), utc_time(&text));
        }
    }
}
