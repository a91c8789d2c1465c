//! How long attribute certificates are valid.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lc_x509::{ShownDuration, ShownTime, Validity, generalized_time};
use lcmaps_plugin::{AttributeCertificate, Failure, Shown, VomsData};

/// Holds all attribute certificates against a limit; none at all is fine.
pub(crate) fn check(
    data: Option<VomsData<'_>>,
    limit: Duration,
    now: SystemTime,
) -> Result<(), Failure> {
    let now = (now.duration_since(UNIX_EPOCH).ok())
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .ok_or_else(|| Failure::error("the clock of this machine is wrong"))?;
    for certificate in data.into_iter().flat_map(VomsData::certificates) {
        let vo = certificate.vo().unwrap_or_default().to_bytes();
        let validity = validity(certificate).ok_or_else(|| {
            Failure::refused(format_args!(
                "the dates of the attribute certificate of VO {} cannot be read",
                Shown(vo)
            ))
        })?;
        hold(validity, limit, now).map_err(|reason| {
            Failure::refused(format_args!(
                "the attribute certificate of VO {} {reason}",
                Shown(vo)
            ))
        })?;
    }
    Ok(())
}

fn validity(certificate: AttributeCertificate<'_>) -> Option<Validity> {
    Some(Validity {
        not_before: generalized_time(certificate.not_before()?.to_bytes())?,
        not_after: generalized_time(certificate.not_after()?.to_bytes())?,
    })
}

fn hold(validity: Validity, limit: Duration, now: i64) -> Result<(), String> {
    if now <= validity.not_before {
        return Err(format!(
            "is not valid before {}",
            ShownTime(validity.not_before)
        ));
    }
    if now >= validity.not_after {
        return Err(format!("expired at {}", ShownTime(validity.not_after)));
    }
    if validity.lifetime() > limit {
        return Err(format!(
            "is valid {}, limit {}",
            ShownDuration(validity.lifetime()),
            ShownDuration(limit)
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_lies_between_the_dates_and_these_within_the_limit() {
        let validity = Validity {
            not_before: 1000,
            not_after: 4600,
        };
        let hour = Duration::from_secs(3600);
        assert_eq!(hold(validity, hour, 1001), Ok(()));
        let reason = |limit, now| hold(validity, limit, now).expect_err("refused");
        assert_eq!(
            reason(hour, 1000),
            "is not valid before 1970-01-01 00:16:40 UTC"
        );
        assert_eq!(reason(hour, 4600), "expired at 1970-01-01 01:16:40 UTC");
        assert_eq!(
            reason(Duration::from_secs(3599), 2000),
            "is valid 1 h, limit 59 min 59 s"
        );
    }
}
