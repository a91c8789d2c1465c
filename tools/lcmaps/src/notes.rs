//! What a successful mapping does not show, and a service would stumble over.

use std::collections::BTreeSet;
use std::path::Path;

use crate::answer::{Answer, Step};
use crate::cli::MapOptions;

/// Remarks about a mapping that succeeded.
pub fn about(answer: &Answer, options: &MapOptions, library: &Path) -> Vec<String> {
    let mut notes = Vec::new();
    if options.who.proxy.is_some() {
        notes.extend(unverified(answer));
    }
    for step in answer
        .steps
        .iter()
        .filter(|step| !step.succeeded && step.module.contains("ban_"))
    {
        notes.push(format!(
            "{} refused this user{}, and the policy file mapped all the same: make the failure of a ban the end of \
             every policy that a user can come to.",
            step.module,
            at_line(step)
        ));
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

/// A remark about certificates that the policy which decided did not find good.
fn unverified(answer: &Answer) -> Option<String> {
    let decided = |step: &&Step| {
        answer
            .policy
            .as_ref()
            .is_none_or(|policy| *policy == step.policy)
    };
    let mut checks = answer
        .steps
        .iter()
        .filter(decided)
        .filter(|step| step.module.contains("verify_proxy"))
        .peekable();
    let Some(first) = checks.peek().copied() else {
        return Some(
            "This policy did not verify the certificates: no verify_proxy module ran. That is right only for \
             services that verify them themselves; anybody can write a certificate with this name."
                .to_owned(),
        );
    };
    if checks.any(|step| step.succeeded) {
        return None;
    }
    Some(format!(
        "{} refused these certificates{}, and the policy went on all the same: make its failure the end of the policy. \
         Anybody can write a certificate with this name.",
        first.module,
        at_line(first)
    ))
}

fn at_line(step: &Step) -> String {
    (step.line).map_or_else(String::new, |line| {
        format!(" (line {line} of the policy file)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn a_mapping_in_spite_of_a_refusal_is_remarked() {
        let options = Options::parse_from(["map", "--proxy", "p"]).map;
        let step = |policy: &str, module: &str, succeeded| Step {
            policy: policy.into(),
            state: None,
            line: Some(9),
            module: module.into(),
            file: None,
            succeeded,
        };
        let about = |steps: Vec<Step>| {
            let answer = Answer {
                policy: Some("b".into()),
                steps,
                ..Answer::default()
            };
            super::about(&answer, &options, Path::new("/nowhere/liblcmaps.so.0"))
        };
        let (verify, ban) = ("lcmaps_verify_proxy.mod", "lcmaps_ban_dn.mod");
        let refused = about(vec![step("b", verify, false)]);
        assert!(
            refused[0].starts_with("lcmaps_verify_proxy.mod refused these certificates (line 9")
        );
        assert!(about(vec![step("a", verify, false), step("b", verify, true)]).is_empty());
        assert_eq!(
            about(vec![step("a", verify, true)]).len(),
            1,
            "verified elsewhere"
        );
        let banned = about(vec![step("a", ban, false), step("b", verify, true)]);
        assert!(banned[0].starts_with("lcmaps_ban_dn.mod refused this user (line 9"));
    }

    #[test]
    fn a_name_without_a_slash_is_remarked() {
        assert_eq!(notes(&["--dn", "CN=Jane"], &[]).len(), 1);
        assert!(notes(&["--dn", "/CN=Jane"], &[]).is_empty());
    }
}
