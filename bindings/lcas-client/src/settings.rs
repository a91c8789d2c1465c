//! LCAS is configured through environment variables; this writes them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::Error;

/// Settings of the process's LCAS. `None` leaves a variable as it is.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The database (`LCAS_DB_FILE`). A relative path is taken from the current directory, now.
    pub db_file: Option<PathBuf>,
    /// Where modules are searched first (`LCAS_MODULES_DIR`).
    pub modules_dir: Option<PathBuf>,
    /// How much is logged, 0 (refusals) to 5 (everything) (`LCAS_DEBUG_LEVEL`). From 1 on the log has
    /// the answer of every module.
    pub debug_level: Option<u8>,
    /// A text put before every log line (`LCAS_LOG_STRING`).
    pub log_string: Option<OsString>,
}

impl Settings {
    /// Writes the settings into the environment of this process, to be read by the next session.
    ///
    /// Changing the environment is only sound while no other thread can read it, so this is for the
    /// beginning of `main`.
    ///
    /// # Errors
    /// [`Error::NulByte`]; [`Error::Environment`] if the process has more than one thread, or the current
    /// directory cannot be read.
    pub fn apply(&self) -> Result<(), Error> {
        Ok(lcmaps_client::set_environment(self.variables()?)?)
    }

    /// The variables and their values, for a process that is started with them (`Command::envs`).
    ///
    /// # Errors
    /// [`Error::NulByte`]; [`Error::Environment`] if the current directory cannot be read.
    pub fn variables(&self) -> Result<Vec<(&'static str, OsString)>, Error> {
        let level = self.debug_level.map(|level| level.to_string().into());
        let all = [
            ("LCAS_DB_FILE", absolute(self.db_file.as_deref())?),
            ("LCAS_MODULES_DIR", absolute(self.modules_dir.as_deref())?),
            ("LCAS_DEBUG_LEVEL", level),
            ("LCAS_LOG_STRING", self.log_string.clone()),
        ];
        let set = all
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        set.map(|(name, value)| {
            if value.as_encoded_bytes().contains(&0) {
                return Err(Error::NulByte { what: name });
            }
            Ok((name, value))
        })
        .collect()
    }
}

/// LCAS resolves relative names against its own directories, not the caller's.
fn absolute(path: Option<&Path>) -> Result<Option<OsString>, Error> {
    let Some(path) = path else { return Ok(None) };
    let whole = std::path::absolute(path).map_err(|source| lcmaps_client::Error::Read {
        path: path.to_owned(),
        source,
    })?;
    Ok(Some(whole.into_os_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_becomes_a_variable() {
        assert_eq!(Settings::default().variables().unwrap(), []);
        let settings = Settings {
            db_file: Some("/etc/lcas.db".into()),
            debug_level: Some(1),
            ..Settings::default()
        };
        let expected = [
            ("LCAS_DB_FILE", "/etc/lcas.db".into()),
            ("LCAS_DEBUG_LEVEL", "1".into()),
        ];
        assert_eq!(settings.variables().unwrap(), expected);
    }

    #[test]
    fn a_relative_database_is_the_callers_and_a_nul_byte_is_refused() {
        let settings = |file: &str| Settings {
            db_file: Some(file.into()),
            ..Settings::default()
        };
        let here = std::env::current_dir().unwrap();
        let expected = [("LCAS_DB_FILE", here.join("my.db").into_os_string())];
        assert_eq!(settings("my.db").variables().unwrap(), expected);
        assert!(matches!(
            settings("/a\0b").variables(),
            Err(Error::NulByte {
                what: "LCAS_DB_FILE"
            })
        ));
    }
}
