//! Whether a service would let the sender of a proxy in.

use lc_x509::{Certificate, Chain, KeyMatch, Kind, LifetimeLimits, Verified, Verifier};

use crate::moment::Moment;

/// What is asked of a chain beyond being trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Whether the private key may be missing.
    pub key_may_be_absent: bool,
    /// Which proxies are let in.
    pub limited: LimitedProxies,
    /// For how long proxies may be valid.
    pub lifetimes: LifetimeLimits,
}

/// Which proxies are let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitedProxies {
    /// Limited and other ones.
    Allowed,
    /// No limited ones.
    Refused,
    /// Limited ones only.
    Required,
}

/// What became of a chain.
#[derive(Debug)]
#[must_use]
pub struct Judgement {
    /// The chain up to the trusted root, or why it is not trusted.
    pub verified: Result<Verified, String>,
    /// Whether the private key is there.
    pub key: KeyMatch,
    /// Why a rule refuses the chain, if one does.
    pub broken_rule: Option<String>,
}

impl Judgement {
    /// Why the sender is not let in; `None` when he is.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.verified
            .as_ref()
            .err()
            .or(self.broken_rule.as_ref())
            .map(String::as_str)
    }
}

/// Holds a chain and the PEM text that it came in against a verifier and the rules.
pub fn judge(
    chain: &Chain,
    pem: &[u8],
    verifier: &Verifier,
    rules: &Rules,
    time: Moment,
) -> Judgement {
    let leaf = chain.linked().first();
    let key = leaf.map_or(KeyMatch::Absent, |leaf| leaf.key_in(pem));
    let verified = verifier.verify(chain, time.system());
    let broken_rule = (missing_key(key, rules))
        .or_else(|| limited(chain, rules.limited))
        .or_else(|| Some(rules.lifetimes.check(chain).err()?.to_string()));
    Judgement {
        verified: verified.map_err(|error| error.to_string()),
        key,
        broken_rule,
    }
}

fn missing_key(key: KeyMatch, rules: &Rules) -> Option<String> {
    match key {
        KeyMatch::Belongs => None,
        KeyMatch::Foreign => {
            Some("the private key is not that of the first certificate".to_owned())
        }
        _ if rules.key_may_be_absent => None,
        other => Some(format!("no private key: {}", key_in_words(other))),
    }
}

/// What is to be said about the private key.
#[must_use]
pub fn key_in_words(key: KeyMatch) -> &'static str {
    match key {
        KeyMatch::Belongs => "there, that of the first certificate",
        KeyMatch::Foreign => "there, but not that of the first certificate",
        KeyMatch::Absent => "there is none in the file",
        KeyMatch::Encrypted => "the one in the file is encrypted",
        KeyMatch::Damaged => "the one in the file is damaged",
    }
}

fn limited(chain: &Chain, rule: LimitedProxies) -> Option<String> {
    let is_limited = |certificate: &&Certificate| matches!(certificate.kind(), Ok(Kind::Proxy(proxy)) if proxy.is_limited());
    match rule {
        LimitedProxies::Allowed => None,
        LimitedProxies::Refused => {
            let proxy = chain.proxies().iter().find(is_limited)?;
            Some(format!(
                "limited proxies are not let in: {}",
                proxy.shown_subject()
            ))
        }
        LimitedProxies::Required => match chain.linked().first().filter(is_limited) {
            Some(_) => None,
            None => Some(
                "only limited proxies are let in, and the first certificate is none".to_owned(),
            ),
        },
    }
}
