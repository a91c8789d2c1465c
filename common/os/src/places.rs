//! Where the files that decide about users are.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::{LookupError, is_privileged, is_set_uid, own_account};

/// The administrator's folder: what a privileged process calls by a relative name is in here.
pub const GRID_SECURITY: &str = "/etc/grid-security";

/// The variables that may name the grid-mapfile; the first one that is set decides.
pub const MAP_FILE_VARIABLES: [&str; 4] = ["GRIDMAP", "GLOBUSMAP", "globusmap", "GlobusMap"];

/// A file or a folder is not where the configuration says.
#[derive(Debug, thiserror::Error)]
#[error("\"{}\" (from \"{}\"): {source}", found.display(), given.display())]
pub struct PlaceError {
    /// As it was given.
    given: PathBuf,
    /// What that stands for.
    found: PathBuf,
    source: io::Error,
}

/// A relative name as this process means it: in `/etc/grid-security` when it is privileged, in the
/// current folder otherwise. Absolute names stay.
///
/// # Errors
/// The name is relative and there is no such file.
pub fn resolve(path: &Path) -> Result<PathBuf, PlaceError> {
    resolve_as(path, is_privileged)
}

fn resolve_as(path: &Path, privileged: impl FnOnce() -> bool) -> Result<PathBuf, PlaceError> {
    if path.is_absolute() {
        return Ok(path.to_owned());
    }
    let found = if privileged() {
        Path::new(GRID_SECURITY).join(path)
    } else {
        path.to_owned()
    };
    match found.metadata() {
        Ok(_) => Ok(found),
        Err(source) => Err(PlaceError {
            given: path.to_owned(),
            found,
            source,
        }),
    }
}

/// The grid-mapfile of a process whose configuration names none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultMapFile {
    /// The environment names it.
    Environment {
        /// By this variable.
        variable: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// Nothing names it: the administrator's for a privileged process, `~/.gridmap` for a user.
    BuiltIn {
        /// The file.
        path: PathBuf,
        /// Whether it is the administrator's.
        privileged: bool,
    },
}

/// The name service could not say where the home of the user is, or the environment names a file
/// that is not there.
#[derive(Debug, thiserror::Error)]
pub enum DefaultError {
    /// The home is not known.
    #[error("cannot find ~/.gridmap")]
    Home(#[source] LookupError),
    /// The file in the environment is not there.
    #[error("environment variable {variable}")]
    Environment {
        /// The variable.
        variable: &'static str,
        /// The file.
        source: PlaceError,
    },
}

impl DefaultMapFile {
    /// Finds it for this process.
    ///
    /// # Errors
    /// The name service failed to say where the home is, or a relative name in the environment
    /// does not exist.
    pub fn find() -> Result<Self, DefaultError> {
        let home = || Ok(own_account()?.map(|account| account.home));
        Self::find_in(is_privileged(), trusted_variable, home)
    }

    fn find_in(
        privileged: bool,
        variable: impl Fn(&'static str) -> Option<OsString>,
        home: impl FnOnce() -> Result<Option<PathBuf>, LookupError>,
    ) -> Result<Self, DefaultError> {
        let set = MAP_FILE_VARIABLES
            .into_iter()
            .find_map(|name| Some((name, variable(name)?)));
        if let Some((variable, value)) = set
            && !value.is_empty()
        {
            let path = resolve_as(Path::new(&value), || privileged);
            let path = path.map_err(|source| DefaultError::Environment { variable, source })?;
            return Ok(Self::Environment { variable, path });
        }
        let path = if privileged {
            Path::new(GRID_SECURITY).join("grid-mapfile")
        } else {
            home()
                .map_err(DefaultError::Home)?
                .unwrap_or_default()
                .join(".gridmap")
        };
        Ok(Self::BuiltIn { path, privileged })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Environment { path, .. } | Self::BuiltIn { path, .. } => path,
        }
    }
}

/// The folder that this environment variable names, `None` when it is unset or empty.
///
/// # Errors
/// The name is relative and there is no such folder.
pub fn folder_in_environment(variable: &'static str) -> Result<Option<PathBuf>, PlaceError> {
    match trusted_variable(variable) {
        Some(value) if !value.is_empty() => resolve(Path::new(&value)).map(Some),
        _ => Ok(None),
    }
}

/// A variable, unless somebody less privileged set it.
fn trusted_variable(name: &'static str) -> Option<OsString> {
    if is_set_uid() {
        None
    } else {
        env::var_os(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

    fn home() -> std::result::Result<Option<PathBuf>, LookupError> {
        Ok(Some(PathBuf::from("/home/u")))
    }

    fn found(privileged: bool, set: &[(&str, &str)]) -> Result<DefaultMapFile> {
        let variable = |name: &str| {
            set.iter()
                .find(|(have, _)| *have == name)
                .map(|(_, value)| value.into())
        };
        Ok(DefaultMapFile::find_in(privileged, variable, home)?)
    }

    #[test]
    fn an_absolute_name_stays_even_if_nothing_is_there() -> Result {
        assert_eq!(
            resolve_as(Path::new("/no/such"), || true)?,
            Path::new("/no/such")
        );
        assert_eq!(
            resolve_as(Path::new("/no/such"), || false)?,
            Path::new("/no/such")
        );
        Ok(())
    }

    #[test]
    fn a_relative_name_is_the_administrators_for_a_privileged_process() {
        let error = resolve_as(Path::new("no-such-map"), || true)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("\"/etc/grid-security/no-such-map\" (from \"no-such-map\"): "),
            "{error}"
        );
    }

    #[test]
    fn a_relative_name_is_in_the_current_folder_for_a_user() -> Result {
        assert_eq!(
            resolve_as(Path::new("Cargo.toml"), || false)?,
            Path::new("Cargo.toml")
        );
        assert!(resolve_as(Path::new("no-such-map"), || false).is_err());
        Ok(())
    }

    #[test]
    fn the_first_variable_that_is_set_decides() -> Result {
        let environment = |variable, path: &str| DefaultMapFile::Environment {
            variable,
            path: path.into(),
        };
        assert_eq!(
            found(true, &[("GRIDMAP", "/a"), ("GLOBUSMAP", "/b")])?,
            environment("GRIDMAP", "/a")
        );
        assert_eq!(
            found(true, &[("globusmap", "/c"), ("GLOBUSMAP", "/b")])?,
            environment("GLOBUSMAP", "/b")
        );
        assert_eq!(
            found(false, &[("GlobusMap", "/d")])?,
            environment("GlobusMap", "/d")
        );
        Ok(())
    }

    #[test]
    fn a_variable_that_is_set_to_nothing_ends_the_search() -> Result {
        let file = found(true, &[("GRIDMAP", ""), ("GLOBUSMAP", "/b")])?;
        let path = PathBuf::from("/etc/grid-security/grid-mapfile");
        assert_eq!(
            file,
            DefaultMapFile::BuiltIn {
                path,
                privileged: true
            }
        );
        Ok(())
    }

    #[test]
    fn an_ordinary_user_has_a_file_at_home() -> Result {
        assert_eq!(found(false, &[])?.path(), Path::new("/home/u/.gridmap"));
        Ok(())
    }

    #[test]
    fn somebody_without_an_account_has_a_file_in_the_current_folder() -> Result {
        let file = DefaultMapFile::find_in(false, |_| None, || Ok(None))?;
        assert_eq!(file.path(), Path::new(".gridmap"));
        Ok(())
    }

    #[test]
    fn a_home_that_cannot_be_looked_up_is_an_error() {
        let error = std::io::Error::other("server down");
        let error = LookupError::new(crate::lookup::Subject::Uid(5), error);
        assert!(DefaultMapFile::find_in(false, |_| None, || Err(error)).is_err());
    }
}
