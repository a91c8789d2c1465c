//! `lcmaps map`: maps one credential through the installed library and says how it went.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lcmaps_client::{
    Account, Credential, Error, Library, LogLevel, LogSink, LogStream, PemText, Request, Session,
    Settings,
};

use crate::answer::{Answer, LibraryUsed, Outcome};
use crate::cli::{Format, MapOptions};
use crate::evidence::Evidence;
use crate::log_tap::LogTap;
use crate::{accounts, advice, notes, text};
use lcmaps_tools::json;

/// Maps, prints the answer and gives the exit status.
pub fn run(options: &MapOptions) -> ExitCode {
    let answer = answer(options);
    match print(&answer, options.format) {
        Ok(()) => answer.result.exit_code(),
        Err(problem) => {
            eprintln!("lcmaps: cannot write the answer: {problem}");
            Outcome::Misconfigured.exit_code()
        }
    }
}

fn print(answer: &Answer, format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Text => out.write_all(text::render(answer).as_bytes())?,
        Format::Json => json::write(&mut out, answer)?,
    }
    out.flush()
}

/// An answer that says what keeps the question from being asked.
fn misconfigured(reason: impl Into<String>, advice: &str) -> Answer {
    Answer {
        reason: Some(reason.into()),
        advice: vec![advice.to_owned()],
        ..Answer::default()
    }
}

/// Whether this is a file that can be read. A FIFO in its place is not opened: that could wait for ever.
fn check_policy_file(db: &Path) -> io::Result<()> {
    if !std::fs::metadata(db)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    File::open(db).map(drop)
}

/// A policy that is asked for and that the file does not have, with those that it has. `None` also for
/// a file that does not compile: the library says what is wrong with it.
fn unknown_policy(db: &Path, wanted: &[String]) -> Option<String> {
    const LARGEST: u64 = 64 << 20;
    let mut text = Vec::new();
    File::open(db)
        .ok()?
        .take(LARGEST)
        .read_to_end(&mut text)
        .ok()?;
    let options = lcmaps_pdl::Options {
        file: "",
        library_dir: "/",
    };
    let policies = lcmaps_pdl::compile(&text, &options).compiled?.policies;
    let missing = wanted.iter().find(|wanted| {
        policies
            .iter()
            .all(|policy| policy.name != wanted.as_bytes())
    })?;
    let names: Vec<String> = policies
        .iter()
        .map(|policy| format!("\"{}\"", String::from_utf8_lossy(&policy.name)))
        .collect();
    Some(format!(
        "the policy file {} has no policy named {missing}; it has {}",
        db.display(),
        names.join(", ")
    ))
}

fn answer(options: &MapOptions) -> Answer {
    if let Some(db) = &options.db
        && let Err(problem) = check_policy_file(db)
    {
        let reason = format!("cannot read the policy file {}: {problem}", db.display());
        return misconfigured(
            reason,
            "Name a policy file that exists and that you may read with --db.",
        );
    }
    if let (Some(db), false) = (&options.db, options.policy.is_empty())
        && let Some(reason) = unknown_policy(db, &options.policy)
    {
        return misconfigured(
            reason,
            "Name a policy of the file with --policy, or leave it out.",
        );
    }
    let pem = match options.who.proxy.as_deref().map(PemText::read).transpose() {
        Ok(pem) => pem,
        Err(problem) => return misconfigured(problem.to_string(), advice::PROXY),
    };
    let settings = Settings {
        db_file: options.db.clone(),
        modules_dir: options.modules_dir.clone(),
        // The explanation needs the INFO lines, whatever the environment asks for.
        log_level: Some(if options.verbose > 1 {
            LogLevel::Debug
        } else {
            LogLevel::Info
        }),
        ..Settings::default()
    };
    if let Err(problem) = settings.apply() {
        return misconfigured(
            problem.to_string(),
            "Run the command again from a plain shell.",
        );
    }
    let library = match Library::open_at(library_path(options.library.as_deref())) {
        Ok(library) => library,
        Err(problem) => return misconfigured(problem.to_string(), advice::LIBRARY),
    };
    let tap = match log_tap(options) {
        Ok(tap) => tap,
        Err(reason) => return misconfigured(reason, "Name a log file that can be written."),
    };
    let mut answer = ask(&library, &tap, pem.as_ref(), options);
    answer.library = Some(LibraryUsed {
        path: library.path().display().to_string(),
        version: library.version().map(|version| version.to_string()),
    });
    answer
}

/// Starts LCMAPS, maps, and puts the answer together.
fn ask(library: &Library, tap: &LogTap, pem: Option<&PemText>, options: &MapOptions) -> Answer {
    let started = LogStream::new(tap.clone()).and_then(|log| library.start(LogSink::Stream(log)));
    let mut session = match started {
        Ok(session) => session,
        Err(problem) => {
            let evidence = Evidence::from_log(&tap.text());
            return Answer {
                reason: Some(problem.to_string()),
                why: evidence.why(),
                advice: advice::for_start(&evidence),
                ..Answer::default()
            };
        }
    };
    let fqans: Vec<&str> = options.fqan.iter().map(String::as_str).collect();
    let policies: Vec<&str> = options.policy.iter().map(String::as_str).collect();
    let dn = options.who.dn.as_deref().unwrap_or_default();
    let who = match pem {
        Some(pem) => Credential::Pem(pem),
        None if fqans.is_empty() => Credential::Dn(dn),
        None => Credential::Fqans { dn, fqans: &fqans },
    };
    let request = Request {
        policies: &policies,
        map_counter: options.map_counter,
        ..Request::default()
    };
    let mapped = session.map(&who, &request);
    let evidence = evidence(&mut session, tap);
    drop(session);
    let mut answer = conclude(mapped, evidence, options);
    if answer.result == Outcome::Mapped {
        answer.warnings = Evidence::warnings(&tap.text());
        answer.notes = notes::about(&answer, options, library.path());
    }
    answer
}

/// The library's report of the run, else what its log tells.
fn evidence(session: &mut Session, tap: &LogTap) -> Evidence {
    match session.report() {
        Ok(Some(report)) => Evidence::from(report),
        Ok(None) | Err(_) => Evidence::from_log(&tap.text()),
    }
}

fn conclude(mapped: Result<Account, Error>, evidence: Evidence, options: &MapOptions) -> Answer {
    let mut answer = Answer {
        dn: evidence.dn.clone().or_else(|| options.who.dn.clone()),
        fqans: if evidence.fqans.is_empty() {
            options.fqan.clone()
        } else {
            evidence.fqans.clone()
        },
        policy: evidence.deciding.clone(),
        steps: evidence.steps.clone(),
        ..Answer::default()
    };
    let problem = match mapped {
        Ok(account) => {
            answer.result = Outcome::Mapped;
            answer.account = Some(accounts::describe(&account));
            return answer;
        }
        Err(problem) => problem,
    };
    answer.policy = None;
    answer.why = evidence.why();
    if matches!(problem, Error::Refused) {
        if evidence.policies.is_empty() && !options.policy.is_empty() {
            let wanted = options.policy.join(", ");
            answer.reason = Some(format!("the policy file has no policy named {wanted}"));
            answer.advice =
                vec!["Name a policy of the file with --policy, or leave it out.".into()];
            return answer;
        }
        answer.result = Outcome::Refused;
        answer.advice = advice::for_refusal(&evidence);
        answer.reason = Some(evidence.reason.unwrap_or_else(|| problem.to_string()));
    } else {
        answer.reason = Some(problem.to_string());
    }
    answer
}

/// The library to open: the one named, else the one installed with this command, else the system's.
fn library_path(named: Option<&Path>) -> PathBuf {
    const SONAME: &str = "liblcmaps.so.0";
    if let Some(path) = named {
        // A bare file name is a file here, not a library that the loader searches for.
        return std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    }
    let installed = option_env!("LCMAPS_LIBDIR").map(|dir| Path::new(dir).join(SONAME));
    installed
        .filter(|path| path.exists())
        .unwrap_or_else(|| SONAME.into())
}

/// Keeps the log, and copies it to where the options say.
fn log_tap(options: &MapOptions) -> Result<LogTap, String> {
    let mut copies: Vec<Box<dyn Write + Send>> = Vec::new();
    if options.verbose > 0 {
        copies.push(Box::new(io::stderr()));
    }
    if let Some(path) = &options.log_file {
        let file = OpenOptions::new().append(true).create(true).open(path);
        let cannot = |problem| format!("cannot write the log file {}: {problem}", path.display());
        copies.push(Box::new(file.map_err(cannot)?));
    }
    Ok(LogTap::new(copies))
}
