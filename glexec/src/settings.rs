//! What the configuration file says.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::libc;

use crate::failure::Failure;
use crate::ini::{self, Entry};
use crate::white_list::WhiteList;

/// Where gLExec logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// Syslog.
    Syslog,
    /// The file of `log_file`.
    File,
}

/// Who changes the identity of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwitchBy {
    /// gLExec, when LCMAPS is done.
    Glexec,
    /// The module `lcmaps_posix_enf` in the policy.
    Lcmaps,
}

/// How files are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// `flock(2)`
    Flock,
    /// `fcntl(2)`
    Fcntl,
    /// Not at all.
    Disabled,
}

/// The configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `log_destination`
    pub log_destination: Destination,
    /// `syslog_facility`
    pub syslog_facility: i32,
    /// `log_file`
    pub log_file: PathBuf,
    /// `log_file_group`
    pub log_file_group: String,
    /// `log_level`
    pub log_level: u8,
    /// `silent_logging`
    pub silent_logging: bool,
    /// `user_white_list`
    pub users: WhiteList,
    /// `group_white_list`
    pub groups: WhiteList,
    /// `omission_private_key_white_list`
    pub without_key: WhiteList,
    /// `linger`
    pub linger: bool,
    /// `user_identity_switch_by`
    pub switch_by: SwitchBy,
    /// `create_target_proxy`
    pub create_target_proxy: bool,
    /// `target_lock_mechanism`
    pub target_lock: Lock,
    /// `input_lock_mechanism`
    pub input_lock: Lock,
    /// `preserve_env_variables`
    pub preserved: Vec<String>,
    /// `use_lcas`
    pub use_lcas: bool,
    /// `lcas_db_file`
    pub lcas_db_file: PathBuf,
    /// `lcas_log_file`
    pub lcas_log_file: PathBuf,
    /// `lcas_debug_level`
    pub lcas_debug_level: u8,
    /// `lcas_libdir`
    pub lcas_libdir: Option<PathBuf>,
    /// `lcmaps_db_file`
    pub lcmaps_db_file: PathBuf,
    /// `lcmaps_log_file`
    pub lcmaps_log_file: PathBuf,
    /// `lcmaps_debug_level`
    pub lcmaps_debug_level: u8,
    /// `lcmaps_libdir`
    pub lcmaps_libdir: Option<PathBuf>,
    /// `lcmaps_get_account_policy`
    pub get_policies: Vec<String>,
    /// `lcmaps_verify_account_policy`
    pub verify_policies: Vec<String>,
    /// `certdir`
    pub certdir: Option<PathBuf>,
    /// `vomsdir`
    pub vomsdir: Option<PathBuf>,
    /// `prohibit_exec_via_symlink`
    pub prohibit_symlink: bool,
    /// `minimum_uid`
    pub minimum_uid: u32,
    /// `minimum_gid`
    pub minimum_gid: u32,
    /// `termination_grace`
    pub termination_grace: Duration,
    /// What is odd about the file and no reason to stop.
    pub remarks: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let library_log = PathBuf::from("/var/log/glexec/lcas_lcmaps.log");
        Self {
            log_destination: Destination::Syslog,
            syslog_facility: libc::LOG_DAEMON,
            log_file: "/var/log/glexec/glexec_log".into(),
            log_file_group: "root".into(),
            log_level: 3,
            silent_logging: false,
            users: WhiteList::default(),
            groups: WhiteList::default(),
            without_key: WhiteList::default(),
            linger: true,
            switch_by: SwitchBy::Glexec,
            create_target_proxy: true,
            target_lock: Lock::Flock,
            input_lock: Lock::Flock,
            preserved: Vec::new(),
            use_lcas: true,
            lcas_db_file: "/etc/lcas/lcas-glexec.db".into(),
            lcas_log_file: library_log.clone(),
            lcas_debug_level: 1,
            lcas_libdir: None,
            lcmaps_db_file: "/etc/lcmaps/lcmaps-glexec.db".into(),
            lcmaps_log_file: library_log,
            lcmaps_debug_level: 3,
            lcmaps_libdir: None,
            get_policies: Vec::new(),
            verify_policies: Vec::new(),
            certdir: None,
            vomsdir: None,
            prohibit_symlink: false,
            minimum_uid: 100,
            minimum_gid: 100,
            termination_grace: Duration::from_secs(10),
            remarks: Vec::new(),
        }
    }
}

/// Keys that are read and have no effect here, or had one in earlier versions.
const WITHOUT_EFFECT: [&str; 5] = [
    "backlog_path",
    "diff_syslog_levels",
    "lcas_log_level",
    "lcmaps_log_level",
    "pedantic_security_checks",
];

impl Settings {
    /// Reads the text of the file; its name is for messages. Of a repeated key the last one counts.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn parse(file: &Path, text: &[u8]) -> Result<Self, Failure> {
        let at = |line: usize, what: &str| {
            Failure::internal(format_args!("{}:{line}: {what}", file.display()))
        };
        let entries = ini::parse(text).map_err(|e| at(e.line, &e.to_string()))?;
        let mut settings = Self::default();
        for entry in &entries {
            settings.take(entry).map_err(|what| at(entry.line, &what))?;
        }
        Ok(settings)
    }

    fn take(&mut self, entry: &Entry) -> Result<(), String> {
        let value = entry.value.as_str();
        match entry.key.as_str() {
            "log_destination" => {
                self.log_destination = one_of(
                    entry,
                    &[("syslog", Destination::Syslog), ("file", Destination::File)],
                )?;
            }
            "syslog_facility" => self.syslog_facility = one_of(entry, &FACILITIES)?,
            "log_file" => self.log_file = path(entry)?,
            "log_file_group" => self.log_file_group = value.to_owned(),
            "log_level" => self.log_level = self.level(entry)?,
            "silent_logging" => self.silent_logging = yes_or_no(entry)?,
            "user_white_list" => self.users = list(entry)?,
            "group_white_list" => self.groups = list(entry)?,
            "omission_private_key_white_list" => self.without_key = list(entry)?,
            "linger" => self.linger = yes_or_no(entry)?,
            "user_identity_switch_by" => {
                self.switch_by = one_of(
                    entry,
                    &[("glexec", SwitchBy::Glexec), ("lcmaps", SwitchBy::Lcmaps)],
                )?;
            }
            "create_target_proxy" => self.create_target_proxy = yes_or_no(entry)?,
            "target_lock_mechanism" => self.target_lock = one_of(entry, &LOCKS)?,
            "input_lock_mechanism" => self.input_lock = one_of(entry, &LOCKS)?,
            "preserve_env_variables" => self.preserved = words(value, ','),
            "use_lcas" => self.use_lcas = yes_or_no(entry)?,
            "lcas_db_file" => self.lcas_db_file = path(entry)?,
            "lcas_log_file" => self.lcas_log_file = path(entry)?,
            "lcas_debug_level" => self.lcas_debug_level = self.level(entry)?,
            "lcas_libdir" => self.lcas_libdir = optional_path(entry)?,
            "lcmaps_db_file" => self.lcmaps_db_file = path(entry)?,
            "lcmaps_log_file" => self.lcmaps_log_file = path(entry)?,
            "lcmaps_debug_level" => self.lcmaps_debug_level = self.level(entry)?,
            "lcmaps_libdir" => self.lcmaps_libdir = optional_path(entry)?,
            "lcmaps_voms_verification" => {
                if !yes_or_no(entry)? {
                    return Err(
                        "lcmaps_voms_verification: attributes are always verified; \"no\" cannot be had".into(),
                    );
                }
            }
            "lcmaps_get_account_policy" => self.get_policies = words(value, ':'),
            "lcmaps_verify_account_policy" => self.verify_policies = words(value, ':'),
            "certdir" => self.certdir = optional_path(entry)?,
            "vomsdir" => self.vomsdir = optional_path(entry)?,
            "prohibit_exec_via_symlink" => self.prohibit_symlink = yes_or_no(entry)?,
            "minimum_uid" => self.minimum_uid = number(entry)?,
            "minimum_gid" => self.minimum_gid = number(entry)?,
            "termination_grace" => {
                self.termination_grace = Duration::from_secs(number(entry)?.into());
            }
            // What should run after the payload and does not is a hole in the site's clean-up.
            "epilogue" if !value.is_empty() => {
                return Err("epilogue: this version runs none; remove the key".into());
            }
            "epilogue" | "epilogue_user" | "epilogue_group" | "epilogue_timeout" => {}
            known if WITHOUT_EFFECT.contains(&known) => {}
            unknown => self
                .remarks
                .push(format!("line {}: unknown key {unknown}", entry.line)),
        }
        Ok(())
    }

    /// A level of a log: numbers outside 0 to 5 are taken to the nearest, with a remark.
    fn level(&mut self, entry: &Entry) -> Result<u8, String> {
        let level: i64 = entry
            .value
            .parse()
            .map_err(|_| wrong(entry, "a number from 0 to 5"))?;
        let near = level.clamp(0, 5);
        if near != level {
            self.remarks.push(format!(
                "line {}: {} = {level} is outside 0 to 5; {near} is used",
                entry.line, entry.key
            ));
        }
        u8::try_from(near).map_err(|_| wrong(entry, "a number from 0 to 5"))
    }
}

const LOCKS: [(&str, Lock); 3] = [
    ("flock", Lock::Flock),
    ("fcntl", Lock::Fcntl),
    ("disabled", Lock::Disabled),
];

const FACILITIES: [(&str, i32); 11] = [
    ("LOG_DAEMON", libc::LOG_DAEMON),
    ("LOG_USER", libc::LOG_USER),
    ("LOG_AUTHPRIV", libc::LOG_AUTHPRIV),
    ("LOG_LOCAL0", libc::LOG_LOCAL0),
    ("LOG_LOCAL1", libc::LOG_LOCAL1),
    ("LOG_LOCAL2", libc::LOG_LOCAL2),
    ("LOG_LOCAL3", libc::LOG_LOCAL3),
    ("LOG_LOCAL4", libc::LOG_LOCAL4),
    ("LOG_LOCAL5", libc::LOG_LOCAL5),
    ("LOG_LOCAL6", libc::LOG_LOCAL6),
    ("LOG_LOCAL7", libc::LOG_LOCAL7),
];

fn wrong(entry: &Entry, expected: &str) -> String {
    format!("{} = {} is not {expected}", entry.key, entry.value)
}

fn one_of<T: Copy>(entry: &Entry, values: &[(&str, T)]) -> Result<T, String> {
    let found = values
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&entry.value));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        wrong(entry, &format!("one of {}", names.join(", ")))
    })
}

fn yes_or_no(entry: &Entry) -> Result<bool, String> {
    one_of(entry, &[("yes", true), ("no", false)])
}

fn number(entry: &Entry) -> Result<u32, String> {
    let digits = Some(entry.value.as_str()).filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    digits
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| wrong(entry, "a number"))
}

fn path(entry: &Entry) -> Result<PathBuf, String> {
    optional_path(entry)?.ok_or_else(|| wrong(entry, "an absolute path"))
}

fn optional_path(entry: &Entry) -> Result<Option<PathBuf>, String> {
    match Path::new(&entry.value) {
        path if path.is_absolute() => Ok(Some(path.to_owned())),
        _ if entry.value.is_empty() => Ok(None),
        _ => Err(wrong(entry, "an absolute path")),
    }
}

fn list(entry: &Entry) -> Result<WhiteList, String> {
    WhiteList::parse(&entry.value)
        .map_err(|word| format!("{}: \"{word}\" is no name, name*, .name or *", entry.key))
}

fn words(text: &str, separator: char) -> Vec<String> {
    text.split(separator)
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, String> {
        let text = format!("[glexec]\n{text}\n");
        Settings::parse(Path::new("/etc/glexec.conf"), text.as_bytes()).map_err(|e| e.to_string())
    }

    #[test]
    fn an_empty_file_lets_nobody_in() {
        let settings = read("").expect("an empty file is one");
        assert!(!settings.users.has("root") && !settings.groups.has("root"));
        assert!(settings.linger && settings.create_target_proxy && settings.use_lcas);
    }

    #[test]
    fn a_wrong_value_is_told_with_file_and_line() {
        for (text, says) in [
            (
                "log_destination = foo",
                "log_destination = foo is not one of syslog, file",
            ),
            (
                "log_level = abc",
                "log_level = abc is not a number from 0 to 5",
            ),
            ("linger = maybe", "linger = maybe is not one of yes, no"),
            ("lcmaps_db_file = lcmaps.db", "is not an absolute path"),
            ("lcmaps_db_file =", "is not an absolute path"),
            (
                "user_white_list = a,-b",
                "user_white_list: \"-b\" is no name",
            ),
            ("lcmaps_voms_verification = no", "always verified"),
            ("epilogue = /bin/true", "this version runs none"),
            ("minimum_uid = -1", "is not a number"),
        ] {
            let error = read(text).expect_err(text);
            assert!(
                error.starts_with("/etc/glexec.conf:2: ") && error.contains(says),
                "{error}"
            );
        }
    }

    #[test]
    fn levels_outside_are_clamped_and_unknown_keys_told() {
        let settings = read("log_level = 9\nlcmaps_debug_level = -1\nlcas_log_level = 1\nwhat = x")
            .expect("a file");
        assert_eq!((settings.log_level, settings.lcmaps_debug_level), (5, 0));
        assert_eq!(settings.remarks.len(), 3, "{:?}", settings.remarks);
    }

    #[test]
    fn enumerations_are_read_in_any_case_and_the_last_key_counts() {
        let settings = read("LINGER = No\nlinger = NO\nuser_identity_switch_by = LCMAPS\nlcmaps_get_account_policy = a : b").expect("a file");
        assert!(!settings.linger);
        assert_eq!(settings.switch_by, SwitchBy::Lcmaps);
        assert_eq!(settings.get_policies, ["a", "b"]);
    }

    #[test]
    fn the_man_page_describes_every_key() {
        let page = include_str!("../../man/glexec.conf.5.md");
        let arms = include_str!("settings.rs").lines().map(str::trim);
        let arms = arms.filter_map(|line| line.strip_prefix('"')?.split_once("\" =>"));
        let keys: Vec<&str> = arms
            .flat_map(|(keys, _)| keys.split("\" | \""))
            .chain(WITHOUT_EFFECT)
            .collect();
        assert!(keys.len() > 35, "{keys:?}");
        for key in keys {
            assert!(page.contains(&format!("**{key}**")), "{key} is missing");
        }
    }
}
