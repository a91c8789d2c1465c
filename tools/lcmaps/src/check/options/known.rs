//! The options of our modules, as their manual pages have them.

use crate::check::map_file::Names;

/// A module of ours.
#[derive(Debug)]
pub struct Known {
    /// Its name without what all of them have.
    pub name: &'static str,
    /// Its options.
    pub options: &'static [Choice],
    /// How words are compared with the options.
    pub matching: Matching,
    /// What the module does about a word that is none of them.
    pub unknown: Unknown,
    /// What its map file holds, when it has one.
    pub names: Option<Names>,
    /// Names in the map file are patterns.
    pub wildcards: bool,
    /// It verifies certificates.
    pub trust: bool,
    /// It looks at VOMS attributes.
    pub attributes: bool,
}

/// An option in all its spellings, the first of them being the one to use.
#[derive(Debug)]
pub struct Choice {
    spellings: &'static [&'static str],
    /// What follows it.
    pub takes: Takes,
}

/// What follows an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing: it is a switch.
    Nothing,
    /// A map file, groupmapfile or ban list.
    MapFile,
    /// The absolute name of a directory of leases.
    PoolDirectory,
    /// The directory of trusted CAs, which has to be there.
    TrustDirectory,
    /// `yes` or `no`.
    YesOrNo,
    /// A whole number from the first to the last of these.
    Number(u64, u64),
    /// A lifetime; the option ends in the number of a level, or `L`.
    LevelLifetime,
    /// A lifetime.
    Lifetime,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// The name of an account.
    Account,
    /// The name of a group.
    Group,
    /// Anything.
    Any,
}

/// How words are compared with the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// Letter by letter.
    Exact,
    /// Capital letters are as good as small ones.
    AnyCase,
    /// The same, and an option may have a tail.
    Beginning,
}

/// What a module does about a word that is no option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// It does not start.
    Refused,
    /// It goes on.
    Ignored,
}

impl Choice {
    /// The spelling to use.
    pub fn first(&self) -> &'static str {
        self.spellings.first().copied().unwrap_or_default()
    }
}

impl Known {
    /// The option that a word means, and whether it is the whole word.
    pub fn option(&'static self, word: &[u8]) -> Option<(&'static Choice, bool)> {
        let lower = word.to_ascii_lowercase();
        self.options.iter().find_map(|option| {
            let whole = |known: &&str| match self.matching {
                Matching::Exact => known.as_bytes() == word,
                Matching::AnyCase | Matching::Beginning => known.as_bytes() == lower,
            };
            let begins = |known: &&str| {
                let may = option.takes == Takes::LevelLifetime || !WHOLE_ONLY.contains(known);
                self.matching == Matching::Beginning && may && lower.starts_with(known.as_bytes())
            };
            let spellings = option.spellings;
            if spellings.iter().any(whole) {
                return Some((option, true));
            }
            let is_level = option.takes == Takes::LevelLifetime;
            spellings.iter().any(begins).then_some((option, is_level))
        })
    }
}

/// Options of the module that takes tails which must not have one.
const WHOLE_ONLY: [&str; 4] = [
    "--discard_private_key_absence",
    "--never_discard_private_key_absence",
    "--require-crl",
    "--namespaces",
];

/// The module of this name.
pub fn module(name: &str) -> Option<&'static Known> {
    MODULES.iter().find(|module| module.name == name)
}

const fn option(spellings: &'static [&'static str], takes: Takes) -> Choice {
    Choice { spellings, takes }
}

const MAP_FILE: Choice = option(
    &["-gridmapfile", "-GRIDMAPFILE", "-gridmap", "-GRIDMAP"],
    Takes::MapFile,
);
const GROUP_MAP_FILE: Choice = option(
    &["-groupmapfile", "-GROUPMAPFILE", "-groupmap", "-GROUPMAP"],
    Takes::MapFile,
);
const BAN_FILE: Choice = option(
    &[
        "-banmapfile",
        "-BANMAPFILE",
        "-ban_mapfile",
        "-BAN_MAPFILE",
        "-gridmapfile",
        "-GRIDMAPFILE",
        "-gridmap",
        "-GRIDMAP",
    ],
    Takes::MapFile,
);
const NO_WILDCARDS: Choice = option(
    &[
        "-no_wildcard",
        "-disablewildcard",
        "-disablewildcards",
        "--disablewildcard",
        "--disablewildcards",
    ],
    Takes::Nothing,
);
const GRIDMAPDIR: Choice = option(&["-gridmapdir", "-GRIDMAPDIR"], Takes::PoolDirectory);
const GROUPMAPDIR: Choice = option(&["-groupmapdir", "-GROUPMAPDIR"], Takes::PoolDirectory);
const STRICT: Choice = option(&["-strict_poolprefix_match"], Takes::YesOrNo);
const OVERRIDE: Choice = option(
    &["-override_inconsistency", "-OVERRIDE_INCONSISTENCY"],
    Takes::Nothing,
);
const MOST_MAPPINGS: Choice = option(&["-max_mappings_per_credential"], Takes::Number(1, 9999));
const NO_PRIMARY: Choice = option(
    &["--do-not-add-primary-gid-from-mapped-account"],
    Takes::Nothing,
);
const PRIMARY: Choice = option(&["--add-primary-gid-from-mapped-account"], Takes::Nothing);
const AS_SECONDARY: Choice = option(
    &["--add-primary-gid-as-secondary-gid-from-mapped-account"],
    Takes::Nothing,
);
const NO_SECONDARY: Choice = option(
    &["--do-not-add-secondary-gids-from-mapped-account"],
    Takes::Nothing,
);
const SECONDARY: Choice = option(
    &["--add-secondary-gids-from-mapped-account"],
    Takes::Nothing,
);
const VOMS_GID: Choice = option(
    &["--use-voms-gid", "--use_voms_gid", "-use_voms_gid"],
    Takes::Nothing,
);
const ACCOUNT_GID: Choice = option(&["--use-account-gid"], Takes::Nothing);
const MAP_ALL: Choice = option(&["-mapall"], Takes::Nothing);
const MAP_MIN: Choice = option(&["-mapmin"], Takes::Number(0, 2_147_483_647));
const TO_SECONDARY: Choice = option(&["--map-to-secondary-groups"], Takes::Nothing);

/// A module that compares letter by letter and refuses what it does not know.
const fn mapping(name: &'static str, names: Names, options: &'static [Choice]) -> Known {
    Known {
        name,
        options,
        matching: Matching::Exact,
        unknown: Unknown::Refused,
        names: Some(names),
        wildcards: true,
        trust: false,
        attributes: true,
    }
}

/// A module without a map file.
const fn other(name: &'static str, matching: Matching, options: &'static [Choice]) -> Known {
    Known {
        name,
        options,
        matching,
        unknown: Unknown::Ignored,
        names: None,
        wildcards: false,
        trust: false,
        attributes: false,
    }
}

static MODULES: [Known; 13] = [
    Known {
        wildcards: false,
        attributes: false,
        ..mapping("localaccount", Names::Accounts, &[MAP_FILE])
    },
    Known {
        attributes: false,
        ..mapping(
            "poolaccount",
            Names::PoolAccounts,
            &[
                MAP_FILE,
                GRIDMAPDIR,
                STRICT,
                OVERRIDE,
                MOST_MAPPINGS,
                NO_WILDCARDS,
            ],
        )
    },
    Known {
        attributes: false,
        ..mapping("ban_dn", Names::Banned, &[BAN_FILE, NO_WILDCARDS])
    },
    mapping("ban_fqan", Names::Banned, &[BAN_FILE, NO_WILDCARDS]),
    mapping(
        "voms_localaccount",
        Names::Accounts,
        &[
            MAP_FILE,
            NO_PRIMARY,
            PRIMARY,
            AS_SECONDARY,
            NO_SECONDARY,
            SECONDARY,
            VOMS_GID,
            ACCOUNT_GID,
        ],
    ),
    mapping(
        "voms_localgroup",
        Names::Groups,
        &[GROUP_MAP_FILE, MAP_ALL, MAP_MIN, TO_SECONDARY],
    ),
    mapping(
        "voms_poolaccount",
        Names::PoolAccounts,
        &[
            MAP_FILE,
            GRIDMAPDIR,
            STRICT,
            OVERRIDE,
            MOST_MAPPINGS,
            NO_PRIMARY,
            PRIMARY,
            AS_SECONDARY,
            NO_SECONDARY,
            SECONDARY,
            VOMS_GID,
            ACCOUNT_GID,
            option(
                &[
                    "--do-not-use-secondary-gids",
                    "-do_not-use-secondary-gids",
                    "-do_not_use_secondary_gids",
                ],
                Takes::Nothing,
            ),
            option(
                &[
                    "--do-not-require-primary-gid",
                    "-do_not-require-primary-gid",
                    "-do_not_require_primary_gid",
                ],
                Takes::Nothing,
            ),
            option(&["--require-primary-gid"], Takes::Nothing),
        ],
    ),
    mapping(
        "voms_poolgroup",
        Names::PoolGroups,
        &[
            GROUP_MAP_FILE,
            GROUPMAPDIR,
            STRICT,
            OVERRIDE,
            MAP_ALL,
            MAP_MIN,
            TO_SECONDARY,
        ],
    ),
    Known {
        unknown: Unknown::Refused,
        trust: true,
        ..other(
            "verify_proxy",
            Matching::Beginning,
            &[
                option(
                    &["-certdir", "-cadir", "-capath", "--capath"],
                    Takes::TrustDirectory,
                ),
                option(&["--allow-limited-proxy"], Takes::Nothing),
                option(&["--disallow-limited-proxy"], Takes::Nothing),
                option(&["--require-limited-proxy"], Takes::Nothing),
                option(&["--discard_private_key_absence"], Takes::Nothing),
                option(&["--never_discard_private_key_absence"], Takes::Nothing),
                option(&["--only-enforce-lifetime-checks"], Takes::Nothing),
                option(
                    &["--max-proxy-level-ttl=", "--max-proxy-level-ttl@"],
                    Takes::LevelLifetime,
                ),
                option(&["--max-voms-ttl"], Takes::Lifetime),
                option(&["--require-crl"], Takes::Nothing),
                option(&["--namespaces"], Takes::OneOf(&["on", "off", "require"])),
            ],
        )
    },
    other(
        "posix_enf",
        Matching::Exact,
        &[
            option(&["-maxuid", "-MAXUID"], Takes::Number(0, u64::MAX)),
            option(&["-maxpgid", "-MAXPGID"], Takes::Number(0, u64::MAX)),
            option(&["-maxsgid", "-MAXSGID"], Takes::Number(0, 32)),
            option(&["-set_only_euid"], Takes::YesOrNo),
            option(&["-set_only_egid"], Takes::YesOrNo),
        ],
    ),
    other(
        "dummy_good",
        Matching::AnyCase,
        &[
            option(&["--dummy-uid"], Takes::Number(0, 4_294_967_294)),
            option(&["--dummy-username"], Takes::Account),
            option(&["--dummy-gid"], Takes::Number(0, 4_294_967_294)),
            option(&["--dummy-group"], Takes::Group),
            option(&["--dummy-sec-gid"], Takes::Number(0, 4_294_967_294)),
            option(&["--dummy-sec-group"], Takes::Group),
        ],
    ),
    other("dummy_bad", Matching::Exact, &[]),
    other(
        "voms",
        Matching::Exact,
        &[
            option(&["-vomsdir"], Takes::Any),
            option(&["-certdir"], Takes::Any),
        ],
    ),
];
