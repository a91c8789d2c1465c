//! What a successful mapping does not show, and a service would stumble over.

use std::collections::BTreeSet;
use std::path::Path;

use crate::answer::Answer;
use crate::cli::MapOptions;

/// Remarks about a mapping that succeeded.
pub fn about(answer: &Answer, options: &MapOptions, library: &Path) -> Vec<String> {
    let mut notes = Vec::new();
    let verified = answer
        .steps
        .iter()
        .any(|step| step.succeeded && step.module.contains("verify_proxy"));
    if options.who.proxy.is_some() && !verified {
        notes.push(
            "This policy did not verify the certificates: no verify_proxy module ran. That is right only for \
             services that verify them themselves; anybody can write a certificate with this name."
                .to_owned(),
        );
    }
    if let Some(dn) = &options.who.dn
        && !dn.starts_with('/')
    {
        notes.push("Names from certificates are written like /C=NL/O=Example/CN=Jane Doe, with a slash in front.".to_owned());
    }
    let own = library.parent().map(|dir| dir.join("lcmaps"));
    let elsewhere: BTreeSet<&str> = answer
        .steps
        .iter()
        .filter_map(|step| step.file.as_deref())
        .filter(|file| Path::new(file).parent() != own.as_deref())
        .collect();
    if own.is_some_and(|own| own.is_dir()) && !elsewhere.is_empty() {
        let files: Vec<&str> = elsewhere.into_iter().collect();
        notes.push(format!(
            "Modules that are not those installed with this library: {}.",
            files.join(", ")
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Step;
    use clap::Parser;

    #[derive(Parser)]
    struct Options {
        #[command(flatten)]
        map: MapOptions,
    }

    fn notes(arguments: &[&str], modules: &[&str]) -> Vec<String> {
        let options = Options::parse_from(["map"].iter().chain(arguments)).map;
        let steps = modules.iter().map(|module| Step {
            policy: "p".into(),
            state: None,
            line: None,
            module: (*module).into(),
            file: None,
            succeeded: true,
        });
        let answer = Answer {
            steps: steps.collect(),
            ..Answer::default()
        };
        about(&answer, &options, Path::new("/nowhere/liblcmaps.so.0"))
    }

    #[test]
    fn a_proxy_that_no_module_verified_is_remarked() {
        assert_eq!(
            notes(&["--proxy", "p"], &["lcmaps_poolaccount.mod"]).len(),
            1
        );
        let verified = ["lcmaps_verify_proxy.mod", "lcmaps_poolaccount.mod"];
        assert!(notes(&["--proxy", "p"], &verified).is_empty());
    }

    #[test]
    fn a_name_without_a_slash_is_remarked() {
        assert_eq!(notes(&["--dn", "CN=Jane"], &[]).len(), 1);
        assert!(notes(&["--dn", "/CN=Jane"], &[]).is_empty());
    }
}
