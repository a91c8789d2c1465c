//! Mapping all FQANs of a user to groups: what the modules for local and for pool groups share.

use std::ffi::CStr;
use std::fmt::Display;

use lcmaps_plugin::{Failure, Level, Run, Shown, Words};

use crate::fqans::{Misses, fqans_of};
use crate::group::{GroupOfFqan, add_groups, find_group};

/// The options that [`GroupMapping::take_option`] knows.
pub const GROUP_MAPPING_OPTIONS: [&str; 3] = ["-mapall", "-mapmin", "--map-to-secondary-groups"];

/// How many FQANs have to be mapped, and to which kind of group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GroupMapping {
    all: bool,
    least: usize,
    secondary_only: bool,
}

impl GroupMapping {
    /// Takes an option with its value if it is one of [`GROUP_MAPPING_OPTIONS`]; tells whether it
    /// is.
    ///
    /// # Errors
    /// The value is missing or wrong.
    pub fn take_option(&mut self, option: &CStr, words: &mut Words<'_>) -> Result<bool, Failure> {
        match option.to_bytes() {
            b"-mapall" => self.all = true,
            b"-mapmin" => self.least = number_of_groups(option, words)?,
            b"--map-to-secondary-groups" => self.secondary_only = true,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Maps the FQANs. `find` gives the name of the group of an FQAN, or why it has none; `what`
    /// is what is looked for in `places`.
    ///
    /// The first FQAN gives the primary group, and no other does: which one a user names first is
    /// his choice, and a site says in its map file what that means. All or nothing: a mapping that
    /// fails adds no group.
    ///
    /// # Errors
    /// The user has no FQANs, too few of them are mapped, or `find` fails, or the machine does not
    /// have the group.
    pub fn map<N: Display>(
        &self,
        run: &Run<'_>,
        what: &str,
        places: &str,
        mut find: impl FnMut(&[u8]) -> Result<Result<Vec<u8>, N>, Failure>,
    ) -> Result<(), Failure> {
        let fqans = fqans_of(run)?;
        let mut groups = Vec::new();
        let mut misses = Misses::default();
        for (fqan, number) in fqans.into_iter().zip(1..) {
            match find(fqan.to_bytes())? {
                Ok(name) => groups.push(GroupOfFqan {
                    group: find_group(&name)?,
                    is_primary: number == 1 && !self.secondary_only,
                    fqan,
                }),
                Err(why) if self.all => {
                    let fqan = Shown(fqan.to_bytes());
                    return Err(Failure::at(
                        Level::Warning,
                        format_args!(
                            "No match for {what} for FQAN {number}, \"{fqan}\", in {places}{why}; option -mapall demands one for each FQAN"
                        ),
                    ));
                }
                Err(why) => {
                    let shown = Shown(fqan.to_bytes());
                    run.log().info(format_args!(
                        "No match for {what} for FQAN {number}, \"{shown}\", in {places}{why}"
                    ));
                    misses.add(fqan.to_bytes(), why);
                }
            }
        }
        if groups.len() < self.least {
            return Err(Failure::refused(format_args!(
                "Not enough groups found. The minimum is set to {} (option -mapmin). The plugin found {}; no match for {what} in {places}: {misses}",
                self.least,
                groups.len()
            )));
        }
        add_groups(run, groups)
    }
}

fn number_of_groups(option: &CStr, words: &mut Words<'_>) -> Result<usize, Failure> {
    const WHAT: &str = "a whole number from 0 on";
    let value = words.value_of(option, WHAT)?;
    let number = value
        .to_str()
        .ok()
        .and_then(|text| text.parse::<i32>().ok());
    number
        .and_then(|number| usize::try_from(number).ok())
        .ok_or_else(|| words.bad_value(option, value, WHAT).into())
}
