//! `lcmaps ban`: the ban list, edited in one step, and whom it hits.

mod hits;
mod which;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use lc_gridmap::{Accept, MapFile, Wildcards};
use lcmaps_tools::json;
use lcmaps_tools::printable::printable;
use serde::Serialize;

use crate::cli::{BanCommand, BanOptions, Format};
use crate::edit;

/// Why the command cannot do its work, in words.
type Problem = String;

/// Runs a subcommand and gives the exit status.
pub fn run(options: &BanOptions) -> ExitCode {
    let done = which::file(options).and_then(|file| match &options.command {
        BanCommand::Add {
            name,
            pattern,
            comment,
        } => add(&file, name, *pattern, comment.as_deref()),
        BanCommand::Rm { name } => remove(&file, name),
        BanCommand::Ls => list(&file, options.format),
        BanCommand::Check(who) => hits::check(&file, who, options.format),
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(problem) => {
            eprintln!("lcmaps: {}", printable(&problem));
            ExitCode::from(2)
        }
    }
}

/// The text of a list that has no broken line.
fn sound(file: &Path, text: Vec<u8>) -> Result<MapFile, Problem> {
    let list = MapFile::parse(file, text);
    let broken = list
        .listed()
        .map_err(|problem| problem.to_string())?
        .find_map(Result::err);
    match broken {
        Some(problem) => Err(format!(
            "{problem}; nothing was changed, and everybody is refused who is not banned before that line"
        )),
        None => Ok(list),
    }
}

fn add(file: &Path, name: &str, pattern: bool, comment: Option<&str>) -> Result<bool, Problem> {
    let odd = |c: char| c.is_control() || c == '"';
    if name.is_empty() || name.contains(odd) || name.ends_with('\\') {
        return Err(format!(
            "\"{name}\" cannot be in a ban list: names have no double quotes or control characters"
        ));
    }
    if comment.is_some_and(|comment| comment.contains(char::is_control)) {
        return Err("a comment is one line without control characters".to_owned());
    }
    if !pattern && name.contains(['*', '?', '[']) {
        return Err(format!(
            "\"{name}\" is a pattern, which may hit many; see \"lcmaps ban check --with\" and say --pattern"
        ));
    }
    let mut already = None;
    edit::edit(file, |text| {
        let list = sound(file, text.to_vec())?;
        already = line_of(&list, name, Wildcards::Off)?;
        if already.is_some() {
            return Ok(None);
        }
        let mut text = text.to_vec();
        if !text.is_empty() && !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend_from_slice(format!("\"{name}\"").as_bytes());
        if let Some(comment) = comment {
            text.extend_from_slice(format!(" # {comment}").as_bytes());
        }
        text.push(b'\n');
        let list = sound(file, text.clone())?;
        match line_of(&list, name, Wildcards::Off)? {
            Some(_) => Ok(Some(text)),
            None => Err(format!("\"{name}\" cannot be written into a ban list")),
        }
    })?;
    match already {
        Some(line) => say(&format!("already banned: {}:{line}", file.display())),
        None => say(&format!("banned: {name}, in {}", file.display())),
    }
    .map(|()| true)
}

fn remove(file: &Path, name: &str) -> Result<bool, Problem> {
    let (mut removed, mut still) = (Vec::new(), None);
    edit::edit(file, |text| {
        let list = sound(file, text.to_vec())?;
        for line in list.listed().map_err(|problem| problem.to_string())? {
            let line = line.map_err(|problem| problem.to_string())?;
            // In a file with line ends of another system, names without quotes end in one.
            let written = line.name.strip_suffix(b"\r").unwrap_or(line.name);
            if written == name.as_bytes() {
                removed.push(line.line);
            }
        }
        let lines = (1..).zip(text.split_inclusive(|byte| *byte == b'\n'));
        let kept = lines.filter(|(number, _)| !removed.contains(number));
        let text: Vec<u8> = kept.flat_map(|(_, line)| line).copied().collect();
        let left = sound(file, text.clone())?;
        let found = left.lookup(name.as_bytes(), Wildcards::On, Accept::AnyName);
        still = found
            .map_err(|problem| problem.to_string())?
            .found
            .map(|found| {
                (
                    found.line,
                    String::from_utf8_lossy(found.pattern).into_owned(),
                )
            });
        Ok((!removed.is_empty()).then_some(text))
    })?;
    if removed.is_empty() {
        say(&format!("not listed: {name}, in {}", file.display()))?;
    } else {
        say(&format!("removed: {name}, from {}", file.display()))?;
    }
    if let Some((line, pattern)) = &still {
        let by = format!("still banned: {}:{line} by \"{pattern}\"", file.display());
        say(&by)?;
    }
    Ok(!removed.is_empty() && still.is_none())
}

fn list(file: &Path, format: Format) -> Result<bool, Problem> {
    #[derive(Serialize)]
    struct Ban {
        line: u32,
        name: String,
    }
    let list = MapFile::read(file).map_err(|problem| problem.to_string())?;
    let mut bans = Vec::new();
    for line in list.listed().map_err(|problem| problem.to_string())? {
        let line = line.map_err(|problem| problem.to_string())?;
        bans.push(Ban {
            line: line.line,
            name: String::from_utf8_lossy(line.name).into_owned(),
        });
    }
    answer(format, &bans, |out| {
        for ban in &bans {
            writeln!(out, "{:>5}  {}", ban.line, printable(&ban.name))?;
        }
        Ok(())
    })?;
    Ok(true)
}

fn line_of(list: &MapFile, name: &str, wildcards: Wildcards) -> Result<Option<u32>, Problem> {
    let found = list.lookup(name.as_bytes(), wildcards, Accept::AnyName);
    let found = found.map_err(|problem| problem.to_string())?.found;
    Ok(found.map(|found| found.line))
}

fn say(text: &str) -> Result<(), Problem> {
    writeln!(io::stdout(), "{}", printable(text)).map_err(unwritten)
}

fn unwritten(problem: io::Error) -> Problem {
    format!("cannot write the answer: {problem}")
}

/// Writes the answer in the form that is wanted.
fn answer<T: Serialize>(
    format: Format,
    value: &T,
    text: impl FnOnce(&mut io::StdoutLock<'_>) -> io::Result<()>,
) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    let written = match format {
        Format::Text => text(&mut out),
        Format::Json => json::write(&mut out, value),
    };
    written.and_then(|()| out.flush()).map_err(unwritten)
}
