//! `[DDd-][H]H:MM`, how long something may be valid.
#![forbid(unsafe_code)]

use std::time::Duration;

/// What a text for [`lifetime`] has to look like.
pub const LIFETIME_FORM: &str =
    "a time such as 12:00 or 02d-12:00 ([DDd-][H]H:MM) and longer than nothing";

/// Reads how long something may be valid, `[DDd-][H]H:MM` as `lcmaps_verify_proxy` has it. Hours and
/// minutes beyond a clock's count on: `00:90` is an hour and a half.
#[must_use]
pub fn lifetime(text: &[u8]) -> Option<Duration> {
    let (rest, minutes) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let rest = rest.strip_suffix(b":")?;
    let (days, hours) = match rest.iter().position(|&byte| byte == b'-') {
        None => (0, rest),
        Some(at) => {
            let days = rest[..at]
                .strip_suffix(b"d")
                .or(rest[..at].strip_suffix(b"D"))?;
            // Behind days, hours have both digits.
            if rest.len() - at - 1 != 2 {
                return None;
            }
            (number(days)?, &rest[at + 1..])
        }
    };
    let minutes = days * 24 * 60 + number(hours)? * 60 + number(minutes)?;
    (minutes > 0).then(|| Duration::from_secs(minutes * 60))
}

/// One or two digits.
fn number(digits: &[u8]) -> Option<u64> {
    if !(1..=2).contains(&digits.len()) {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| {
        digit
            .is_ascii_digit()
            .then(|| value * 10 + u64::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_forms_of_the_manual_are_read() {
        let minutes = |text: &str| lifetime(text.as_bytes()).map(|time| time.as_secs() / 60);
        assert_eq!(minutes("1:00"), Some(60));
        assert_eq!(minutes("12:30"), Some(750));
        assert_eq!(minutes("00:90"), Some(90));
        assert_eq!(minutes("1d-02:03"), Some(24 * 60 + 123));
        assert_eq!(minutes("99d-99:99"), Some(99 * 24 * 60 + 99 * 60 + 99));
        for wrong in [
            "",
            "0:00",
            "00d-00:00",
            "100",
            "1:0",
            "1d-12",
            "x:00",
            "1d-1:00",
            "d-01:00",
            "100:00",
            "1-02:00",
            "100d-01:00",
            "-01:00",
            "12:00 ",
            "+1:00",
        ] {
            assert_eq!(minutes(wrong), None, "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_time_or_none(text: Vec<u8>) {
            let _ = lifetime(&text);
        }
    }
}
