//! The options of `lcmaps_dummy_good`.

use std::ffi::CStr;

use lc_os::{Gid, Uid, account_by_name, group_by_name};
use lcmaps_plugin::{Failure, Words};

/// The ids that the options give.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ids {
    pub(crate) uid: Option<Uid>,
    pub(crate) gid: Option<Gid>,
    pub(crate) secondary_gid: Option<Gid>,
}

/// The options, in small letters.
pub(crate) const OPTIONS: [&str; 6] = [
    "--dummy-uid",
    "--dummy-username",
    "--dummy-gid",
    "--dummy-group",
    "--dummy-sec-gid",
    "--dummy-sec-group",
];

impl Ids {
    /// Reads the words of the policy file: capital letters are as good as small ones, of repeated
    /// options the last one counts, unknown words and options without a value are ignored.
    pub(crate) fn from_words(mut words: Words<'_>) -> Result<Self, Failure> {
        let mut ids = Self::default();
        while let Some(option) = words.next() {
            let Some(known) = OPTIONS
                .iter()
                .find(|known| known.as_bytes().eq_ignore_ascii_case(option.to_bytes()))
            else {
                continue;
            };
            let Some(value) = words.next().filter(|value| !value.is_empty()) else {
                continue;
            };
            match *known {
                "--dummy-uid" => ids.uid = Some(Uid::from_raw(number(option, value)?)),
                "--dummy-username" => ids.uid = Some(account(option, value)?),
                "--dummy-gid" => ids.gid = Some(Gid::from_raw(number(option, value)?)),
                "--dummy-group" => ids.gid = Some(group(option, value)?),
                "--dummy-sec-gid" => {
                    ids.secondary_gid = Some(Gid::from_raw(number(option, value)?))
                }
                _ => ids.secondary_gid = Some(group(option, value)?),
            }
        }
        Ok(ids)
    }
}

/// An id in decimal digits. The greatest number stands for "no id" everywhere and is none.
fn number(option: &CStr, value: &CStr) -> Result<u32, Failure> {
    let digits = value.to_bytes();
    let id = digits.iter().try_fold(0_u32, |id, digit| match digit {
        b'0'..=b'9' => id.checked_mul(10)?.checked_add(u32::from(digit - b'0')),
        _ => None,
    });
    id.filter(|id| *id != u32::MAX).ok_or_else(|| {
        Failure::error(format_args!(
            "option {}: {} is not an id, a number below 4294967295",
            shown(option),
            shown(value)
        ))
    })
}

fn account(option: &CStr, value: &CStr) -> Result<Uid, Failure> {
    Ok(account_by_name(value)?
        .ok_or_else(|| unknown(option, value, "account"))?
        .uid)
}

fn group(option: &CStr, value: &CStr) -> Result<Gid, Failure> {
    Ok(group_by_name(value)?
        .ok_or_else(|| unknown(option, value, "group"))?
        .gid)
}

fn unknown(option: &CStr, value: &CStr, what: &str) -> Failure {
    Failure::error(format_args!(
        "option {}: there is no {what} {}",
        shown(option),
        shown(value)
    ))
}

fn shown(word: &CStr) -> String {
    format!("\"{}\"", lcmaps_plugin::Shown(word.to_bytes()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_man_page_describes_every_option() {
        let page = include_str!("../lcmaps_dummy_good.mod.8.md");
        for option in super::OPTIONS {
            assert!(
                page.contains(&format!("\n**{option}** *")),
                "{option} is missing"
            );
        }
    }
}
