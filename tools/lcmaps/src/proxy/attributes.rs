//! What is shown of VOMS attribute certificates.

use std::time::Duration;

use lc_voms::{Attributes, Checks, Outcome, Refused, Settings};
use lc_x509::{Chain, ShownDuration, Validity, generalized_time};
use lcmaps_tools::moment::Moment;

use super::view::{Attribute, Dates, Generic};

/// Every attribute certificate in its order: what it says, and whether that is proven.
pub fn describe(chain: &Chain, how: &Settings, outcome: &Outcome, time: Moment) -> Vec<Attribute> {
    if outcome.refused.is_empty() {
        return outcome
            .accepted
            .iter()
            .map(|one| accepted(one, time))
            .collect();
    }
    // What those say that did not pass is read once more, without checks.
    let unchecked = Settings {
        checks: Checks::empty(),
        ..how.clone()
    };
    let claims = lc_voms::attributes(chain, &unchecked);
    let mut proven = outcome.accepted.iter();
    let mut claimed = claims.accepted.iter();
    let count = outcome.accepted.len() + outcome.refused.len();
    let mut shown = Vec::with_capacity(count);
    for number in 1..=count {
        let is_this = |refused: &&Refused| refused.number.is_none_or(|found| found == number);
        let claim = match claims.refused.iter().find(is_this) {
            Some(_) => None,
            None => claimed.next(),
        };
        match outcome.refused.iter().find(is_this) {
            Some(refused) => shown.push(Attribute {
                vo: refused
                    .vo
                    .clone()
                    .or_else(|| claim.map(|claim| claim.vo.clone())),
                accepted: false,
                reason: Some(refused.to_string()),
                // The holder of a claim is the user of this chain, whoever it was given to.
                holder: None,
                ..claim.map(|claim| accepted(claim, time)).unwrap_or_default()
            }),
            None => shown.extend(proven.next().map(|one| accepted(one, time))),
        }
    }
    shown
}

fn accepted(one: &Attributes, time: Moment) -> Attribute {
    let date = |date: &str| generalized_time(date.as_bytes());
    let validity = match (date(&one.not_before), date(&one.not_after)) {
        (Some(not_before), Some(not_after)) => Some(Validity {
            not_before,
            not_after,
        }),
        _ => None,
    };
    Attribute {
        vo: Some(one.vo.clone()),
        accepted: true,
        reason: None,
        holder: Some(one.holder.clone()),
        issuer: Some(one.issuer.clone()),
        issuer_authority: one.issuer_authority.clone(),
        uri: Some(one.uri.clone()),
        fqans: one.fqans.iter().map(|fqan| text(fqan)).collect(),
        generic: one
            .generic
            .iter()
            .map(|generic| Generic {
                grantor: text(&generic.grantor),
                name: text(&generic.name),
                value: text(&generic.value),
                qualifier: text(&generic.qualifier),
            })
            .collect(),
        validity: validity.map(|validity| Dates::new(validity, time)),
    }
}

/// Bytes of an attribute certificate as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The sentence about an attribute certificate that is valid for too long.
pub fn too_long(attribute: &Attribute, limit: u64) -> String {
    let shown = |seconds| ShownDuration(Duration::from_secs(seconds)).to_string();
    format!(
        "the attribute certificate of VO {} is valid {}, limit {}",
        attribute.vo.as_deref().unwrap_or("unknown"),
        attribute
            .lifetime()
            .map_or_else(|| "for an unknown time".to_owned(), shown),
        shown(limit)
    )
}
