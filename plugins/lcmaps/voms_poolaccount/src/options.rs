//! The options of the module.

use std::ffi::CStr;

use lcmaps_module_support::{
    AccountGids, GID_OPTIONS, GidOptions, LEASING_OPTIONS, Leasing, MAP_FILE_OPTIONS,
    MapFileSource, contradiction, is_one_of,
};
use lcmaps_plugin::{Failure, Init};

/// Secondary groups are no part of lease names.
const WITHOUT_SECONDARY: [&str; 3] = [
    "--do-not-use-secondary-gids",
    "-do_not-use-secondary-gids",
    "-do_not_use_secondary_gids",
];

/// A mapping without a primary group gets an account as well.
const PRIMARY_OPTIONAL: [&str; 3] = [
    "--do-not-require-primary-gid",
    "-do_not-require-primary-gid",
    "-do_not_require_primary_gid",
];

/// A mapping needs a primary group to get an account.
const PRIMARY_REQUIRED: [&str; 1] = ["--require-primary-gid"];

/// All options, for the message about an unknown one.
const OPTIONS: [&str; 26] = {
    let [a, b, c, d] = MAP_FILE_OPTIONS;
    let [e, f, g, h, i, j] = LEASING_OPTIONS;
    let [k, l, m, n, o, p, q, r, s] = GID_OPTIONS;
    let [t, u, v] = WITHOUT_SECONDARY;
    let [w, x, y] = PRIMARY_OPTIONAL;
    let [z] = PRIMARY_REQUIRED;
    [
        a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z,
    ]
};

/// The configuration of the module.
pub struct Options {
    /// Where the grid-mapfile is.
    pub map_file: MapFileSource,
    /// How accounts are leased.
    pub leasing: Leasing,
    /// Which gids of the account count.
    pub gids: AccountGids,
    /// Which groups name a lease.
    pub groups: LeaseGroups,
}

/// Which of the groups that earlier modules mapped to become part of the lease's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseGroups {
    /// Nobody gets an account without a primary group.
    pub primary_required: bool,
    /// Secondary groups do.
    pub secondary: bool,
}

impl Options {
    /// Reads the words of the policy file.
    ///
    /// # Errors
    /// A word is unknown, its value is missing or wrong, or two words contradict each other.
    pub fn read(init: &Init<'_>) -> Result<Self, Failure> {
        let mut options = Self {
            map_file: MapFileSource::default(),
            leasing: Leasing::default(),
            gids: AccountGids::NONE,
            groups: LeaseGroups {
                primary_required: false,
                secondary: true,
            },
        };
        let mut gids = GidOptions::default();
        let mut primary: Option<(bool, &CStr)> = None;
        let mut words = init.words();
        while let Some(word) = words.next() {
            if is_one_of(word, &WITHOUT_SECONDARY) {
                options.groups.secondary = false;
            } else if is_one_of(word, &PRIMARY_REQUIRED) || is_one_of(word, &PRIMARY_OPTIONAL) {
                let required = is_one_of(word, &PRIMARY_REQUIRED);
                match primary {
                    Some((other, first)) if other != required => {
                        return Err(contradiction(first, word));
                    }
                    _ => primary = Some((required, word)),
                }
                options.groups.primary_required = required;
            } else if !options.map_file.take_option(word, &mut words)?
                && !options.leasing.take_option(word, &mut words)?
                && !gids.take_option(word)?
            {
                return Err(words.unknown(word, &OPTIONS).into());
            }
        }
        options.gids = gids.over(AccountGids::NONE);
        if let Some(remark) = options.map_file.remark() {
            init.log().info(remark);
        }
        if let Some(remark) = options.leasing.remark() {
            init.log().info(remark);
        }
        Ok(options)
    }
}
