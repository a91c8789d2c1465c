//! What a failure means in plain words and what to do about it, found by what the log says.
//!
//! The words looked for are those of this project's library and modules and of the original ones. Where nothing is
//! recognised, nothing is advised: the log lines stand for themselves.

use crate::answer::Line;
use crate::evidence::Evidence;

/// For a proxy file that cannot be used.
pub const PROXY: &str = "Name the file of a valid proxy (usually /tmp/x509up_u and your user number), and run as a user who may read it.";

/// For a library that cannot be loaded.
pub const LIBRARY: &str = "Install LCMAPS, or name its library with --library.";

/// A cause: the words by which a log line shows it, and what to do.
struct Cause {
    words: &'static [&'static str],
    advice: &'static str,
}

const fn cause(words: &'static [&'static str], advice: &'static str) -> Cause {
    Cause { words, advice }
}

/// Causes that keep LCMAPS from starting.
const START: &[Cause] = &[
    cause(
        &["plugin ", " not found"],
        "The policy file names a module that is not there. Install it, correct its name, or say where it is: with `path` in the policy file or with --modules-dir.",
    ),
    cause(
        &["[error]"],
        "Correct the policy file in the line that is named. lcmaps.db(5) describes the language.",
    ),
    cause(
        &["Could not open file"],
        "There is no policy file in the place where services look for it. Make one, or name one with --db.",
    ),
    cause(
        &["no policy rules"],
        "The policy file defines modules but no policy that uses them. Add one: a label and at least one rule.",
    ),
    cause(
        &["Missing function"],
        "The file that is named is no LCMAPS module. Correct the name in the policy file.",
    ),
    cause(
        &["dlopen error"],
        "The module cannot be loaded. It may be damaged, of another architecture, or miss a library of its own.",
    ),
    cause(
        &["nown argument"],
        "The policy file gives a module an option that it does not have. The module's man page lists its options.",
    ),
    cause(
        &["nknown option"],
        "The policy file gives a module an option that it does not have. The module's man page lists its options.",
    ),
];

/// For pool directories that are none.
const DIRECTORY_ADVICE: &str = "The directory of the pool is missing, is no directory or may not be read. Correct -gridmapdir (or -groupmapdir) in the policy file, or create the directory with an empty file for each account (or group).";

/// Causes of refusals. The first one that fits a line counts.
const REFUSAL: &[Cause] = &[
    cause(
        &["is found on the ban list"],
        "The user is banned. Remove the line that is named from the ban list if that is no longer meant.",
    ),
    cause(
        &["cannot use the ban list"],
        "Without its ban list a module refuses everybody. Correct the file that is named, or create it; an empty one bans nobody.",
    ),
    // Whatever an account, group or pool is said to lack, its name ends in a carriage return.
    cause(
        &["its line ends in CR LF"],
        "The map file has the line ends of another system (CR LF), which become a part of the last name in each line. Convert it, for example with sed -i 's/\\r$//' FILE.",
    ),
    cause(
        &["no group of pool"],
        "The groupmapdir has no file for a group of this pool. Correct the name of the pool in the groupmapfile, or create an empty file for each group.",
    ),
    cause(
        &["no free group in pool"],
        "All groups of the pool are leased. Add groups (each with an empty file of its name in the groupmapdir), or take back leases that nobody needs.",
    ),
    cause(
        &["is for group", "which is not in pool"],
        "The FQAN has a group of another pool. Remove that lease if the FQAN is to move, or allow it with -override_inconsistency.",
    ),
    cause(
        &["no account of pool"],
        "The pool directory has no file for an account of this pool. Correct the name of the pool in the map file, or create an empty file for each account.",
    ),
    cause(
        &["is for account", "which is not in pool"],
        "The user has an account of another pool. Remove that lease if the user is to move, or allow it with -override_inconsistency.",
    ),
    cause(
        &["exceeds the maximum"],
        "The user may not have so many accounts. Raise -max_mappings_per_credential, or ask for another --map-counter.",
    ),
    cause(
        &["has uid 0"],
        "Nobody is mapped to root. Name another account.",
    ),
    cause(
        &["no user account has this name"],
        "The pool directory has a file for an account that this machine does not have. Create the account, or remove the file.",
    ),
    cause(
        &["no free account in pool"],
        "All accounts of the pool are leased. Add accounts (each with an empty file of its name in the pool directory), or take back leases that nobody needs.",
    ),
    cause(
        &["no pool-entry available"],
        "All accounts of the pool are leased. Add accounts (each with an empty file of its name in the pool directory), or take back leases that nobody needs.",
    ),
    cause(
        &["no group found with the name"],
        "The groupmapfile names a group that this machine does not have. Create it, or correct the groupmapfile.",
    ),
    cause(
        &["Not enough groups found"],
        "Fewer FQANs of the user have a group than option -mapmin demands. Add lines for them to the groupmapfile (\"/vo/*\" fits a group with all that is below it), or lower -mapmin.",
    ),
    cause(
        &["option -mapall demands"],
        "Option -mapall demands a group for each FQAN of the user. Add a line for the one that is named to the groupmapfile, or use -mapmin in place of -mapall.",
    ),
    cause(
        &["no (valid) VOMS groups found"],
        "The user has no VOMS attributes that count. Let him make a proxy with them (voms-proxy-init --voms VO); lcmaps proxy FILE says why those in a proxy do not count. \
         With --dn, name some with --fqan.",
    ),
    cause(
        &["no user account found"],
        "The map file names an account that this machine does not have. Create it, or correct the map file.",
    ),
    cause(
        &["cannot open", "mapfile"],
        "A map file is missing or may not be read. Correct its name in the policy file, or create it.",
    ),
    cause(&["cannot open the lease directory"], DIRECTORY_ADVICE),
    cause(
        &["error opening directory"],
        "The directory of the pool accounts is missing or may not be read. Correct its name in the policy file, or create it.",
    ),
    cause(
        &["could not GET requested variable"],
        "A module wants something that this kind of credential does not have. Leave it out of the policy for such credentials.",
    ),
    cause(
        &["could not get value of X.509 chain"],
        "A module wants a certificate, and a bare DN has none. Use --proxy.",
    ),
    cause(
        &["could not convert the input PEM"],
        "The proxy file holds no complete certificate. Make a new proxy.",
    ),
    cause(
        &["says who signs for VO"],
        "The attributes of the user come from a VOMS server that is not known here. Ask the VO for its LSC file and put it where the line says; docs/administrators.md shows one.",
    ),
    cause(
        &["does not admit its signer"],
        "The LSC file of the VO does not fit the VOMS server. Its lines are the DN of the server's certificate and then that of its CA, as the VO documents them.",
    ),
    cause(
        &["revoked by "],
        "A CA has revoked this certificate. The user needs a new one.",
    ),
    cause(
        &["is not trusted: no "],
        "The CA of this certificate is not in the trust folder. If the site accepts that CA, install its certificate, signing policy and CRL there; -certdir names another folder.",
    ),
    cause(
        &["does fetch-crl run?"],
        "The CRL of the CA is out of date, which refuses all its users. Run fetch-crl, and let it run several times a day.",
    ),
    cause(
        &["verify_proxy", "expired at"],
        "A certificate of the chain has expired. Let the user make a new proxy, or renew the certificate that is named.",
    ),
    cause(
        &["No match for"],
        "No line of the map file fits this user. Add one with the DN (or FQAN) exactly as shown, or with a pattern that fits it.",
    ),
];

/// What to do when LCMAPS did not start.
pub fn for_start(evidence: &Evidence) -> Vec<String> {
    found(START, evidence)
}

/// What to do when the mapping was refused.
pub fn for_refusal(evidence: &Evidence) -> Vec<String> {
    if evidence.steps.last().is_some_and(|step| step.succeeded) {
        return vec![
            "The policy succeeded, but its modules gave no account: it needs one that sets a user and a primary group.".to_owned(),
        ];
    }
    // The last module had the last word, and an error of its says more than what others did not find.
    let why = evidence.why();
    let decisive = why
        .iter()
        .rev()
        .find(|line| matches!(line.level.as_str(), "ERR" | "WARNING"))
        .or_else(|| {
            why.iter()
                .rev()
                .find(|line| first_fit(REFUSAL, line).is_some())
        });
    decisive
        .and_then(|line| first_fit(REFUSAL, line))
        .map(|cause| vec![cause.advice.to_owned()])
        .unwrap_or_default()
}

fn first_fit<'a>(causes: &'a [Cause], line: &Line) -> Option<&'a Cause> {
    causes
        .iter()
        .find(|cause| cause.words.iter().all(|word| line.text.contains(word)))
}

fn found(causes: &[Cause], evidence: &Evidence) -> Vec<String> {
    let why = evidence.why();
    let mut advice: Vec<String> = Vec::new();
    for cause in causes {
        let shows = why
            .iter()
            .any(|line| cause.words.iter().all(|word| line.text.contains(word)));
        if shows && !advice.iter().any(|given| given == cause.advice) {
            advice.push(cause.advice.to_owned());
        }
    }
    advice
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Step;

    fn evidence(lines: &[&str]) -> Evidence {
        let line = |text: &&str| Line {
            level: "NOTICE".into(),
            text: (*text).into(),
        };
        Evidence {
            lines: lines.iter().map(line).collect(),
            ..Evidence::default()
        }
    }

    #[test]
    fn an_exhausted_pool_is_not_taken_for_an_unknown_user() {
        let advice = for_refusal(&evidence(&[
            "No match for a localaccount for user \"/CN=a\", in /gm",
            "no pool-entry available for pool-name p and lease \"%2fcn%3da\"",
        ]));
        assert_eq!(advice.len(), 1);
        assert!(advice[0].starts_with("All accounts of the pool are leased"));
    }

    #[test]
    fn an_error_outweighs_what_another_module_did_not_find() {
        let mut evidence = evidence(&[
            "No match for a localaccount for user \"/CN=a\", in /gm",
            "cannot open /nowhere: No such file or directory",
        ]);
        evidence.lines[1].level = "ERR".into();
        assert!(for_refusal(&evidence).is_empty());
    }

    #[test]
    fn a_pool_without_accounts_is_not_taken_for_a_full_one() {
        let advice = for_refusal(&evidence(&[
            "no pool-entry available for pool-name gird and lease \"x\"",
            "No match for a poolaccount for user \"/CN=a\": no account of pool gird in /gmd",
        ]));
        assert!(
            advice[0].starts_with("The pool directory has no file"),
            "{advice:?}"
        );
    }

    #[test]
    fn a_ban_and_a_missing_ban_list_are_told_apart() {
        let banned = "DN \"/CN=a\" is found on the ban list: /ban:1";
        assert!(for_refusal(&evidence(&[banned]))[0].starts_with("The user is banned."));
        let missing = "cannot use the ban list: /ban does not exist; create it";
        assert!(for_refusal(&evidence(&[missing]))[0].contains("an empty one bans nobody"));
    }

    #[test]
    fn an_unknown_user_is_to_be_added_to_the_map_file() {
        let advice = for_refusal(&evidence(&[
            "No match for a localaccount for user \"/CN=a\"",
        ]));
        assert!(advice[0].starts_with("No line of the map file fits"));
    }

    #[test]
    fn the_last_cause_in_the_words_of_library_and_modules_has_its_remedy() {
        for (line, start) in [
            (
                "Not enough groups found. The minimum is set to 1 (option -mapmin). The plugin found 0; no match for a VOMS poolgroup in /g and /d: \"/vo\": no group of pool p in /d; create an empty file for each group there",
                "The groupmapdir has no file for a group",
            ),
            (
                "Not enough groups found. The minimum is set to 1: \"/vo\": no free group in pool p: all 2 in /d are leased",
                "All groups of the pool are leased",
            ),
            (
                "Not enough groups found. \"/vo\": no group of pool p\\x0d in /d (its line ends in CR LF; save the file with Unix line ends)",
                "The map file has the line ends",
            ),
            (
                "No match for a poolaccount for user \"/CN=a\": no account of pool p\\x0d in /d (its line ends in CR LF; save the file with Unix line ends)",
                "The map file has the line ends",
            ),
            (
                "Not enough groups found. The minimum is set to 2 (option -mapmin). The plugin found 1; no match for a VOMS localgroup in /g: \"/vo/b\"",
                "Fewer FQANs",
            ),
            (
                "No match for a VOMS localgroup for FQAN 1, \"/vo\", in /g; option -mapall demands one for each FQAN",
                "Option -mapall",
            ),
            (
                "no (valid) VOMS groups found --> no mapping: the user has no FQANs",
                "The user has no VOMS attributes",
            ),
            (
                "cannot open the lease directory /d: Not a directory (os error 20)",
                "The directory of the pool is missing",
            ),
            (
                "attribute certificate 1 (VO vo) of /CN=a: no /v/vo/h.lsc says who signs for VO vo, and /v has no certificate of /CN=h",
                "The attributes of the user come from a VOMS server",
            ),
            (
                "attribute certificate 1 (VO vo) of /CN=a: /v/vo/h.lsc does not admit its signer: the certificates are x",
                "The LSC file of the VO does not fit",
            ),
            (
                "lcmaps_verify_proxy-plugin_run(): revoked by /CN=ca: /CN=a",
                "A CA has revoked",
            ),
            (
                "lcmaps_verify_proxy-plugin_run(): the CA of /CN=a is not trusted: no /CN=ca in /c",
                "The CA of this certificate",
            ),
            (
                "lcmaps_verify_proxy-plugin_run(): the CRL of /CN=ca in /c expired; does fetch-crl run?",
                "The CRL of the CA is out of date",
            ),
            (
                "lcmaps_verify_proxy-plugin_run(): expired at 2026-01-01 00:00:00 UTC, and the time",
                "A certificate of the chain has expired",
            ),
        ] {
            let advice = for_refusal(&evidence(&[line]));
            assert!(
                advice.first().is_some_and(|text| text.starts_with(start)),
                "{line}: {advice:?}"
            );
        }
    }

    #[test]
    fn a_policy_that_succeeds_without_an_account_is_recognised() {
        let mut evidence = evidence(&[]);
        let step = Step {
            policy: "p".into(),
            state: None,
            line: None,
            module: "m".into(),
            file: None,
            succeeded: true,
        };
        evidence.steps.push(step);
        assert!(for_refusal(&evidence)[0].starts_with("The policy succeeded, but"));
    }

    #[test]
    fn what_is_not_recognised_gets_no_advice() {
        assert!(for_refusal(&evidence(&["something else"])).is_empty());
        assert!(for_start(&evidence(&["something else"])).is_empty());
    }
}
