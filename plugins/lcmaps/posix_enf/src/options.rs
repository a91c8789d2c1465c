//! The options of `lcmaps_posix_enf`.

use std::ffi::CStr;

use lc_os::Extent;
use lcmaps_plugin::{Failure, Init, Shown, Words};

/// The options, in their first spelling.
pub(crate) const OPTIONS: [&str; 5] = [
    "-maxuid",
    "-maxpgid",
    "-maxsgid",
    "-set_only_euid",
    "-set_only_egid",
];

/// More secondary groups than this cannot be asked for; without the option there is no limit but the system's.
const MOST_SECONDARY: usize = 32;

/// What the options say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Options {
    /// The most uids of a mapping.
    pub(crate) uids: Option<usize>,
    /// The most primary gids of a mapping.
    pub(crate) primary_gids: Option<usize>,
    /// The most secondary gids of a mapping.
    pub(crate) secondary_gids: Option<usize>,
    /// Which uids change.
    pub(crate) uid: Extent,
    /// Which gids change.
    pub(crate) gid: Extent,
}

impl Options {
    /// Reads the words of the policy file. Of repeated options the first one counts. Words that are no options are
    /// told and ignored, for they always were.
    pub(crate) fn read(init: &Init<'_>) -> Result<Self, Failure> {
        let mut words = init.words();
        let (mut uids, mut primary_gids, mut secondary_gids) = (None, None, None);
        let (mut uid, mut gid) = (None, None);
        while let Some(option) = words.next() {
            match option.to_bytes() {
                b"-maxuid" | b"-MAXUID" => first(&mut uids, number(&mut words, option)?),
                b"-maxpgid" | b"-MAXPGID" => first(&mut primary_gids, number(&mut words, option)?),
                b"-maxsgid" | b"-MAXSGID" => {
                    let most = number(&mut words, option)?;
                    if most > MOST_SECONDARY {
                        return Err(Failure::error(format_args!(
                            "option {}: {most} is more than {MOST_SECONDARY}; leave the option out to have no limit",
                            Shown(option.to_bytes())
                        )));
                    }
                    first(&mut secondary_gids, most);
                }
                b"-set_only_euid" => first(&mut uid, words.yes_or_no(option)?),
                b"-set_only_egid" => first(&mut gid, words.yes_or_no(option)?),
                unknown => init.log().warning(format_args!(
                    "\"{}\" is ignored; known options: {}",
                    Shown(unknown),
                    OPTIONS.join(" ")
                )),
            }
        }
        Ok(Self {
            uids,
            primary_gids,
            secondary_gids,
            uid: extent(uid),
            gid: extent(gid),
        })
    }
}

fn first<T>(place: &mut Option<T>, value: T) {
    place.get_or_insert(value);
}

fn extent(only_effective: Option<bool>) -> Extent {
    match only_effective {
        Some(true) => Extent::KeepReal,
        Some(false) | None => Extent::Whole,
    }
}

/// A number in decimal digits.
fn number(words: &mut Words<'_>, option: &CStr) -> Result<usize, Failure> {
    const EXPECTED: &str = "a number";
    let value = words.value_of(option, EXPECTED)?;
    let digits = value
        .to_str()
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| words.bad_value(option, value, EXPECTED).into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_man_page_describes_every_option() {
        let page = include_str!("../lcmaps_posix_enf.mod.8.md");
        for option in super::OPTIONS {
            assert!(
                page.contains(&format!("\n**{option}** *")),
                "{option} is missing"
            );
        }
    }
}
