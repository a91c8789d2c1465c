//! The answer for people: aligned, without colour, nothing in it that could steer a terminal.

use std::fmt::Write;

use crate::answer::{Answer, Group, Line, Mapped, Outcome, Step};
use lcmaps_tools::printable::printable;

/// The whole answer, ending in a newline.
pub fn render(answer: &Answer) -> String {
    let mut text = String::new();
    text.push_str(match answer.result {
        Outcome::Mapped => "Mapped\n",
        Outcome::Refused => "Refused\n",
        Outcome::Misconfigured => "Misconfigured\n",
    });
    let mut facts: Vec<(&str, String)> = Vec::new();
    if let Some(dn) = &answer.dn {
        facts.push(("who", printable(dn)));
    }
    facts.extend(
        answer
            .fqans
            .iter()
            .map(|fqan| ("attribute", printable(fqan))),
    );
    if let Some(account) = &answer.account {
        account_facts(account, &mut facts);
    }
    if let Some(policy) = &answer.policy {
        facts.push(("policy", printable(policy)));
    }
    if let Some(reason) = &answer.reason {
        facts.push(("reason", printable(reason)));
    }
    for (name, value) in facts {
        line(&mut text, format_args!("  {name:<11} {value}"));
    }
    if !answer.steps.is_empty() {
        text.push_str("\nModules\n");
        table(&mut text, &answer.steps);
    }
    log_lines(&mut text, "Warnings (from the log)", &answer.warnings);
    if !answer.notes.is_empty() {
        text.push_str("\nPlease note\n");
        for note in &answer.notes {
            line(&mut text, format_args!("  - {}", printable(note)));
        }
    }
    log_lines(&mut text, "Why (from the log)", &answer.why);
    if !answer.advice.is_empty() {
        text.push_str("\nWhat to do\n");
        for advice in &answer.advice {
            line(&mut text, format_args!("  - {}", printable(advice)));
        }
    }
    text
}

fn log_lines(text: &mut String, title: &str, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    line(text, format_args!("\n{title}"));
    for logged in lines {
        let level = logged.level.to_lowercase();
        line(
            text,
            format_args!("  {level:<8} {}", printable(&logged.text)),
        );
    }
}

fn account_facts(account: &Mapped, facts: &mut Vec<(&str, String)>) {
    facts.push(("user", named("uid", account.user.as_deref(), account.uid)));
    facts.push(("group", groups(&account.primary_groups)));
    if !account.secondary_groups.is_empty() {
        facts.push(("also in", groups(&account.secondary_groups)));
    }
    if let Some(pool_index) = &account.pool_index {
        facts.push(("pool index", printable(pool_index)));
    }
}

fn groups(groups: &[Group]) -> String {
    let shown: Vec<String> = groups
        .iter()
        .map(|group| named("gid", group.name.as_deref(), group.gid))
        .collect();
    shown.join(", ")
}

fn named(kind: &str, name: Option<&str>, number: u32) -> String {
    match name {
        Some(name) => format!("{} ({kind} {number})", printable(name)),
        None => format!("{kind} {number} (no name on this machine)"),
    }
}

/// Columns policy, state, line, module and result; columns in which nothing is known are left out.
fn table(text: &mut String, steps: &[Step]) {
    const COLUMNS: usize = 5;
    let mut rows: Vec<[String; COLUMNS]> = Vec::new();
    for step in steps {
        rows.push([
            printable(&step.policy),
            step.state.as_deref().map(printable).unwrap_or_default(),
            step.line
                .map(|line| format!("line {line}"))
                .unwrap_or_default(),
            printable(&step.module),
            if step.succeeded {
                "succeeded"
            } else {
                "failed"
            }
            .to_owned(),
        ]);
    }
    let mut widths = [0; COLUMNS];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for row in &rows {
        let mut shown = String::new();
        for (cell, width) in row.iter().zip(widths).filter(|(_, width)| *width > 0) {
            // Writing to a String cannot fail.
            let _ = write!(shown, "  {cell:<width$}");
        }
        line(text, format_args!("{}", shown.trim_end()));
    }
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{content}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(policy: &str, state: &str, module: &str, succeeded: bool) -> Step {
        Step {
            policy: policy.into(),
            state: Some(state.into()),
            line: Some(9),
            module: module.into(),
            file: None,
            succeeded,
        }
    }

    #[test]
    fn a_mapping_is_shown_with_names_and_numbers_in_columns() {
        let answer = Answer {
            result: Outcome::Mapped,
            dn: Some("/C=NL/CN=Jane".into()),
            fqans: vec!["/vo".into()],
            account: Some(Mapped {
                user: Some("grid001".into()),
                uid: 41001,
                primary_groups: vec![Group {
                    name: Some("grid".into()),
                    gid: 41000,
                }],
                secondary_groups: vec![
                    Group {
                        name: Some("users".into()),
                        gid: 100,
                    },
                    Group { name: None, gid: 7 },
                ],
                pool_index: Some("%2fc%3dnl%2fcn%3djane".into()),
            }),
            policy: Some("site".into()),
            steps: vec![
                step("site", "local", "lcmaps_localaccount.mod", false),
                step("site", "pool", "lcmaps_poolaccount.mod", true),
            ],
            ..Answer::default()
        };
        let expected = "\
Mapped
  who         /C=NL/CN=Jane
  attribute   /vo
  user        grid001 (uid 41001)
  group       grid (gid 41000)
  also in     users (gid 100), gid 7 (no name on this machine)
  pool index  %2fc%3dnl%2fcn%3djane
  policy      site

Modules
  site  local  line 9  lcmaps_localaccount.mod  failed
  site  pool   line 9  lcmaps_poolaccount.mod   succeeded
";
        assert_eq!(render(&answer), expected);
    }

    #[test]
    fn a_refusal_says_why_and_what_to_do() {
        let answer = Answer {
            result: Outcome::Refused,
            reason: Some("no policy succeeded".into()),
            why: vec![Line {
                level: "NOTICE".into(),
                text: "No match for \u{1b}[1mJane".into(),
            }],
            advice: vec!["Add her.".into()],
            ..Answer::default()
        };
        let expected = "\
Refused
  reason      no policy succeeded

Why (from the log)
  notice   No match for \\u{1b}[1mJane

What to do
  - Add her.
";
        assert_eq!(render(&answer), expected);
    }
}
