//! Wall-clock time: how long jobs may run.
//!
//! The attributes are `maxWallTime` and `maxTime` of a request, in minutes as in GRAM. Every occurrence counts. A request
//! that names neither of them, or 0, which job managers take for "not given", falls under [`Unnamed`].

mod limits;
mod options;

pub use limits::{Limit, LimitFile};
pub use options::{Unnamed, WALL_TIME_OPTIONS, WallTime};

use lc_module::{Failure, Shown};
use lc_rsl::{Operator, Relation};

use crate::request::Request;

/// The attributes with a time.
const ATTRIBUTES: &[&str] = &["maxWallTime", "maxTime"];

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// At most so many minutes, however it is carried out.
    Minutes(u64),
    /// Nothing, or not in every way to carry it out. The number is the most that it does ask for.
    Unnamed(u64),
}

/// The time that a request asks for; the text may be missing.
///
/// # Errors
/// The text is no RSL, or the time is none.
pub fn wanted(text: Option<&[u8]>) -> Result<Wanted, Failure> {
    let Some(text) = text.filter(|text| !text.trim_ascii().is_empty()) else {
        return Ok(Wanted::Unnamed(0));
    };
    let request = Request::read(text)?;
    let mut most = 0;
    let mut named = request.always_has(ATTRIBUTES);
    for relation in request.occurrences(ATTRIBUTES) {
        let minutes = minutes(relation)?;
        named &= minutes > 0;
        most = most.max(minutes);
    }
    Ok(if named {
        Wanted::Minutes(most)
    } else {
        Wanted::Unnamed(most)
    })
}

fn minutes(relation: &Relation) -> Result<u64, Failure> {
    let name = Shown(&relation.attribute);
    let single = relation
        .single_literal()
        .filter(|_| relation.operator == Operator::Equal);
    let Some(text) = single else {
        return Err(Failure::refused(format_args!(
            "the request has a {name} that is not a single number, as in ({name}=60)"
        )));
    };
    parse_minutes(text).ok_or_else(|| {
        Failure::refused(format_args!(
            "the request asks for {name}=\"{}\", which is no number of minutes",
            Shown(text)
        ))
    })
}

/// Decimal digits and nothing else; more than fit into a number are no number.
pub(crate) fn parse_minutes(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

impl WallTime {
    /// Lets a request pass that asks for no more than the limit; says why.
    ///
    /// # Errors
    /// It asks for more, or for nothing where that is not allowed.
    pub fn admit(&self, wanted: Wanted, limit: &Limit) -> Result<String, Failure> {
        let most = limit.minutes;
        let (minutes, what) = match (wanted, self.unnamed()) {
            (Wanted::Minutes(minutes), _) => (minutes, format!("asks for {minutes} minutes")),
            (Wanted::Unnamed(asked), Unnamed::Take(taken)) => {
                let minutes = asked.max(taken);
                (
                    minutes,
                    format!("names no time and is taken for {minutes} minutes"),
                )
            }
            (Wanted::Unnamed(asked), Unnamed::Allow) => {
                (asked, "names no time, which -default allows".to_owned())
            }
            (Wanted::Unnamed(_), Unnamed::Refuse) => {
                return Err(Failure::refused(format_args!(
                    "the request names no time; it has to ask for some with (maxWallTime=MINUTES), {most} at most"
                )));
            }
        };
        if minutes > most {
            return Err(Failure::refused(format_args!(
                "the request {what}, more than {most} ({})",
                limit.source
            )));
        }
        Ok(format!(
            "the request {what}; the limit is {most} ({})",
            limit.source
        ))
    }
}
