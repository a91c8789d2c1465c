//! What each module said, from the log of a request.
//!
//! LCAS has no function that tells. Its log does, from debug level 1 on, in lines that the original
//! writes too: one for each module that was asked, and in front of it what the module itself says.

use serde::Serialize;

/// What one module said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The file of the module.
    pub module: String,
    /// Whether it grants.
    pub granted: bool,
    /// What it said about it, in its own words; nothing if it said nothing.
    pub reasons: Vec<String>,
}

/// Reads the answers of the last request in a log, in the order in which the modules were asked.
///
/// ```
/// let log = "LCAS   2: LCAS authorization request\n\
///            LCAS   5: lcas_userban-plugin_confirm_authorization(): refused: \"/CN=a\" is banned\n\
///            LCAS   1: lcas.mod-lcas_run_va(): authorization failed for plugin /usr/lib/lcas/lcas_userban.mod\n\
///            LCAS   1: lcas.mod-lcas_run_va(): failed\n";
/// let answers = lcas_client::answers::read(log);
/// assert_eq!(answers[0].module, "/usr/lib/lcas/lcas_userban.mod");
/// assert!(!answers[0].granted);
/// assert_eq!(answers[0].reasons, ["\"/CN=a\" is banned"]);
/// ```
#[must_use]
pub fn read(log: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut reasons = Vec::new();
    for line in log.lines() {
        let Some(text) = text(line) else { continue };
        if text == "LCAS authorization request" {
            answers.clear();
            reasons.clear();
        } else if let Some((module, granted)) = verdict(text) {
            answers.push(Answer {
                module: module.to_owned(),
                granted,
                reasons: std::mem::take(&mut reasons),
            });
        } else if !text.starts_with("lcas.mod-") {
            reasons.push(reason(text).to_owned());
        }
    }
    answers
}

/// A line without priority and tag.
fn text(line: &str) -> Option<&str> {
    let (_, rest) = line.strip_prefix("LCAS ")?.split_once(": ")?;
    // A tag ends with a colon between blanks.
    Some(rest.split_once(" : ").map_or(rest, |(_, text)| text))
}

/// Module and answer, if the line tells.
fn verdict(text: &str) -> Option<(&str, bool)> {
    let (_, rest) = text
        .strip_prefix("lcas.mod-")?
        .split_once("(): authorization ")?;
    if let Some(module) = rest.strip_prefix("granted by plugin ") {
        return Some((module, true));
    }
    Some((rest.strip_prefix("failed for plugin ")?, false))
}

/// What a module says, without its own name and without the answer, which stands beside it.
fn reason(text: &str) -> &str {
    let words = match text.split_once("(): ") {
        Some((function, words)) if !function.contains(' ') => words,
        _ => text,
    };
    (words.strip_prefix("granted: "))
        .or_else(|| words.strip_prefix("refused: "))
        .unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_module_has_its_own_words_and_only_the_last_request_counts() {
        let log = "LCAS   1: tag : Initialization LCAS version 1.3.19\n\
            LCAS   2: tag : LCAS authorization request\n\
            LCAS   1: tag : lcas.mod-lcas_run_va(): authorization failed for plugin /old.mod\n\
            LCAS   2: tag : LCAS authorization request\n\
            LCAS   6: tag : lcas_a-plugin_confirm_authorization(): granted: in list:3\n\
            LCAS   1: tag : lcas.mod-lcas_run_va(): authorization granted by plugin /a.mod\n\
            LCAS   1: tag : lcas.mod-lcas_run_va(): authorization granted by plugin /b.mod\n\
            no line of LCAS\n\
            LCAS   3: tag : words of a module in C\n\
            LCAS   1: tag : lcas.mod-lcas_run_va(): authorization failed for plugin /c.mod\n\
            LCAS   1: tag : lcas.mod-lcas_run_va(): failed\n";
        let answer = |module: &str, granted, reasons: &[&str]| Answer {
            module: module.to_owned(),
            granted,
            reasons: reasons.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(
            read(log),
            [
                answer("/a.mod", true, &["in list:3"]),
                answer("/b.mod", true, &[]),
                answer("/c.mod", false, &["words of a module in C"]),
            ]
        );
        assert_eq!(read(""), []);
    }
}
