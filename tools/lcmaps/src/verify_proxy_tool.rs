//! The `verify-proxy-tool` command: whether a proxy holds, by exit status, for scripts.
#![forbid(unsafe_code)]

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{ArgAction, Parser};
use lc_x509::{Chain, KeyMatch, ShownTime, Verifier};
use lcmaps_client::PemText;
use lcmaps_tools::judge::{Judgement, judge, key_in_words};
use lcmaps_tools::moment::Moment;
use lcmaps_tools::printable::printable;
use lcmaps_tools::trust::TrustOptions;

/// How long after the leaf becomes valid --atnotbefore looks at it, in seconds.
const AFTER_START: i64 = 300;

/// Verifies a certificate chain, proxies included, as lcmaps_verify_proxy.mod does.
#[derive(Debug, Parser)]
#[command(
    name = "verify-proxy-tool",
    version,
    max_term_width = 100,
    after_help = "Exit status: 0 the proxy holds, 1 it could not be looked at (also: a wrong option), 2 it does not hold."
)]
struct Options {
    /// Proxy file (PEM); without it $X509_USER_PROXY, else /tmp/x509up_u and your user number
    proxy: Option<PathBuf>,

    /// Say more: every certificate
    #[arg(short, long, action = ArgAction::Count)]
    debug: u8,

    /// Say less: errors only
    #[arg(short, long)]
    quiet: bool,

    /// Verify for 5 minutes after the last proxy became valid instead of for now
    #[arg(short = 't', long)]
    atnotbefore: bool,

    /// Refuse a file without the private key
    #[arg(long)]
    require_key: bool,

    #[command(flatten)]
    trust: TrustOptions,
}

/// Why there is no good news.
enum Trouble {
    /// The question could not be asked.
    Unusable(String),
    /// The proxy does not hold.
    Refused(String),
}

impl Trouble {
    fn status(&self) -> u8 {
        match self {
            Self::Unusable(_) => 1,
            Self::Refused(_) => 2,
        }
    }
}

fn main() -> ExitCode {
    let options = match Options::try_parse() {
        Ok(options) => options,
        Err(problem) => {
            let is_error = problem.use_stderr();
            // Nowhere is left to tell that it cannot be told.
            let _ = problem.print();
            return ExitCode::from(u8::from(is_error));
        }
    };
    let path = options.proxy.clone().unwrap_or_else(default_proxy);
    match verify(&options, &path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            let (Trouble::Unusable(reason) | Trouble::Refused(reason)) = &trouble;
            let shown = path.display().to_string();
            let word = match trouble {
                Trouble::Unusable(_) => "cannot be verified",
                Trouble::Refused(_) => "refused",
            };
            eprintln!("{}: {word}: {}", printable(&shown), printable(reason));
            ExitCode::from(trouble.status())
        }
    }
}

fn default_proxy() -> PathBuf {
    let named = env::var_os("X509_USER_PROXY").filter(|name| !name.is_empty());
    named.map_or_else(
        || format!("/tmp/x509up_u{}", nix::unistd::getuid()).into(),
        PathBuf::from,
    )
}

fn verify(options: &Options, path: &Path) -> Result<(), Trouble> {
    let certdir = options.trust.certdir();
    if !certdir.is_dir() {
        let reason = format!(
            "{} is no directory; name that of the trusted CAs with --certdir",
            certdir.display()
        );
        return Err(Trouble::Unusable(reason));
    }
    let pem = PemText::read(path).map_err(|error| Trouble::Unusable(error.to_string()))?;
    let warn = |text: &str| {
        if !options.quiet {
            eprintln!("warning: {}", printable(text));
        }
    };
    if let Some(remark) = open_to_others(path) {
        warn(&remark);
    }
    let chain =
        Chain::from_pem(pem.as_bytes()).map_err(|error| Trouble::Refused(error.to_string()))?;
    let time = moment(options, &chain)?;
    let verifier = Verifier::new(certdir, options.trust.settings());
    let rules = options.trust.rules(!options.require_key);
    let judgement = judge(&chain, pem.as_bytes(), &verifier, &rules, time);
    if options.debug > 0 {
        describe(&chain, &judgement);
    }
    for left_out in chain.left_out() {
        warn(&left_out.to_string());
    }
    for warning in judgement
        .verified
        .iter()
        .flat_map(|verified| verified.warnings())
    {
        warn(&warning.to_string());
    }
    if let Some(reason) = judgement.refusal() {
        return Err(Trouble::Refused(reason.to_owned()));
    }
    if judgement.key != KeyMatch::Belongs {
        warn(&format!("private key: {}", key_in_words(judgement.key)));
    }
    if !options.quiet {
        let dn = chain.dn().to_string_lossy();
        println!(
            "{}: good: {}",
            printable(&path.display().to_string()),
            printable(&dn)
        );
    }
    Ok(())
}

fn moment(options: &Options, chain: &Chain) -> Result<Moment, Trouble> {
    if !options.atnotbefore {
        return Ok(Moment::now());
    }
    let start = (chain.linked().first())
        .and_then(|leaf| leaf.validity()?.not_before.checked_add(AFTER_START))
        .and_then(Moment::from_unix);
    start.ok_or_else(|| {
        Trouble::Refused("the dates of the first certificate cannot be used".to_owned())
    })
}

/// What is wrong with the permissions of a file that may hold a private key.
fn open_to_others(path: &Path) -> Option<String> {
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o7777;
    (mode & 0o077 != 0).then(|| {
        format!("others may use this file (mode {mode:04o}), and it may hold a private key; chmod 600 it")
    })
}

/// Every certificate, from the root to the leaf.
fn describe(chain: &Chain, judgement: &Judgement) {
    let path = match &judgement.verified {
        Ok(verified) => verified.path(),
        Err(_) => chain.linked(),
    };
    for (depth, certificate) in path.iter().enumerate().rev() {
        let kind = match certificate.kind() {
            Ok(lc_x509::Kind::Authority) => "CA".to_owned(),
            Ok(lc_x509::Kind::EndEntity) => "end entity".to_owned(),
            Ok(lc_x509::Kind::Proxy(proxy)) => proxy.to_string(),
            Err(irregularity) => irregularity.to_string(),
        };
        let until = certificate.validity().map_or_else(
            || "unknown".to_owned(),
            |validity| ShownTime(validity.not_after).to_string(),
        );
        let subject = certificate.shown_subject();
        eprintln!("{depth}: {kind}: {}, until {until}", printable(&subject));
    }
    eprintln!("private key: {}", key_in_words(judgement.key));
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_option_is_in_the_man_page_and_the_man_page_has_no_other() {
        let page = include_str!("../../../man/verify-proxy-tool.1.md");
        let mut command = Options::command();
        command.debug_assert();
        command = Options::command();
        command.build();
        let options: Vec<String> = command
            .get_arguments()
            .flat_map(|argument| argument.get_long_and_visible_aliases().unwrap_or_default())
            .map(|long| format!("--{long}"))
            .collect();
        assert!(options.len() > 9, "{options:?}");
        for option in &options {
            assert!(
                page.contains(&format!("**{option}**")),
                "{option} is missing"
            );
        }
        let documented = page.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
        for word in documented.filter(|word| word.starts_with("--") && word.len() > 2) {
            assert!(
                options.iter().any(|option| option == word),
                "no option {word}"
            );
        }
    }
}
