//! Asking LCMAPS for the account.

use std::path::{Path, PathBuf};

use lcmaps_client::{
    Account, Credential, Error, Gid, Library, LogLevel, LogSink, PemText, Request, Session,
    Settings as Variables, Uid,
};

use crate::failure::Failure;
use crate::settings::{Destination, Settings};
use crate::start::{clear_environment, set_variable};
use crate::trust;

/// What is asked.
#[derive(Debug)]
pub struct Question<'a> {
    /// The proxy of the payload's owner.
    pub proxy: &'a PemText,
    /// The pilot's own proxy, which modules may use to ask others.
    pub pilot_proxy: Option<&'a std::ffi::OsStr>,
    /// Whether the proxy may lack its private key.
    pub without_key: bool,
    /// The account to verify; `None` asks for one.
    pub account: Option<(u32, u32)>,
    /// The uid to which configuration may belong beside root.
    pub owner: u32,
}

impl Question<'_> {
    /// Asks. Call with effective root: modules need it to read what they decide by, and one may switch the process.
    ///
    /// # Errors
    /// LCMAPS refuses, or does not work.
    pub fn ask(&self, settings: &Settings) -> Result<Account, Failure> {
        let untrusted = |what| Failure::internal(format_args!("LCMAPS: {what}"));
        trust::check(&settings.lcmaps_db_file, self.owner).map_err(untrusted)?;
        let library = match &settings.lcmaps_libdir {
            Some(directory) => {
                let path = directory.join("liblcmaps.so.0");
                trust::check(&path, 0).map_err(untrusted)?;
                Library::open_at(path)
            }
            None => Library::open(),
        };
        let library = library.map_err(broken)?;
        self.set_variables(settings)?;
        let answer = library
            .start(log_sink(settings))
            .map_err(broken)
            .and_then(|mut session| self.ask_session(&mut session, settings));
        clear_environment();
        answer
    }

    fn ask_session(&self, session: &mut Session, settings: &Settings) -> Result<Account, Failure> {
        let policies = match self.account {
            None => &settings.get_policies,
            Some(_) => &settings.verify_policies,
        };
        let policies: Vec<&str> = policies.iter().map(String::as_str).collect();
        let request = Request {
            policies: &policies,
            ..Request::default()
        };
        let Some((uid, gid)) = self.account else {
            return session
                .map(&Credential::Pem(self.proxy), &request)
                .map_err(answer);
        };
        let account = Account {
            uid: Uid(uid),
            primary_gids: vec![Gid(gid)],
            secondary_gids: Vec::new(),
            pool_index: None,
        };
        session
            .verify(self.proxy, &account, &request)
            .map_err(answer)?;
        Ok(account)
    }

    /// The environment of LCMAPS, which has nothing of the caller's but the name of its own proxy.
    fn set_variables(&self, settings: &Settings) -> Result<(), Failure> {
        let level = match settings.lcmaps_debug_level {
            0 | 1 => LogLevel::Error,
            2 => LogLevel::Warning,
            3 => LogLevel::Notice,
            4 => LogLevel::Info,
            _ => LogLevel::Debug,
        };
        let variables = Variables {
            db_file: Some(settings.lcmaps_db_file.clone()),
            modules_dir: settings
                .lcmaps_libdir
                .as_ref()
                .map(|directory| directory.join("lcmaps")),
            log_level: Some(level),
            ..Variables::default()
        };
        for (name, value) in variables.variables().map_err(broken)? {
            set_variable(name, value);
        }
        let directories: [(&str, &Option<PathBuf>); 2] = [
            ("X509_CERT_DIR", &settings.certdir),
            ("X509_VOMS_DIR", &settings.vomsdir),
        ];
        for (name, directory) in directories {
            if let Some(directory) = directory {
                set_variable(name, directory);
            }
        }
        if let Some(proxy) = self.pilot_proxy {
            set_variable("X509_USER_PROXY", proxy);
        }
        if self.without_key {
            set_variable("VERIFY_PROXY_DISCARD_PRIVATE_KEY_ABSENCE", "1");
        }
        Ok(())
    }
}

fn log_sink(settings: &Settings) -> LogSink {
    match settings.log_destination {
        Destination::Syslog => LogSink::Syslog,
        Destination::File => LogSink::File(Path::to_owned(&settings.lcmaps_log_file)),
    }
}

fn answer(error: Error) -> Failure {
    match error {
        Error::Refused => Failure::refused(
            "LCMAPS failed: the owner of the proxy is not mapped; its log says why",
        ),
        Error::BadAnswer { .. } => Failure::refused(error),
        other => broken(other),
    }
}

fn broken(error: Error) -> Failure {
    match error {
        Error::Start => Failure::internal(format_args!("Initialisation of LCMAPS failed. {error}")),
        other => Failure::internal(other),
    }
}
