//! Stretches of time on the command line.

use std::time::Duration;

/// Reads `90d`, `12h`, `30m` or `45s`.
///
/// # Errors
/// The text is none of these, or too long a time.
pub fn age(text: &str) -> Result<Duration, String> {
    let parsed = text.char_indices().last().and_then(|(at, unit)| {
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => return None,
        };
        let digits = text.get(..at)?;
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number: u64 = digits.parse().ok().filter(|_| plain)?;
        number.checked_mul(seconds).map(Duration::from_secs)
    });
    parsed.ok_or_else(|| "write a time like 90d, 12h, 30m or 45s".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit_make_a_time() {
        assert_eq!(age("2d"), Ok(Duration::from_secs(172_800)));
        assert_eq!(age("0s"), Ok(Duration::ZERO));
        for wrong in [
            "",
            "d",
            "2",
            "-2d",
            "+2d",
            "2w",
            "99999999999999999999d",
            "2é",
        ] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }
}
