//! Asking the library, in a process of its own: it belongs to a process as a whole, and a module that crashes must
//! not take the answer with it.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use lcas_client::{Decision, Error, Library, LogSink, PemText, Settings};
use tempfile::TempDir;

use crate::cli::AskOptions;
use crate::places;

/// How long a module may think.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every module grants it.
    Granted,
    /// A module refuses it.
    Refused,
    /// The library could not evaluate it.
    NotEvaluated,
    /// Every module grants it, but one does not end: `lcas_pem` refuses then.
    NotEnded,
    /// The library did not start with this database.
    NotStarted,
    /// There is no answer, for this reason.
    None(String),
}

const WORDS: &[(&str, Outcome)] = &[
    ("granted", Outcome::Granted),
    ("refused", Outcome::Refused),
    ("not evaluated", Outcome::NotEvaluated),
    ("not ended", Outcome::NotEnded),
    ("not started", Outcome::NotStarted),
];

/// Who is asked, and what.
pub struct Question<'a> {
    /// The library.
    pub library: &'a Path,
    /// Where modules are searched first.
    pub modules_dir: Option<&'a Path>,
    /// The proxy file.
    pub proxy: &'a Path,
    /// The request.
    pub rsl: Option<&'a str>,
}

/// Answer and log of a library that was asked.
pub struct Asked {
    /// The answer.
    pub outcome: Outcome,
    /// The log.
    pub log: String,
}

impl Question<'_> {
    /// Asks with a database of its own; the log speaks of `original`, which it was taken from.
    pub fn ask_with(&self, database: &[u8], original: &Path) -> io::Result<Asked> {
        let scratch = tempfile::tempdir()?;
        let path = scratch.path().join("lcas.db");
        fs::write(&path, database)?;
        let mut asked = self.ask(&path, &scratch)?;
        let (own, original) = (path.display().to_string(), original.display().to_string());
        asked.log = asked.log.replace(&own, &original);
        Ok(asked)
    }

    /// Asks with a database that is there.
    pub fn ask_at(&self, database: &Path) -> io::Result<Asked> {
        self.ask(database, &tempfile::tempdir()?)
    }

    fn ask(&self, database: &Path, scratch: &TempDir) -> io::Result<Asked> {
        let (log, answer) = (scratch.path().join("log"), scratch.path().join("answer"));
        let mut child = Command::new(std::env::current_exe()?);
        child.arg("ask-library").arg("--library").arg(self.library);
        child.arg("--log").arg(&log).arg("--answer").arg(&answer);
        child.arg("--proxy").arg(self.proxy);
        if let Some(rsl) = self.rsl {
            child.arg("--rsl").arg(rsl);
        }
        let settings = Settings {
            db_file: Some(database.to_owned()),
            modules_dir: self.modules_dir.map(Path::to_owned),
            // One that the library does not take keeps a service from starting; so it does here.
            debug_level: places::debug_level_is_usable().then_some(1),
            log_string: None,
        };
        child.envs(settings.variables().map_err(io::Error::other)?);
        for tag in ["LCAS_LOG_STRING", "JOB_REPOSITORY_ID", "GATEKEEPER_JM_ID"] {
            child.env_remove(tag);
        }
        // What modules print is no part of the answer.
        child.stdin(Stdio::null()).stdout(Stdio::null());
        let ended = wait(child)?;
        let said = fs::read_to_string(&answer).unwrap_or_default();
        let outcome = match ended {
            None => Outcome::None(format!(
                "a module did not answer in {} s",
                PATIENCE.as_secs()
            )),
            Some(status) => outcome(&said, status),
        };
        let log = fs::read(&log).unwrap_or_default();
        Ok(Asked {
            outcome,
            log: String::from_utf8_lossy(&log).into_owned(),
        })
    }
}

fn outcome(said: &str, status: ExitStatus) -> Outcome {
    let known = WORDS.iter().find(|(word, _)| *word == said);
    match known {
        Some((_, outcome)) if status.success() => outcome.clone(),
        // An answer and then a crash: the service would have died of it.
        Some(_) | None if said.is_empty() || known.is_some() => Outcome::None(format!(
            "the process in which a module ran ended with {status}; a service would have ended with it"
        )),
        _ => Outcome::None(said.to_owned()),
    }
}

/// The status of a process; nothing if it took too long and was ended.
fn wait(mut command: Command) -> io::Result<Option<ExitStatus>> {
    let mut child = command.spawn()?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// The process that asks.
pub fn child(options: &AskOptions) -> ExitCode {
    let said = ask_library(options).unwrap_or_else(|problem| problem);
    let written =
        fs::File::create(&options.answer).and_then(|mut file| file.write_all(said.as_bytes()));
    if written.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn ask_library(options: &AskOptions) -> Result<String, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let pem = match PemText::read(&options.proxy) {
        Ok(pem) => pem,
        // A file that is there and is nobody's: a library that were given it could not evaluate it.
        Err(_) if fs::read(&options.proxy).is_ok() => return Ok(word(&Outcome::NotEvaluated)),
        Err(error) => return Err(said(&error)),
    };
    let library = Library::open_at(&options.library).map_err(|error| said(&error))?;
    let answer = match library.start(LogSink::File(options.log.clone())) {
        Err(Error::Start) => Outcome::NotStarted,
        Err(error) => return Err(said(&error)),
        Ok(session) => {
            let decision = session.decide(&pem, options.rsl.as_deref());
            let ended = session.end().is_ok();
            match decision {
                Ok(Decision::Granted) if !ended => Outcome::NotEnded,
                Ok(Decision::Granted) => Outcome::Granted,
                Ok(Decision::Refused) => Outcome::Refused,
                Ok(Decision::NotEvaluated) => Outcome::NotEvaluated,
                Err(error) => return Err(said(&error)),
            }
        }
    };
    Ok(word(&answer))
}

/// What the child writes for an outcome.
fn word(of: &Outcome) -> String {
    let word = WORDS.iter().find(|(_, outcome)| outcome == of);
    word.map(|(word, _)| (*word).to_owned()).unwrap_or_default()
}
