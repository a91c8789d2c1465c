//! Which groups of an account come with it: the options of modules that map FQANs to accounts.

use std::ffi::CStr;

use lcmaps_plugin::Failure;

/// The options that [`GidOptions::take_option`] knows.
pub const GID_OPTIONS: [&str; 9] = [
    "--do-not-add-primary-gid-from-mapped-account",
    "--add-primary-gid-from-mapped-account",
    "--add-primary-gid-as-secondary-gid-from-mapped-account",
    "--do-not-add-secondary-gids-from-mapped-account",
    "--add-secondary-gids-from-mapped-account",
    "--use-voms-gid",
    "--use_voms_gid",
    "-use_voms_gid",
    "--use-account-gid",
];

/// Which gids of an account become gids of the mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountGids {
    /// The primary gid as a primary gid.
    pub primary: bool,
    /// The primary gid as a secondary gid.
    pub primary_as_secondary: bool,
    /// The gids of all groups that the account is in, that of its primary group among them, as
    /// secondary gids.
    pub groups: bool,
}

impl AccountGids {
    /// All of them: the account is mapped to as the machine knows it.
    pub const ALL: Self = Self {
        primary: true,
        primary_as_secondary: false,
        groups: true,
    };

    /// None: groups come from elsewhere.
    pub const NONE: Self = Self {
        primary: false,
        primary_as_secondary: false,
        groups: false,
    };
}

/// The options of one module, as far as they were given.
#[derive(Debug, Clone, Default)]
pub struct GidOptions<'a> {
    base: Switch<'a>,
    primary: Switch<'a>,
    primary_as_secondary: Switch<'a>,
    groups: Switch<'a>,
}

/// Something that options turn on or off, with the option that did.
#[derive(Debug, Clone, Copy, Default)]
struct Switch<'a>(Option<(bool, &'a CStr)>);

impl<'a> Switch<'a> {
    fn set(&mut self, on: bool, option: &'a CStr) -> Result<(), Failure> {
        self.must_not_be(!on, option)?;
        self.0 = Some((on, option));
        Ok(())
    }

    /// Fails when another option set this to the given state.
    fn must_not_be(&self, state: bool, option: &CStr) -> Result<(), Failure> {
        match self.0 {
            Some((is, other)) if is == state => Err(contradiction(other, option)),
            _ => Ok(()),
        }
    }

    fn or(self, default: bool) -> bool {
        self.0.map_or(default, |(on, _)| on)
    }
}

/// The failure of a start with two options of which one takes back what the other says.
pub fn contradiction(one: &CStr, other: &CStr) -> Failure {
    let (one, other) = (one.to_string_lossy(), other.to_string_lossy());
    Failure::error(format_args!(
        "options {one} and {other} contradict each other; give one of them"
    ))
}

impl<'a> GidOptions<'a> {
    /// Takes an option if it is one of [`GID_OPTIONS`]; tells whether it is.
    ///
    /// # Errors
    /// It contradicts an earlier one.
    pub fn take_option(&mut self, option: &'a CStr) -> Result<bool, Failure> {
        match option.to_bytes() {
            b"--do-not-add-primary-gid-from-mapped-account" => {
                self.primary_as_secondary.must_not_be(true, option)?;
                self.primary.set(false, option)?;
            }
            b"--add-primary-gid-from-mapped-account" => self.primary.set(true, option)?,
            b"--add-primary-gid-as-secondary-gid-from-mapped-account" => {
                self.primary.must_not_be(false, option)?;
                self.primary_as_secondary.set(true, option)?;
            }
            b"--do-not-add-secondary-gids-from-mapped-account" => {
                self.groups.set(false, option)?;
            }
            b"--add-secondary-gids-from-mapped-account" => self.groups.set(true, option)?,
            b"--use-voms-gid" | b"--use_voms_gid" | b"-use_voms_gid" => {
                self.base.set(false, option)?;
            }
            b"--use-account-gid" => self.base.set(true, option)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// What the options mean in a module that does this without any.
    #[must_use]
    pub fn over(&self, default: AccountGids) -> AccountGids {
        let base = match self.base.0 {
            None => default,
            Some((true, _)) => AccountGids::ALL,
            Some((false, _)) => AccountGids::NONE,
        };
        AccountGids {
            primary: self.primary.or(base.primary),
            primary_as_secondary: self.primary_as_secondary.or(base.primary_as_secondary),
            groups: self.groups.or(base.groups),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(words: &[&'static CStr], default: AccountGids) -> Result<AccountGids, Failure> {
        let mut options = GidOptions::default();
        for word in words {
            assert!(options.take_option(word)?, "{word:?} is no option");
        }
        Ok(options.over(default))
    }

    const NO_PRIMARY: &CStr = c"--do-not-add-primary-gid-from-mapped-account";
    const PRIMARY: &CStr = c"--add-primary-gid-from-mapped-account";
    const AS_SECONDARY: &CStr = c"--add-primary-gid-as-secondary-gid-from-mapped-account";
    const NO_GROUPS: &CStr = c"--do-not-add-secondary-gids-from-mapped-account";
    const GROUPS: &CStr = c"--add-secondary-gids-from-mapped-account";
    const ACCOUNT: &CStr = c"--use-account-gid";
    const VOMS: [&CStr; 3] = [c"--use-voms-gid", c"--use_voms_gid", c"-use_voms_gid"];

    #[test]
    fn without_options_the_module_decides() {
        for default in [AccountGids::ALL, AccountGids::NONE] {
            assert_eq!(meaning(&[], default), Ok(default));
            assert_eq!(meaning(&[ACCOUNT], default), Ok(AccountGids::ALL));
            for voms in VOMS {
                assert_eq!(meaning(&[voms], default), Ok(AccountGids::NONE));
            }
        }
    }

    #[test]
    fn single_options_change_what_the_base_says_wherever_they_stand() {
        let primary = AccountGids {
            primary: true,
            ..AccountGids::NONE
        };
        assert_eq!(meaning(&[VOMS[0], PRIMARY], AccountGids::ALL), Ok(primary));
        assert_eq!(meaning(&[PRIMARY, VOMS[0]], AccountGids::ALL), Ok(primary));
        let groups = AccountGids {
            groups: true,
            ..AccountGids::NONE
        };
        assert_eq!(meaning(&[GROUPS], AccountGids::NONE), Ok(groups));
        let no_groups = AccountGids {
            groups: false,
            ..AccountGids::ALL
        };
        assert_eq!(meaning(&[NO_GROUPS], AccountGids::ALL), Ok(no_groups));
        let no_primary = AccountGids {
            primary: false,
            ..AccountGids::ALL
        };
        assert_eq!(
            meaning(&[ACCOUNT, NO_PRIMARY], AccountGids::NONE),
            Ok(no_primary)
        );
    }

    #[test]
    fn the_primary_gid_can_be_both() {
        let both = AccountGids {
            primary: true,
            primary_as_secondary: true,
            groups: false,
        };
        assert_eq!(
            meaning(&[PRIMARY, AS_SECONDARY], AccountGids::NONE),
            Ok(both)
        );
    }

    #[test]
    fn contradictions_are_refused_in_either_order() {
        let pairs = [
            (NO_PRIMARY, PRIMARY),
            (NO_PRIMARY, AS_SECONDARY),
            (NO_GROUPS, GROUPS),
            (VOMS[0], ACCOUNT),
            (VOMS[1], ACCOUNT),
            (VOMS[2], ACCOUNT),
        ];
        for (one, other) in pairs {
            for words in [[one, other], [other, one]] {
                let failure = meaning(&words, AccountGids::ALL).unwrap_err().to_string();
                for word in words {
                    assert!(failure.contains(&*word.to_string_lossy()), "{failure}");
                }
            }
        }
    }

    #[test]
    fn repeating_an_option_changes_nothing() {
        assert_eq!(
            meaning(&[VOMS[0], VOMS[2]], AccountGids::ALL),
            Ok(AccountGids::NONE)
        );
    }

    #[test]
    fn every_listed_option_is_known_and_no_other() {
        for option in GID_OPTIONS {
            let option = std::ffi::CString::new(option).unwrap();
            assert_eq!(GidOptions::default().take_option(&option), Ok(true));
        }
        assert_eq!(
            GidOptions::default().take_option(c"--use-voms-gids"),
            Ok(false)
        );
    }
}
