//! Points in time: dates of attribute certificates and the time of verification.
#![forbid(unsafe_code)]

/// Seconds since 1970 of a DER GeneralizedTime, `YYYYMMDDHHMMSSZ`; `None` when it is anything else.
pub(crate) fn seconds(text: &[u8]) -> Option<i64> {
    let text: &[u8; 15] = text.try_into().ok()?;
    let (digits, zone) = text.split_at(14);
    if zone != b"Z" || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        digits[range]
            .iter()
            .fold(0_i64, |number, digit| number * 10 + i64::from(digit - b'0'))
    };
    let (year, month, day) = (number(0..4), number(4..6), number(6..8));
    let (hour, minute, second) = (number(8..10), number(10..12), number(12..14));
    let in_range = (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    in_range
        .then(|| ((days_before(year, month) + day - 1) * 24 + hour) * 3600 + minute * 60 + second)
}

/// `YYYY-MM-DD HH:MM:SS UTC`, for messages.
pub(crate) fn shown(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Years beyond four digits are shown as a number of seconds.
    let Some(mut year) = (0..10_000)
        .contains(&(days.div_euclid(366) + 1970))
        .then(|| days.div_euclid(366) + 1970)
    else {
        return format!("{seconds} s since 1970");
    };
    while days_before(year + 1, 1) <= days {
        year += 1;
    }
    let mut month = 12;
    while days_before(year, month) > days {
        month -= 1;
    }
    let day = days - days_before(year, month) + 1;
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970 to the first of a month.
fn days_before(year: i64, month: i64) -> i64 {
    let years = year - 1;
    let leap_days = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400) - 477;
    (year - 1970) * 365 + leap_days + (1..month).map(|month| days_of(year, month)).sum::<i64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::asn1::Asn1Time;
    use proptest::prelude::*;

    #[test]
    fn dates_are_counted_as_openssl_counts_them() {
        let epoch = Asn1Time::from_unix(0).expect("time");
        for text in [
            "19700101000000Z",
            "20000229235959Z",
            "20000301000000Z",
            "21000228120000Z",
            "20261122014845Z",
            "20991231235959Z",
        ] {
            let time = Asn1Time::from_str(text).expect("time");
            let apart = epoch.diff(&time).expect("difference");
            assert_eq!(
                seconds(text.as_bytes()),
                Some(i64::from(apart.days) * 86_400 + i64::from(apart.secs)),
                "{text}"
            );
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "20261122014845",
            "20261122014845z",
            "2026112201484Z5",
            "261122014845Z",
            "20261122014845.5Z",
            "20261122014845+0100",
            "20260229000000Z",
            "20261301000000Z",
            "20260001000000Z",
            "20260100000000Z",
            "20260101240000Z",
            "20260101006000Z",
            "20260101000060Z",
            "+0260101000000Z",
        ] {
            assert_eq!(seconds(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn far_times_are_shown_too() {
        assert_eq!(shown(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(shown(i64::MAX), format!("{} s since 1970", i64::MAX));
        assert_eq!(shown(i64::MIN), format!("{} s since 1970", i64::MIN));
    }

    proptest! {
        #[test]
        fn what_is_shown_is_what_was_read(time in 0_i64..253_402_300_799) {
            let text: String = shown(time).chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(seconds(format!("{text}Z").as_bytes()), Some(time));
        }

        #[test]
        fn any_time_is_shown(time: i64) {
            prop_assert!(!shown(time).is_empty());
        }

        #[test]
        fn any_bytes_are_a_date_or_not(text: Vec<u8>) {
            let _ = seconds(&text);
        }
    }
}
