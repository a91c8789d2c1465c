//! A moment in time on a command line.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lc_x509::generalized_time;

/// A moment after 1970-01-01 00:00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(i64);

impl Moment {
    /// The moment so many seconds after 1970; `None` when it is not after.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        (seconds > 0).then_some(Self(seconds))
    }

    /// Now.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let seconds = since.map_or(0, |since| since.as_secs());
        Self(i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0
    }

    /// The same for the clock of this machine.
    #[must_use]
    pub fn system(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.0.unsigned_abs())
    }
}

/// Reads `2026-05-17`, `2026-05-17 13:45`, `2026-05-17T13:45:00Z`, `20260517134500Z` or `@1779025500`; always
/// UTC.
///
/// # Errors
/// The text is none of these, or not after 1970.
pub fn parse(text: &str) -> Result<Moment, String> {
    let seconds = match text.strip_prefix('@') {
        Some(seconds) => seconds.parse().ok(),
        None => canonical(text).and_then(|text| generalized_time(text.as_bytes())),
    };
    seconds.and_then(Moment::from_unix).ok_or_else(|| {
        "not a time such as \"2026-05-17 13:45:00\" (UTC) or @SECONDS since 1970".to_owned()
    })
}

/// The text as `YYYYMMDDHHMMSSZ`.
fn canonical(text: &str) -> Option<String> {
    let text = text
        .strip_suffix('Z')
        .or_else(|| text.strip_suffix(" UTC"))
        .unwrap_or(text);
    if text.len() == 14 {
        return Some(format!("{text}Z"));
    }
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let date = joined(date, '-', &[4, 2, 2])?;
    let time = joined(time, ':', &[2, 2, 2]).or_else(|| {
        let minutes = joined(time, ':', &[2, 2])?;
        Some(minutes + "00")
    })?;
    Some(format!("{date}{time}Z"))
}

/// The fields without what separates them, if they have these lengths.
fn joined(text: &str, separator: char, lengths: &[usize]) -> Option<String> {
    let fields: Vec<&str> = text.split(separator).collect();
    (fields.iter().map(|field| field.len()))
        .eq(lengths.iter().copied())
        .then(|| fields.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_moment_is_read_in_every_form_of_the_manual() {
        let expected = parse("@951825600").map(Moment::unix);
        assert_eq!(expected, Ok(951_825_600));
        for text in [
            "2000-02-29 12:00:00",
            "2000-02-29 12:00",
            "2000-02-29 12:00:00 UTC",
            "2000-02-29T12:00:00Z",
            "20000229120000Z",
            "20000229120000",
        ] {
            assert_eq!(parse(text).map(Moment::unix), expected, "{text}");
        }
        assert_eq!(
            parse("2000-02-29").map(Moment::unix),
            Ok(951_825_600 - 12 * 3600)
        );
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "now",
            "@",
            "@0",
            "@-5",
            "2001-02-29",
            "2000-2-9",
            "12:00",
            "2000-02-29 24:00",
            "1970-01-01",
            "1969-12-31",
            "2000-02-29 12",
            "Z",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_moment_or_none(text: String) {
            let _ = parse(&text);
        }
    }
}
