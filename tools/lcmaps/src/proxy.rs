//! `lcmaps proxy`: what a proxy file holds, and whether it would be let in.

mod attributes;
mod certificates;
mod text;
mod view;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use lc_voms::When;
use lc_x509::{Certificate, Chain, Error, Verifier};
use lcmaps_client::PemText;
use lcmaps_tools::json;
use lcmaps_tools::judge::{Judgement, judge};
use lcmaps_tools::moment::Moment;

use crate::cli::{Format, ProxyOptions};
use certificates::{Found, describe};
use view::{Attribute, Key, Outcome, View};

/// Looks, prints and gives the exit status.
pub fn run(options: &ProxyOptions) -> ExitCode {
    let view = view(options);
    match print(&view, options.format) {
        Ok(()) => view.result.exit_code(),
        Err(problem) => {
            eprintln!("lcmaps: cannot write the answer: {problem}");
            Outcome::Unusable.exit_code()
        }
    }
}

fn print(view: &View, format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Text => out.write_all(text::render(view).as_bytes())?,
        Format::Json => json::write(&mut out, view)?,
    }
    out.flush()
}

fn view(options: &ProxyOptions) -> View {
    let time = options.at.unwrap_or_else(Moment::now);
    let mut view = View::new(options, time);
    if let Err(reason) = look(options, time, &mut view) {
        view.result = reason.outcome;
        view.reason = Some(reason.words);
    }
    view
}

/// Why a look ended early.
struct Ended {
    outcome: Outcome,
    words: String,
}

fn unusable(words: String) -> Ended {
    Ended {
        outcome: Outcome::Unusable,
        words,
    }
}

fn refused(words: impl Into<String>) -> Ended {
    Ended {
        outcome: Outcome::Refused,
        words: words.into(),
    }
}

fn look(options: &ProxyOptions, time: Moment, view: &mut View) -> Result<(), Ended> {
    let pem = PemText::read(&options.file).map_err(|error| unusable(error.to_string()))?;
    let certdir = options.trust.certdir();
    check_directory(&certdir)?;
    let chain = Chain::from_pem(pem.as_bytes()).map_err(|error| {
        view.certificates = loose(pem.as_bytes(), time);
        Ended {
            outcome: match error {
                Error::TextTooLong(_)
                | Error::TooManyCertificates
                | Error::NoCertificate
                | Error::Pem { .. }
                | Error::Undecodable { .. }
                | Error::OutOfMemory => Outcome::Unusable,
                _ => Outcome::Refused,
            },
            words: error.to_string(),
        }
    })?;
    view.dn = Some(chain.dn().to_string_lossy().into_owned());
    view.left_out = chain.left_out().iter().map(ToString::to_string).collect();

    let verifier = Arc::new(Verifier::new(certdir, options.trust.settings()));
    let rules = options.trust.rules(options.allow_missing_key);
    let judgement = judge(&chain, pem.as_bytes(), &verifier, &rules, time);
    view.private_key = Some(Key::from(judgement.key));
    view.certificates = listed(&chain, &judgement, time);
    if let Ok(verified) = &judgement.verified {
        view.chain_trusted = Some(true);
        view.warnings = verified
            .warnings()
            .iter()
            .map(ToString::to_string)
            .collect();
    } else {
        view.chain_trusted = Some(false);
    }

    let when = options.at.map_or(When::Now, |time| When::At(time.unix()));
    let how = lc_voms::Settings {
        vomsdir: options.vomsdir(),
        authorities: verifier,
        checks: lc_voms::Checks::all(),
        when,
        hostnames: hostname().into_iter().collect(),
    };
    let outcome = lc_voms::attributes(&chain, &how);
    view.attributes = attributes::describe(&chain, &how, &outcome, time);
    view.fqans = outcome.fqans().map(attributes::text).collect();

    if let Some(reason) = judgement.refusal() {
        return Err(refused(reason));
    }
    attribute_rules(options, &view.attributes)?;
    view.result = Outcome::Good;
    Ok(())
}

/// What the options ask of attribute certificates.
fn attribute_rules(options: &ProxyOptions, attributes: &[Attribute]) -> Result<(), Ended> {
    if options.require_voms {
        if attributes.is_empty() {
            return Err(refused(
                "there are no VOMS attributes, and they are required",
            ));
        }
        if let Some(reason) = attributes.iter().find_map(|one| one.reason.as_ref()) {
            return Err(refused(format!("VOMS attributes are required: {reason}")));
        }
    }
    let limit = options.max_voms_ttl.map(|limit| limit.as_secs());
    for attribute in attributes.iter().filter(|attribute| attribute.accepted) {
        if let Some(limit) = limit
            && attribute.lifetime().is_none_or(|lifetime| lifetime > limit)
        {
            return Err(refused(attributes::too_long(attribute, limit)));
        }
    }
    Ok(())
}

fn check_directory(certdir: &Path) -> Result<(), Ended> {
    if certdir.is_dir() {
        return Ok(());
    }
    Err(unusable(format!(
        "{} is no directory; name that of the trusted CAs with --certdir",
        certdir.display()
    )))
}

/// The certificates of a text that is no chain, in its order, as far as they can be read.
fn loose(pem: &[u8], time: Moment) -> Vec<view::CertificateView> {
    let certificates = Certificate::all_from_pem(pem).unwrap_or_default();
    certificates
        .iter()
        .map(|certificate| describe(certificate, None, Found::Input, time))
        .collect()
}

/// The chain, then the CAs that the trust directory adds.
fn listed(chain: &Chain, judgement: &Judgement, time: Moment) -> Vec<view::CertificateView> {
    let proxies = chain.proxies().len();
    let level = |at: usize| (at < proxies).then(|| proxies - 1 - at);
    let linked = chain.linked();
    let own = linked
        .iter()
        .enumerate()
        .map(|(at, certificate)| describe(certificate, level(at), Found::Input, time));
    let above = judgement
        .verified
        .iter()
        .flat_map(|verified| verified.authorities());
    let is_new = |authority: &&Certificate| {
        let der = authority.x509().to_der().ok();
        !linked.iter().any(|known| known.x509().to_der().ok() == der)
    };
    let input = chain.authorities();
    let found = |authority: &Certificate| {
        let der = authority.x509().to_der().ok();
        if input.iter().any(|known| known.x509().to_der().ok() == der) {
            Found::Input
        } else {
            Found::TrustDirectory
        }
    };
    own.chain(
        above
            .filter(is_new)
            .map(|authority| describe(authority, None, found(authority), time)),
    )
    .collect()
}

/// This host's name, for attribute certificates that are meant for some hosts only.
fn hostname() -> Option<String> {
    let name = nix::unistd::gethostname().ok()?;
    Some(name.to_string_lossy().into_owned())
}
