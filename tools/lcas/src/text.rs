//! The answer for people: aligned, without colour, nothing in it that could steer a terminal.

use std::fmt::Write as _;

use lcmaps_tools::printable::printable;

use crate::answer::{Answer, Decision, ModuleAnswer};

/// The whole answer, ending in a newline.
pub fn render(answer: &Answer) -> String {
    let mut text = format!("{}\n", title(answer.decision));
    let mut fact = |name: &str, value: Option<&String>| {
        if let Some(value) = value {
            line(&mut text, format_args!("  {name:<10} {}", printable(value)));
        }
    };
    fact("reason", answer.reason.as_ref());
    fact("who", answer.dn.as_ref());
    fact("request", answer.request.as_ref());
    fact("time", answer.at.as_ref());
    fact("database", Some(&answer.database));
    if !answer.modules.is_empty() {
        text.push_str("\nModules\n");
        modules(&mut text, &answer.modules);
    }
    if !answer.notes.is_empty() {
        text.push_str("\nPlease note\n");
        for note in &answer.notes {
            line(&mut text, format_args!("  - {}", printable(note)));
        }
    }
    text
}

fn title(decision: Decision) -> &'static str {
    match decision {
        Decision::Granted => "Granted",
        Decision::Refused => "Refused",
        Decision::Misconfigured => "Misconfigured",
    }
}

fn modules(text: &mut String, modules: &[ModuleAnswer]) {
    let width = modules
        .iter()
        .map(|one| printable(&one.module).chars().count())
        .max();
    let width = width.unwrap_or_default();
    for module in modules {
        let answer = match module.answer {
            Decision::Granted => "grants",
            Decision::Refused => "refuses",
            Decision::Misconfigured => "cannot decide",
        };
        let name = printable(&module.module);
        line(
            text,
            format_args!("  line {:<3} {name:<width$}  {answer}", module.line),
        );
        if let Some(reason) = &module.reason {
            line(text, format_args!("      {}", printable(reason)));
        }
        for logged in &module.log {
            line(text, format_args!("      log: {}", printable(logged)));
        }
        for finding in &module.findings {
            line(text, format_args!("      check: {}", finding.line()));
        }
    }
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{content}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_shows_every_module_and_its_reason() {
        let module = |name: &str, answer, reason: &str| ModuleAnswer {
            module: name.to_owned(),
            line: 2,
            file: None,
            answer,
            reason: Some(reason.to_owned()),
            log: Vec::new(),
            findings: Vec::new(),
        };
        let answer = Answer {
            decision: Decision::Refused,
            dn: Some("/CN=a\u{1b}[2J".to_owned()),
            database: "/etc/lcas/lcas.db".to_owned(),
            modules: vec![
                module("lcas_userban.mod", Decision::Granted, "is not in /b"),
                module("x.mod", Decision::Refused, "no"),
            ],
            ..Answer::default()
        };
        let expected = "\
Refused
  who        /CN=a\\u{1b}[2J
  database   /etc/lcas/lcas.db

Modules
  line 2   lcas_userban.mod  grants
      is not in /b
  line 2   x.mod             refuses
      no
";
        assert_eq!(render(&answer), expected);
    }
}
