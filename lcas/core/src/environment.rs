//! Environment variables and built-in directories, and what follows from them.
//!
//! A variable that is set counts even if it is empty.

use std::fmt;

use lc_configuration::file_name::join;

use crate::shown;

/// The variables of a process.
pub trait Environment {
    /// The value of a variable, if it is set.
    fn variable(&self, name: &str) -> Option<Vec<u8>>;
}

impl<F: Fn(&str) -> Option<Vec<u8>>> Environment for F {
    fn variable(&self, name: &str) -> Option<Vec<u8>> {
        self(name)
    }
}

/// The directories that the library was built with, each list in the order to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directories<'a> {
    /// Of configuration files.
    pub configuration: &'a [&'a str],
    /// Of modules.
    pub modules: &'a [&'a str],
}

/// Paths to try in turn.
pub type Candidates = Vec<Vec<u8>>;

/// Where the database is: `$LCAS_DB_FILE` or `lcas.db`, in `$LCAS_DIR`, else in `$LCAS_ETC_DIR`,
/// else in a built-in directory. The last candidate stands even if it does not exist.
#[must_use]
pub fn database(environment: &impl Environment, built_in: Directories<'_>) -> Candidates {
    let file = (environment.variable("LCAS_DB_FILE")).unwrap_or_else(|| b"lcas.db".to_vec());
    let directory =
        (environment.variable("LCAS_DIR")).or_else(|| environment.variable("LCAS_ETC_DIR"));
    match directory {
        Some(directory) => vec![join(&directory, &file, b"")],
        None => in_each(built_in.configuration, &file),
    }
}

/// Where a configuration file of a module may be: the environment does not count.
#[must_use]
pub fn configuration_file(name: &[u8], built_in: Directories<'_>) -> Candidates {
    in_each(built_in.configuration, name)
}

/// Where a module may be: in `$LCAS_MODULES_DIR`, then in the built-in directories.
#[must_use]
pub fn module(
    environment: &impl Environment,
    name: &[u8],
    built_in: Directories<'_>,
) -> Candidates {
    let mut candidates: Candidates = (environment.variable("LCAS_MODULES_DIR"))
        .map(|directory| join(&directory, name, b""))
        .into_iter()
        .collect();
    candidates.extend(in_each(built_in.modules, name));
    candidates
}

fn in_each(directories: &[&str], name: &[u8]) -> Candidates {
    let mut candidates: Candidates = Vec::new();
    for directory in directories {
        let candidate = join(directory.as_bytes(), name, b"");
        // An absolute name is the same in all of them.
        if !candidates.contains(&candidate) {
            candidates.push(candidate);
        }
    }
    candidates
}

/// What stands in front of every log line.
#[must_use]
pub fn log_tag(environment: &impl Environment) -> Option<Vec<u8>> {
    ["LCAS_LOG_STRING", "JOB_REPOSITORY_ID", "GATEKEEPER_JM_ID"]
        .iter()
        .find_map(|name| environment.variable(name))
}

/// How much is logged: the number in `$LCAS_DEBUG_LEVEL`, 0 without one.
///
/// # Errors
/// It is no number, or too large for an `int`.
pub fn debug_level(environment: &impl Environment) -> Result<i32, BadDebugLevel> {
    let Some(text) = environment.variable("LCAS_DEBUG_LEVEL") else {
        return Ok(0);
    };
    let number = text.iter().try_fold(0_i32, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i32::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    });
    number.ok_or(BadDebugLevel(text))
}

/// `LCAS_DEBUG_LEVEL` holds something that is no debug level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadDebugLevel(Vec<u8>);

impl fmt::Display for BadDebugLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "LCAS_DEBUG_LEVEL is \"{}\": it must be a number, 0 (little) to 5 (everything)",
            shown(&self.0)
        )
    }
}

impl std::error::Error for BadDebugLevel {}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT_IN: Directories<'static> = Directories {
        configuration: &["/etc/lcas/lcas", "/etc/lcas"],
        modules: &["/lib/lcas"],
    };

    fn set<'a>(list: &'a [(&'a str, &'a str)]) -> impl Environment + 'a {
        move |name: &str| {
            let found = list.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.as_bytes().to_vec())
        }
    }

    fn texts(candidates: Candidates) -> Vec<String> {
        (candidates.into_iter())
            .map(|path| String::from_utf8(path).unwrap())
            .collect()
    }

    #[test]
    fn the_database_is_in_the_first_directory_that_is_set() {
        for (variables, expected) in [
            (
                &[][..],
                &["/etc/lcas/lcas/lcas.db", "/etc/lcas/lcas.db"][..],
            ),
            (&[("LCAS_ETC_DIR", "/e")], &["/e/lcas.db"]),
            (
                &[("LCAS_ETC_DIR", "/e"), ("LCAS_DIR", "/d/")],
                &["/d/lcas.db"],
            ),
            (&[("LCAS_ETC_DIR", "/e"), ("LCAS_DIR", "")], &["lcas.db"]),
            (
                &[("LCAS_DIR", "/d"), ("LCAS_DB_FILE", "x.db")],
                &["/d/x.db"],
            ),
            (&[("LCAS_DIR", "/d"), ("LCAS_DB_FILE", "/x.db")], &["/x.db"]),
            (&[("LCAS_DIR", "/d"), ("LCAS_DB_FILE", "")], &["/d/"]),
            (&[("LCAS_DB_FILE", "/x.db")], &["/x.db"]),
        ] {
            assert_eq!(
                texts(database(&set(variables), BUILT_IN)),
                expected,
                "{variables:?}"
            );
        }
    }

    #[test]
    fn a_module_is_in_its_directory_or_in_the_built_in_one() {
        let nothing = set(&[]);
        let directory = set(&[("LCAS_MODULES_DIR", "m")]);
        assert_eq!(
            texts(module(&nothing, b"x.mod", BUILT_IN)),
            ["/lib/lcas/x.mod"]
        );
        assert_eq!(
            texts(module(&directory, b"x.mod", BUILT_IN)),
            ["m/x.mod", "/lib/lcas/x.mod"]
        );
        assert_eq!(texts(module(&nothing, b"/x.mod", BUILT_IN)), ["/x.mod"]);
    }

    #[test]
    fn a_configuration_file_does_not_follow_the_environment() {
        assert_eq!(
            texts(configuration_file(b"ban.db", BUILT_IN)),
            ["/etc/lcas/lcas/ban.db", "/etc/lcas/ban.db"]
        );
        assert_eq!(texts(configuration_file(b"/ban.db", BUILT_IN)), ["/ban.db"]);
    }

    #[test]
    fn the_first_variable_that_is_set_is_the_tag() {
        let (job, gatekeeper) = (("JOB_REPOSITORY_ID", "j"), ("GATEKEEPER_JM_ID", "g"));
        assert_eq!(log_tag(&set(&[])), None);
        assert_eq!(log_tag(&set(&[gatekeeper])), Some(b"g".to_vec()));
        assert_eq!(log_tag(&set(&[gatekeeper, job])), Some(b"j".to_vec()));
        assert_eq!(
            log_tag(&set(&[job, ("LCAS_LOG_STRING", "")])),
            Some(b"".to_vec())
        );
    }

    #[test]
    fn a_debug_level_is_a_number_that_fits() {
        for (text, expected) in [
            ("", Some(0)),
            ("0", Some(0)),
            ("007", Some(7)),
            ("2147483647", Some(i32::MAX)),
            ("2147483648", None),
            ("99999999999999999999", None),
            ("-1", None),
            ("1x", None),
            (" 1", None),
        ] {
            let level = debug_level(&set(&[("LCAS_DEBUG_LEVEL", text)]));
            assert_eq!(level.ok(), expected, "{text}");
        }
        assert_eq!(debug_level(&set(&[])), Ok(0));
    }
}
