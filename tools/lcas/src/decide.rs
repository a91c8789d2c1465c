//! `lcas decide`: asks the installed library, as a service would, and each module alone.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use lc_x509::Chain;
use lcas_core::Entry;
use lcas_module_support::slots::{LocalTime, SlotFile};
use lcas_module_support::{Failure, Finding};

use crate::answer::{Answer, Decision, ModuleAnswer};
use crate::ask::{Outcome, Question};
use crate::check::{self, Shown};
use crate::cli::{DecideOptions, Format};
use crate::database::{number, stem};
use crate::{database, log_lines, places, text};

/// Largest proxy file that is read, in bytes.
const LARGEST_PROXY: u64 = 1 << 20;

/// The module whose answer depends on the time of day.
const TIME_SLOTS: &str = "lcas_timeslots";

/// Asks, prints the answer and gives the exit status.
pub fn run(options: &DecideOptions) -> ExitCode {
    let answer = answer(options);
    match print(&answer, options.format) {
        Ok(()) => answer.decision.exit_code(),
        Err(problem) => {
            eprintln!("lcas: cannot write the answer: {problem}");
            Decision::Misconfigured.exit_code()
        }
    }
}

fn print(answer: &Answer, format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Text => out.write_all(text::render(answer).as_bytes())?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, answer)?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}

fn answer(options: &DecideOptions) -> Answer {
    let path = places::database(&options.places);
    let library = places::library(options.library.as_deref());
    let mut answer = Answer {
        request: options.rsl.clone(),
        database: path.display().to_string(),
        library: Some(library.display().to_string()),
        ..Answer::default()
    };
    if let Err(reason) = decide(options, &path, &library, &mut answer) {
        answer.decision = Decision::Misconfigured;
        answer.reason = Some(reason);
    }
    answer
}

/// Fills the answer.
fn decide(
    options: &DecideOptions,
    path: &Path,
    library: &Path,
    answer: &mut Answer,
) -> Result<(), String> {
    let user = dn(&options.proxy)?;
    let unusable = user.as_ref().err().cloned();
    answer.dn = user.ok();
    let at = match options.at {
        Some(moment) => Some(LocalTime::at(moment.unix()).map_err(|failure| failure.to_string())?),
        None => None,
    };
    answer.at = at.map(|time| time.to_string());
    let database =
        database::read(path).map_err(|problem| Shown::from(&problem.finding()).line())?;
    let question = Question {
        library,
        modules_dir: options.places.modules_dir.as_deref(),
        proxy: &options.proxy,
        rsl: options.rsl.as_deref(),
    };
    let cannot_ask = |problem: io::Error| format!("cannot ask the library: {problem}");
    for entry in &database.entries {
        let module = match at {
            Some(time) if stem(&entry.name) == TIME_SLOTS => time_slots(entry, time),
            _ => {
                let asked = question
                    .ask_with(&database::alone(entry), path)
                    .map_err(cannot_ask)?;
                if options.verbose {
                    eprint!("{}", asked.log);
                }
                module_answer(entry, &asked.outcome, &asked.log, unusable.as_deref())
            }
        };
        answer
            .modules
            .push(with_findings(module, entry, path, options));
    }
    if at.is_some() {
        answer.notes.push(
            "The time counts for time slots only; certificates, attributes and other modules are judged as of now."
                .to_owned(),
        );
        answer.decision = of_modules(&answer.modules);
    } else {
        let asked = question.ask_at(path).map_err(cannot_ask)?;
        answer.decision = match &asked.outcome {
            Outcome::Granted => Decision::Granted,
            Outcome::Refused | Outcome::NotEnded => Decision::Refused,
            Outcome::NotEvaluated if unusable.is_some() => Decision::Refused,
            Outcome::NotEvaluated | Outcome::NotStarted | Outcome::None(_) => {
                Decision::Misconfigured
            }
        };
        if answer.decision != of_modules(&answer.modules) {
            answer.notes.push(
                "The modules together decide otherwise than one by one; one of them remembers something.".to_owned(),
            );
        }
        if let Outcome::None(problem) = asked.outcome {
            return Err(problem);
        }
    }
    if answer.decision == Decision::Granted {
        answer.notes.push(
            "LCAS verifies no certificates: whether these are valid, trusted and not revoked the service has to see to."
                .to_owned(),
        );
    }
    answer.reason = match unusable {
        Some(problem) if answer.decision == Decision::Refused => Some(problem),
        _ => reason(&answer.modules, answer.decision),
    };
    Ok(())
}

/// What the modules' answers come to: all have to grant, and the first that does not decides.
fn of_modules(modules: &[ModuleAnswer]) -> Decision {
    // A module that does not start keeps the whole library from it.
    if modules.is_empty()
        || modules
            .iter()
            .any(|one| one.answer == Decision::Misconfigured)
    {
        return Decision::Misconfigured;
    }
    match modules.iter().all(|one| one.answer == Decision::Granted) {
        true => Decision::Granted,
        false => Decision::Refused,
    }
}

fn reason(modules: &[ModuleAnswer], decision: Decision) -> Option<String> {
    if modules.is_empty() {
        return Some("the database names no module, so everybody is refused".to_owned());
    }
    let first = modules.iter().find(|one| one.answer == decision)?;
    match decision {
        Decision::Granted => None,
        Decision::Refused => Some(format!("{} (line {}) refuses", first.module, first.line)),
        Decision::Misconfigured => Some(format!(
            "{} (line {}) cannot decide, so everybody is refused",
            first.module, first.line
        )),
    }
}

/// The DN of the sender, for the answer, or why the certificates can be nobody's.
///
/// # Errors
/// The file cannot be read, so there is nothing to ask about.
fn dn(proxy: &Path) -> Result<Result<String, String>, String> {
    let cannot = |problem: &dyn std::fmt::Display| {
        format!("cannot read the proxy file {}: {problem}", proxy.display())
    };
    let metadata = std::fs::metadata(proxy).map_err(|problem| cannot(&problem))?;
    if !metadata.is_file() || metadata.len() > LARGEST_PROXY {
        return Err(cannot(&"it is no file with certificates"));
    }
    let text = std::fs::read(proxy).map_err(|problem| cannot(&problem))?;
    let chain = Chain::from_pem(&text);
    Ok(match chain {
        Ok(chain) => Ok(chain.dn().to_string_lossy().into_owned()),
        Err(problem) => Err(format!(
            "the proxy file {} is not one that can be used: {problem}",
            proxy.display()
        )),
    })
}

/// What a module said in the library.
fn module_answer(
    entry: &Entry,
    outcome: &Outcome,
    log: &str,
    unusable: Option<&str>,
) -> ModuleAnswer {
    let said = log_lines::read(log);
    let (answer, otherwise) = match outcome {
        Outcome::Granted => (Decision::Granted, None),
        Outcome::Refused => (
            Decision::Refused,
            Some("the module gives no reason".to_owned()),
        ),
        Outcome::NotEnded => (
            Decision::Refused,
            Some("the module grants, but does not terminate".to_owned()),
        ),
        Outcome::NotEvaluated if unusable.is_some() => (
            Decision::Refused,
            Some("there is no user to ask about".to_owned()),
        ),
        Outcome::NotEvaluated => (
            Decision::Misconfigured,
            Some("the library could not evaluate the request".to_owned()),
        ),
        Outcome::NotStarted => (
            Decision::Misconfigured,
            Some("the module does not start".to_owned()),
        ),
        Outcome::None(problem) => (Decision::Misconfigured, Some(problem.clone())),
    };
    let reason = match outcome {
        // What it said before is not why.
        Outcome::NotEnded => otherwise,
        _ => said.reason.or(otherwise),
    };
    ModuleAnswer {
        reason,
        log: said.others,
        ..blank(entry, answer)
    }
}

/// What the time slots say at another time: the library's clock cannot be set.
fn time_slots(entry: &Entry, time: LocalTime) -> ModuleAnswer {
    let open = || -> Result<Option<String>, Failure> {
        let file = database::with_words(entry, |words| {
            SlotFile::configure(words, &places::configuration_file)
        })
        .map_err(Failure::error)??;
        let path = file.path().display();
        let line = file.read()?.line_with(time);
        Ok(line.map(|line| format!("{time} lies in the time slot {path}:{line}")))
    };
    let (answer, reason) = match open() {
        Ok(Some(slot)) => (Decision::Granted, slot),
        Ok(None) => (Decision::Refused, format!("{time} lies in no time slot")),
        Err(failure) => (Decision::Misconfigured, failure.to_string()),
    };
    ModuleAnswer {
        reason: Some(reason),
        ..blank(entry, answer)
    }
}

fn blank(entry: &Entry, answer: Decision) -> ModuleAnswer {
    ModuleAnswer {
        module: String::from_utf8_lossy(&entry.name).into_owned(),
        line: number(entry.position.line),
        file: None,
        answer,
        reason: None,
        log: Vec::new(),
        findings: Vec::new(),
    }
}

/// With what is wrong with its configuration, where that may be the cause.
fn with_findings(
    mut module: ModuleAnswer,
    entry: &Entry,
    path: &Path,
    options: &DecideOptions,
) -> ModuleAnswer {
    module.file = places::module(&entry.name, &options.places)
        .ok()
        .map(|file| file.display().to_string());
    if module.answer != Decision::Granted {
        let findings: Vec<Finding> = check::of_entry(path, entry, &options.places);
        // Modules log what a check finds as well.
        (module.log).retain(|line| !findings.iter().any(|one| line.contains(&one.text)));
        module.findings = findings.iter().map(Shown::from).collect();
    }
    module
}
