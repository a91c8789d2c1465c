//! Why a module decided, from the log of the library: `LCAS   PRIORITY: TEXT`.

/// What the log says about a module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Why it decided.
    pub reason: Option<String>,
    /// What else it logged.
    pub others: Vec<String>,
}

/// Most lines that are kept beside the reason.
const MOST: usize = 10;

/// How lines of the library itself begin.
const LIBRARY: &[&str] = &[
    "lcas.mod-",
    "lcas_log_",
    "LCAS authorization request",
    "Termination LCAS",
    "Initialization LCAS",
];

/// Lines of the library that look like errors and are none.
const EXPECTED: &[&str] = &[
    "authorization failed for plugin",
    "debugging level",
    "debug level",
    "plugin_confirm_authorization_from_x509",
    "not required",
];

/// Reads the log of a library that was asked with one module.
pub fn read(log: &str) -> Said {
    let mut said = Said::default();
    for (priority, line) in log.lines().filter_map(text) {
        // A module of ours, or one that writes like it: `lcas_x-plugin_confirm_authorization(): refused: …`.
        let own = line
            .split_once("(): ")
            .filter(|(source, _)| source.contains("-plugin_"));
        match own {
            Some((_, own)) => {
                let decided = ["refused: ", "granted: "];
                let reason = decided.iter().find_map(|start| own.strip_prefix(start));
                match reason {
                    Some(reason) => said.reason = Some(reason.to_owned()),
                    None => said.others.push(own.to_owned()),
                }
            }
            None if is_chatter(priority, line) => {}
            None => said.others.push(line.to_owned()),
        }
    }
    said.others.dedup();
    said.others.drain(..said.others.len().saturating_sub(MOST));
    said
}

/// Whether a line is the library's and says nothing about the module: its errors have priority 0.
fn is_chatter(priority: Option<u32>, line: &str) -> bool {
    let library = LIBRARY.iter().any(|start| line.starts_with(start));
    library && (priority != Some(0) || EXPECTED.iter().any(|words| line.contains(words)))
}

/// Priority and text of a line; nothing for blank lines.
fn text(line: &str) -> Option<(Option<u32>, &str)> {
    let rest = line.strip_prefix("LCAS").unwrap_or(line).trim();
    let parts = rest.split_once(": ");
    let numbered = parts.and_then(|(priority, rest)| Some((priority.parse().ok()?, rest.trim())));
    let (priority, rest) = match numbered {
        Some((priority, rest)) => (Some(priority), rest),
        None => (None, rest),
    };
    (!rest.is_empty()).then_some((priority, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_told_from_what_else_was_logged() {
        let log = "\
LCAS   0: lcas_log_open(): setting debugging level to 1
LCAS   1: Initialization LCAS version 1.3.19
LCAS   0: lcas.mod-get_procsymbol(): dlsym error: undefined symbol: plugin_confirm_authorization_from_x509
LCAS   2: LCAS authorization request
LCAS   4: lcas_timeslots-plugin_confirm_authorization(): /t:2:1: there are 1 fields
LCAS   5: lcas_timeslots-plugin_confirm_authorization(): refused: now lies in no time slot of /t
LCAS   1: lcas.mod-lcas_run_va(): authorization failed for plugin /m
LCAS   1: lcas.mod-lcas_run_va(): failed
LCAS   1: Termination LCAS
";
        assert_eq!(
            read(log),
            Said {
                reason: Some("now lies in no time slot of /t".to_owned()),
                others: vec!["/t:2:1: there are 1 fields".to_owned()],
            }
        );
    }

    #[test]
    fn errors_of_the_library_are_kept() {
        let said = read("LCAS   0: lcas.mod-PluginInit(): dlopen error: no such file\n");
        assert_eq!(
            said.others,
            ["lcas.mod-PluginInit(): dlopen error: no such file"]
        );
    }

    #[test]
    fn lines_of_other_modules_are_kept_as_they_are() {
        let said = read("LCAS   1: my module says no: policy 7\n\nstray\n");
        assert_eq!(said.reason, None);
        assert_eq!(said.others, ["my module says no: policy 7", "stray"]);
    }
}
