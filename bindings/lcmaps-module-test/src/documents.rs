//! The documents of a module: its man page and its example.

use crate::options_of;

/// Man page and example of a module.
#[derive(Debug, Clone, Copy)]
pub struct Documents {
    /// The name of the module, `lcmaps_…`.
    pub module: &'static str,
    /// The text of the man page.
    pub page: &'static str,
    /// The text of the example: remarks, then a policy.
    pub example: &'static str,
}

impl Documents {
    /// Checks that the section on options has every option that the module knows, and that these are
    /// so many.
    ///
    /// # Panics
    /// When not.
    pub fn describe_every_option(&self, count: usize) {
        let options = options_of(self.module);
        assert_eq!(options.len(), count, "{options:?}");
        let (_, text) = self
            .page
            .split_once("# OPTIONS")
            .expect("a section on options");
        for option in options {
            let escaped = option.replace("--", "\\-\\-");
            let is_there = [option.as_str(), &escaped]
                .iter()
                .any(|spelling| text.contains(&format!("**{spelling}**")));
            assert!(is_there, "{option} is missing");
        }
    }

    /// Checks that the man page shows the policy of the example.
    ///
    /// # Panics
    /// When not.
    pub fn show_the_example(&self) {
        let shown: String = self
            .example
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .map(|line| format!("    {line}\n"))
            .collect();
        let page: String = self
            .page
            .split_inclusive('\n')
            .filter(|line| *line != "\n" && !line.starts_with("    #"))
            .collect();
        assert!(page.contains(&shown), "no\n{shown}in\n{page}");
    }
}
