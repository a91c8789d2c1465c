//! Reads the lines of an LCMAPS log: `[IDENT:]lcmaps[PID]   LOG_INFO: 2024-01-01.00:00:00Z: message`.

use crate::answer::Line;

/// The lines of `log`. A line without the usual beginning continues the message before it.
pub fn parse(log: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for raw in log.lines().filter(|line| !line.trim().is_empty()) {
        match (split(raw), lines.last_mut()) {
            (Some((level, text)), _) => {
                lines.push(Line {
                    level: level.to_owned(),
                    text: text.to_owned(),
                });
            }
            (None, Some(last)) => {
                last.text.push(' ');
                last.text.push_str(raw.trim());
            }
            (None, None) => lines.push(Line {
                level: String::new(),
                text: raw.trim().to_owned(),
            }),
        }
    }
    lines
}

/// Level and message of a line with the usual beginning.
fn split(line: &str) -> Option<(&str, &str)> {
    let (head, rest) = line.split_once("]")?;
    if !head.contains("lcmaps[") {
        return None;
    }
    let (level, rest) = rest.trim_start().split_once(": ")?;
    let level = level.strip_prefix("LOG_")?;
    let (time, message) = rest.split_once("Z: ")?;
    let is_time = time
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b':'));
    (is_time && !time.is_empty()).then_some((level, message.trim()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(level: &str, text: &str) -> Line {
        Line {
            level: level.into(),
            text: text.into(),
        }
    }

    #[test]
    fn level_and_message_are_taken_apart() {
        let log = "x:lcmaps[12]  LOG_NOTICE: 2024-05-06.07:08:09Z: No match: [none]\n\
                   lcmaps[12]    LOG_INFO: 2024-05-06.07:08:09Z: Starting policy: p\n";
        let expected = [
            line("NOTICE", "No match: [none]"),
            line("INFO", "Starting policy: p"),
        ];
        assert_eq!(parse(log), expected);
    }

    #[test]
    fn a_line_without_the_usual_beginning_continues_the_one_before() {
        let log = "stray\nlcmaps[1] LOG_ERR: 2024-05-06.07:08:09Z: one\n\n  two: three\n";
        assert_eq!(
            parse(log),
            [line("", "stray"), line("ERR", "one two: three")]
        );
    }

    proptest! {
        #[test]
        fn no_log_makes_the_reader_panic(log in "(lcmaps\\[|\\]| LOG_ERR: |2024Z: |.|\n){0,40}") {
            let _ = parse(&log);
        }
    }
}
