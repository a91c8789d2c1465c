//! The words after the module's name.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lc_x509::{LifetimeLimits, MissingCrl, NamespaceRules, Settings, lifetime};
use lcmaps_plugin::{Failure, Init, Shown, Words};

use crate::host;

/// What `--help` would say; in the order of the man page.
pub(crate) const KNOWN: &[&str] = &[
    "-cadir",
    "-certdir",
    "-capath",
    "--capath",
    "--allow-limited-proxy",
    "--disallow-limited-proxy",
    "--require-limited-proxy",
    "--discard_private_key_absence",
    "--never_discard_private_key_absence",
    "--only-enforce-lifetime-checks",
    "--max-proxy-level-ttl=",
    "--max-proxy-level-ttl@",
    "--max-voms-ttl",
    "--require-crl",
    "--namespaces",
];

const DEFAULT_FOLDER: &str = "/etc/grid-security/certificates";
const FOLDER_VARIABLE: &str = "X509_CERT_DIR";
const DISCARD_VARIABLE: &str = "VERIFY_PROXY_DISCARD_PRIVATE_KEY_ABSENCE";

/// What the value of a lifetime has to look like.
const TIME_FORM: &str = "a time from 0:01 to 99d-99:99, such as 12:00 or 02d-12:00 ([DDd-][H]H:MM: at most 99 days, and hours in \
                         two digits behind days); without the option there is no limit";

/// Beyond the level of any proxy that is let in.
const LEVELS: u32 = 2000;

/// Which proxies are let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitedProxies {
    Allowed,
    Refused,
    Required,
}

/// The module's configuration.
pub(crate) struct Options {
    pub(crate) folder: PathBuf,
    pub(crate) settings: Settings,
    pub(crate) limited: LimitedProxies,
    /// Whether the private key may be missing.
    pub(crate) key_may_be_absent: bool,
    pub(crate) only_lifetimes: bool,
    pub(crate) lifetimes: LifetimeLimits,
    pub(crate) longest_attributes: Option<Duration>,
}

#[derive(Default)]
struct Found {
    folder: Option<PathBuf>,
    settings: Settings,
    refuse_limited: bool,
    require_limited: bool,
    discard: bool,
    never_discard: bool,
    only_lifetimes: bool,
    lifetimes: LifetimeLimits,
    longest_attributes: Option<Duration>,
}

impl Options {
    /// Reads the words and the environment.
    pub(crate) fn read(init: &Init<'_>) -> Result<Self, Failure> {
        // It goes in any case: nobody who is started later shall inherit it.
        let discard = host::take_variable(DISCARD_VARIABLE).is_some();
        let mut found = Found::default();
        let mut words = init.words();
        while let Some(word) = words.next() {
            found.option(init, word, &mut words)?;
        }
        let limited = match (found.refuse_limited, found.require_limited) {
            (true, true) => {
                return Err(Failure::error(
                    "--disallow-limited-proxy and --require-limited-proxy exclude each other: nobody \
                     would get in",
                ));
            }
            (true, false) => LimitedProxies::Refused,
            (false, true) => LimitedProxies::Required,
            (false, false) => LimitedProxies::Allowed,
        };
        if discard && !found.discard && !found.never_discard {
            init.log().warning(format_args!(
                "a missing private key is accepted because {DISCARD_VARIABLE} is in the environment; \
                 --never_discard_private_key_absence overrides that"
            ));
        }
        Ok(Self {
            folder: match found.folder {
                Some(folder) => folder,
                None => default_folder(init),
            },
            settings: found.settings,
            limited,
            key_may_be_absent: !found.never_discard && (found.discard || discard),
            only_lifetimes: found.only_lifetimes,
            lifetimes: found.lifetimes,
            longest_attributes: found.longest_attributes,
        })
    }
}

impl Found {
    fn option(
        &mut self,
        init: &Init<'_>,
        word: &CStr,
        words: &mut Words<'_>,
    ) -> Result<(), Failure> {
        let lower = word.to_bytes().to_ascii_lowercase();
        let text = String::from_utf8_lossy(&lower);
        // Prefixes decide, as they always did; a longer word is most likely a slip of the pen.
        let known = |option: &str| {
            let matches = text.starts_with(option);
            if matches && text.len() > option.len() {
                init.log().warning(format_args!(
                    "option \"{}\" is taken for {option}",
                    Shown(word.to_bytes())
                ));
            }
            matches
        };
        match text.as_ref() {
            "--discard_private_key_absence" => self.discard = true,
            "--never_discard_private_key_absence" => self.never_discard = true,
            "--require-crl" => self.settings.missing_crl = MissingCrl::Refused,
            "--namespaces" => self.settings.namespaces = namespaces(word, words)?,
            _ if ["-cadir", "-certdir", "-capath", "--capath"]
                .into_iter()
                .any(known) =>
            {
                self.folder = Some(folder(word, words)?);
            }
            _ if known("--allow-limited-proxy") => {}
            _ if known("--disallow-limited-proxy") => self.refuse_limited = true,
            _ if known("--require-limited-proxy") => self.require_limited = true,
            _ if known("--only-enforce-lifetime-checks") => self.only_lifetimes = true,
            _ if known("--max-voms-ttl") => self.longest_attributes = Some(time(word, words)?),
            option => {
                let level = ["--max-proxy-level-ttl=", "--max-proxy-level-ttl@"]
                    .into_iter()
                    .find_map(|prefix| option.strip_prefix(prefix))
                    .ok_or_else(|| words.unknown(word, KNOWN))?;
                if level.starts_with('l') {
                    self.lifetimes.limit_leaf(time(word, words)?);
                } else {
                    let level = number(word, level)?;
                    self.lifetimes.limit_level(level, time(word, words)?);
                }
            }
        }
        Ok(())
    }
}

fn time(option: &CStr, words: &mut Words<'_>) -> Result<Duration, Failure> {
    let value = words.value_of(option, TIME_FORM)?;
    lifetime(value.to_bytes()).ok_or_else(|| words.bad_value(option, value, TIME_FORM).into())
}

/// The number of a level. What is no number would limit a level that nobody means.
fn number(option: &CStr, level: &str) -> Result<u32, Failure> {
    Some(level)
        .filter(|level| level.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|level| level.parse().ok())
        .filter(|level| *level < LEVELS)
        .ok_or_else(|| {
            Failure::error(format_args!(
                "option {}: a level is a number from 0 to {}, or L for the last proxy",
                Shown(option.to_bytes()),
                LEVELS - 1
            ))
        })
}

fn namespaces(option: &CStr, words: &mut Words<'_>) -> Result<NamespaceRules, Failure> {
    const EXPECTED: &str = "\"on\", \"off\" or \"require\"";
    let value = words.value_of(option, EXPECTED)?;
    match value.to_bytes() {
        b"on" => Ok(NamespaceRules::WherePresent),
        b"off" => Ok(NamespaceRules::Ignored),
        b"require" => Ok(NamespaceRules::Required),
        _ => Err(words.bad_value(option, value, EXPECTED).into()),
    }
}

fn folder(option: &CStr, words: &mut Words<'_>) -> Result<PathBuf, Failure> {
    let value = words.value_of(option, "the folder of trusted CAs")?;
    let path = Path::new(OsStr::from_bytes(value.to_bytes()));
    let refuse = |reason: &dyn std::fmt::Display| {
        Failure::error(format_args!(
            "option {}: {}: {reason}",
            Shown(option.to_bytes()),
            path.display()
        ))
    };
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(refuse(&"it is no folder")),
        Err(error) => return Err(refuse(&error)),
    }
    // The application may change its directory later.
    std::path::absolute(path).map_err(|error| refuse(&error))
}

fn default_folder(init: &Init<'_>) -> PathBuf {
    let named = lc_os::variable(FOLDER_VARIABLE).filter(|value| !value.is_empty());
    let folder = named.map_or_else(|| PathBuf::from(DEFAULT_FOLDER), PathBuf::from);
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    if !folder.is_dir() {
        init.log().warning(format_args!(
            "{} is no folder: nobody can be verified; set -certdir or {FOLDER_VARIABLE}",
            folder.display()
        ));
    }
    folder
}
