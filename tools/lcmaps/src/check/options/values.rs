//! The words behind options.

use std::ffi::CString;

use lc_os::{account_by_name, group_by_name, places};
use lc_x509::lifetime;

use super::Given;
use super::known::{Choice, Takes};
use crate::configured;

/// What is wrong with a value.
pub struct BadValue {
    /// In words.
    pub what: String,
    /// What to do.
    pub advice: &'static str,
}

fn bad(what: impl Into<String>, advice: &'static str) -> BadValue {
    let what = what.into();
    BadValue { what, advice }
}

/// No proxy has a level beyond.
const LEVELS: u32 = 2000;

/// Takes an option: `level` is what follows it in its own word, `value` the next word.
pub fn take(
    option: &Choice,
    level: &[u8],
    value: Option<&Vec<u8>>,
    given: &mut Given,
) -> Result<(), BadValue> {
    let Some(value) = value else {
        switch(option.first(), given);
        return Ok(());
    };
    let shown = String::from_utf8_lossy(value);
    match option.takes {
        Takes::Nothing | Takes::Any => {}
        Takes::MapFile => {
            let found = places::resolve(&configured::path(value));
            let advice = "create the file, or write its absolute name";
            given.map = Some(found.map_err(|problem| bad(problem.to_string(), advice))?);
        }
        Takes::PoolDirectory => {
            let path = configured::path(value);
            if !path.is_absolute() {
                let what = format!("{shown} is no absolute directory");
                return Err(bad(what, "begin it with a slash"));
            }
            given.pool = Some(path);
        }
        Takes::TrustDirectory => {
            let path = configured::path(value);
            match path.metadata() {
                Ok(data) if data.is_dir() => given.trust = Some(path),
                Ok(_) => return Err(bad(format!("{shown} is no directory"), "correct the name")),
                Err(problem) => {
                    let what = format!("{shown}: {problem}");
                    return Err(bad(
                        what,
                        "install the CA certificates, or correct the name",
                    ));
                }
            }
        }
        Takes::YesOrNo => match value.as_slice() {
            b"yes" => {}
            b"no" => given.lenient_pools |= option.first() == "-strict_poolprefix_match",
            _ => {
                return Err(bad(
                    format!("{shown} is neither yes nor no"),
                    "write yes or no",
                ));
            }
        },
        Takes::Number(least, most) => {
            let digits = Some(&*shown).filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
            let number: Option<u64> = digits.and_then(|digits| digits.parse().ok());
            if number.is_none_or(|number| !(least..=most).contains(&number)) {
                let what = format!("{shown} is no number from {least} to {most}");
                return Err(bad(what, "correct the number"));
            }
        }
        Takes::Lifetime => check_lifetime(value, &shown)?,
        Takes::LevelLifetime => {
            let text = String::from_utf8_lossy(level).to_ascii_lowercase();
            let is_level = text.parse::<u32>().is_ok_and(|level| level < LEVELS);
            if !text.starts_with('l') && !is_level {
                let what = format!("\"{text}\" is no level of proxies");
                return Err(bad(
                    what,
                    "write a number from 0 on, or L for the last proxy",
                ));
            }
            check_lifetime(value, &shown)?;
        }
        Takes::OneOf(words) => {
            if !words.contains(&&*shown) {
                let what = format!("{shown} is none of {}", words.join(", "));
                return Err(bad(what, "correct the word"));
            }
        }
        Takes::Account => {
            let found = named(value).and_then(|name| account_by_name(&name).ok().flatten());
            found.ok_or_else(|| bad(format!("there is no account {shown}"), "create it"))?;
        }
        Takes::Group => {
            let found = named(value).and_then(|name| group_by_name(&name).ok().flatten());
            found.ok_or_else(|| bad(format!("there is no group {shown}"), "create it"))?;
        }
    }
    Ok(())
}

fn switch(option: &str, given: &mut Given) {
    match option {
        "--require-crl" => given.crl_needed = true,
        "-no_wildcard" => given.no_wildcards = true,
        _ => {}
    }
}

fn check_lifetime(value: &[u8], shown: &str) -> Result<(), BadValue> {
    match lifetime(value) {
        Some(_) => Ok(()),
        None => Err(bad(
            format!("{shown} is no time"),
            "write it like 12:00 or 01d-00:00",
        )),
    }
}

fn named(value: &[u8]) -> Option<CString> {
    CString::new(value).ok()
}
