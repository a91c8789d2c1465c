//! LCMAPS is configured through environment variables; this writes them.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::Error;

/// Settings of the process's LCMAPS. `None` leaves a variable as it is.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The policy file (`LCMAPS_DB_FILE`). A relative path is taken from the current directory, now.
    pub db_file: Option<PathBuf>,
    /// Where modules are searched first, unless the policy file has a `path` (`LCMAPS_MODULES_DIR`).
    pub modules_dir: Option<PathBuf>,
    /// What is logged (`LCMAPS_DEBUG_LEVEL`).
    pub log_level: Option<LogLevel>,
    /// A text put before every log line (`LCMAPS_LOG_STRING`).
    pub log_string: Option<OsString>,
    /// What a verification compares (`LCMAPS_VERIFY_TYPE`).
    pub verify_type: Option<VerifyType>,
}

/// The least important lines that are still logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Errors only.
    Error,
    /// Also warnings.
    Warning,
    /// Also the outcome of each mapping.
    Notice,
    /// Also what each module did (LCMAPS's default).
    Info,
    /// Everything.
    Debug,
}

/// What [`Session::verify`](crate::Session::verify) compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyType {
    /// The user id.
    Uid,
    /// The user id and the first primary group.
    UidAndPrimaryGid,
}

impl Settings {
    /// Writes the settings into the environment of this process, to be read by the next session.
    ///
    /// Changing the environment is only sound while no other thread can read it, so this is for the
    /// beginning of `main`.
    ///
    /// # Errors
    /// [`Error::NotSingleThreaded`] if the process has more than one thread; [`Error::NulByte`];
    /// [`Error::Read`] if the current directory or the list of threads cannot be read.
    pub fn apply(&self) -> Result<(), Error> {
        set_environment(self.variables()?)
    }

    /// The variables and their values, for a process that is started with them (`Command::envs`).
    ///
    /// # Errors
    /// [`Error::NulByte`]; [`Error::Read`] if the current directory cannot be read.
    pub fn variables(&self) -> Result<Vec<(&'static str, OsString)>, Error> {
        let level = self.log_level.map(|level| match level {
            LogLevel::Error => "1",
            LogLevel::Warning => "2",
            LogLevel::Notice => "3",
            LogLevel::Info => "4",
            LogLevel::Debug => "5",
        });
        let verify = self.verify_type.map(|kind| match kind {
            VerifyType::Uid => "uid",
            VerifyType::UidAndPrimaryGid => "uid_pgid",
        });
        let all = [
            ("LCMAPS_DB_FILE", absolute(self.db_file.as_ref())?),
            ("LCMAPS_MODULES_DIR", absolute(self.modules_dir.as_ref())?),
            ("LCMAPS_DEBUG_LEVEL", level.map(OsString::from)),
            ("LCMAPS_LOG_STRING", self.log_string.clone()),
            ("LCMAPS_VERIFY_TYPE", verify.map(OsString::from)),
        ];
        all.into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .map(|(name, value)| match has_nul(&value) {
                true => Err(Error::NulByte { what: name }),
                false => Ok((name, value)),
            })
            .collect()
    }
}

/// Writes variables into the environment of this process.
///
/// # Errors
/// [`Error::NotSingleThreaded`] if the process has more than one thread: somebody could read the
/// environment meanwhile. [`Error::Read`] if the list of threads cannot be read.
pub fn set_environment(variables: Vec<(&'static str, OsString)>) -> Result<(), Error> {
    let threads = thread_count()?;
    if threads != 1 {
        return Err(Error::NotSingleThreaded { threads });
    }
    for (name, value) in variables {
        // SAFETY: this is the only thread, and it does nothing else until the variable is set.
        unsafe { env::set_var(name, value) };
    }
    Ok(())
}

fn has_nul(text: &OsStr) -> bool {
    text.as_bytes().contains(&0)
}

/// LCMAPS resolves relative names against its own directories, not the caller's.
fn absolute(path: Option<&PathBuf>) -> Result<Option<OsString>, Error> {
    let Some(path) = path else { return Ok(None) };
    let whole = std::path::absolute(path).map_err(|source| Error::Read {
        path: path.clone(),
        source,
    })?;
    Ok(Some(whole.into_os_string()))
}

/// Threads of this process. If the answer is 1, the caller is alone and stays so until it starts a thread.
fn thread_count() -> Result<usize, Error> {
    const TASKS: &str = "/proc/self/task";
    let unreadable = |source| Error::Read {
        path: TASKS.into(),
        source,
    };
    let mut threads = 0;
    for task in fs::read_dir(TASKS).map_err(unreadable)? {
        task.map_err(unreadable)?;
        threads += 1;
    }
    Ok(threads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_becomes_a_variable() -> Result<(), Error> {
        assert_eq!(Settings::default().variables()?, []);
        let settings = Settings {
            db_file: Some("/etc/lcmaps.db".into()),
            log_level: Some(LogLevel::Debug),
            verify_type: Some(VerifyType::UidAndPrimaryGid),
            ..Settings::default()
        };
        let expected = [
            ("LCMAPS_DB_FILE", "/etc/lcmaps.db".into()),
            ("LCMAPS_DEBUG_LEVEL", "5".into()),
            ("LCMAPS_VERIFY_TYPE", "uid_pgid".into()),
        ];
        assert_eq!(settings.variables()?, expected);
        Ok(())
    }

    #[test]
    fn a_relative_policy_file_is_the_callers_not_the_one_in_etc() -> Result<(), Error> {
        let settings = Settings {
            db_file: Some("my.db".into()),
            ..Settings::default()
        };
        let here = env::current_dir().map_err(Error::LogStream)?;
        assert_eq!(
            settings.variables()?,
            [("LCMAPS_DB_FILE", here.join("my.db").into_os_string())]
        );
        Ok(())
    }

    #[test]
    fn a_nul_byte_is_refused_with_the_variables_name() {
        let settings = Settings {
            log_string: Some("a\0b".into()),
            ..Settings::default()
        };
        let refused = settings.variables().err().map(|e| e.to_string());
        assert_eq!(
            refused.as_deref(),
            Some("LCMAPS_LOG_STRING contains a NUL byte")
        );
    }

    #[test]
    fn the_environment_is_left_alone_once_there_are_threads() {
        // The test harness runs this test on a thread of its own.
        let settings = Settings {
            log_string: Some("never".into()),
            ..Settings::default()
        };
        assert!(matches!(
            settings.apply(),
            Err(Error::NotSingleThreaded { threads: 2.. })
        ));
        assert_eq!(env::var_os("LCMAPS_LOG_STRING"), None);
    }
}
