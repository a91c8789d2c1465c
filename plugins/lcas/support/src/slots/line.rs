//! One line of a file of time slots.

use std::ops::RangeInclusive;

use thiserror::Error;

use super::time::LocalTime;

/// A time slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Minutes since midnight.
    from: u32,
    until: u32,
    first: (i32, u32, u32),
    last: (i32, u32, u32),
    weekdays: (u32, u32),
}

/// What is wrong with a line. Such a line lets nobody in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LineFault {
    /// Too few fields or too many.
    #[error("there are {0} fields; six are needed: minute hour mday month year wday")]
    FieldCount(usize),
    /// A field is no range.
    #[error(
        "\"{text}\" is no range for {field}; write *, A, A- or A-B with A from {min} to {max} and B from {min} to {end}"
    )]
    BadRange {
        /// What stands there.
        text: String,
        /// What it should be.
        field: &'static str,
        /// The smallest number.
        min: u32,
        /// The largest one that stands for itself or begins a range.
        max: u32,
        /// The largest one that ends a range.
        end: u32,
    },
}

struct Field {
    name: &'static str,
    min: u32,
    max: u32,
    /// The largest number that may end a range.
    end: u32,
}

/// Years up to this one are told apart.
const LAST_YEAR: u32 = 999_999;

const FIELDS: [Field; 6] = [
    field("the minute", 0, 59, 59),
    field("the hour", 0, 23, 24),
    field("the day of the month", 1, 31, 31),
    field("the month", 1, 12, 12),
    field("the year", 1970, LAST_YEAR, LAST_YEAR),
    field("the day of the week (0 is Sunday)", 0, 6, 6),
];

const fn field(name: &'static str, min: u32, max: u32, end: u32) -> Field {
    Field {
        name,
        min,
        max,
        end,
    }
}

impl Slot {
    /// Reads a line. Nothing for a blank line and a comment. The fault comes with its offset in the line.
    ///
    /// # Errors
    /// The line is malformed.
    pub fn read(line: &[u8]) -> Result<Option<Self>, (usize, LineFault)> {
        let mut words = Vec::new();
        let mut at = 0;
        for word in line.split(|byte| byte.is_ascii_whitespace()) {
            if word.starts_with(b"#") {
                break;
            }
            if !word.is_empty() {
                words.push((at, word));
            }
            at += word.len() + 1;
        }
        if words.is_empty() {
            return Ok(None);
        }
        let Ok(words) = <[_; 6]>::try_from(words.as_slice()) else {
            return Err((words[0].0, LineFault::FieldCount(words.len())));
        };
        let mut ranges = [(0, 0); 6];
        for ((range, (at, word)), field) in ranges.iter_mut().zip(words).zip(&FIELDS) {
            *range = field.range(word).ok_or_else(|| {
                let fault = LineFault::BadRange {
                    text: word.escape_ascii().to_string(),
                    field: field.name,
                    min: field.min,
                    max: field.max,
                    end: field.end,
                };
                (at, fault)
            })?;
        }
        let [minutes, hours, days, months, years, weekdays] = ranges;
        // Years are at most LAST_YEAR, so they fit.
        let date = |year: u32, month, day| (i32::try_from(year).unwrap_or(i32::MAX), month, day);
        Ok(Some(Self {
            from: hours.0 * 60 + minutes.0,
            until: hours.1 * 60 + minutes.1,
            first: date(years.0, months.0, days.0),
            last: date(years.1, months.1, days.1),
            weekdays,
        }))
    }

    /// Whether a moment lies in the slot.
    #[must_use]
    pub fn contains(&self, time: LocalTime) -> bool {
        let (first, last) = self.weekdays;
        let weekday = if first <= last {
            (first..=last).contains(&time.weekday)
        } else {
            time.weekday >= first || time.weekday <= last
        };
        (self.from..=self.until).contains(&time.minute)
            && self.dates().contains(&time.date)
            && weekday
    }

    /// Why no moment lies in the slot, if that is so.
    #[must_use]
    pub fn never(&self) -> Option<&'static str> {
        if self.from > self.until {
            return Some(
                "the time of day ends before it begins, so the line lets nobody in; two lines are needed to go beyond midnight",
            );
        }
        self.dates()
            .is_empty()
            .then_some("the date ends before it begins, so the line lets nobody in")
    }

    /// The dates that the slot goes from and to, if it goes over several years and day or month are not all of them:
    /// most likely the days of each year were meant.
    #[must_use]
    pub fn span_over_years(&self) -> Option<String> {
        let ((first, ..), (last, ..)) = (self.first, self.last);
        let whole = self.first == (first, 1, 1) && self.last == (last, 12, 31);
        if first >= last || whole {
            return None;
        }
        let date = |(year, month, day)| format!("{year:04}-{month:02}-{day:02}");
        Some(format!("{} to {}", date(self.first), date(self.last)))
    }

    /// Whether the slot has ended before a moment's date.
    #[must_use]
    pub fn is_over(&self, now: LocalTime) -> bool {
        self.last < now.date
    }

    fn dates(&self) -> RangeInclusive<(i32, u32, u32)> {
        self.first..=self.last
    }
}

impl Field {
    /// The ends of a range; which of them is smaller does not matter here.
    fn range(&self, text: &[u8]) -> Option<(u32, u32)> {
        if text == b"*" {
            return Some((self.min, self.max));
        }
        let mut parts = text.splitn(2, |byte| *byte == b'-');
        let first = number(parts.next()?)?;
        let last = match parts.next() {
            None => first,
            Some(b"") => self.max,
            Some(last) => number(last)?,
        };
        let begins = (self.min..=self.max).contains(&first);
        let ends = (self.min..=self.end).contains(&last);
        (begins && ends).then_some((first, last))
    }
}

fn number(text: &[u8]) -> Option<u32> {
    const MOST_DIGITS: usize = 6;
    let digits = !text.is_empty() && text.len() <= MOST_DIGITS;
    if !digits || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}
