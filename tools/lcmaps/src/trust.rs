//! Options about whom and what to trust, the same for all commands that verify.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use lc_x509::{LIFETIME_FORM, LifetimeLimits, MissingCrl, NamespaceRules, Settings, lifetime};

use crate::judge::{LimitedProxies, Rules};

/// Options about whom and what to trust.
#[derive(Debug, Args)]
pub struct TrustOptions {
    /// Directory of trusted CAs and their CRLs ($LCMAPS_X509_CERT_DIR, else $X509_CERT_DIR, else
    /// /etc/grid-security/certificates)
    #[arg(long, visible_aliases = ["cadir", "capath"], value_name = "DIR")]
    pub certdir: Option<PathBuf>,

    /// Refuse when a CA has no CRL
    #[arg(long)]
    pub require_crl: bool,

    /// Whether signing_policy and namespaces files say what a CA may sign
    #[arg(long, value_enum, default_value_t = Namespaces::On, value_name = "WHEN")]
    pub namespaces: Namespaces,

    /// Longest lifetime of the proxy at a level (0 is the first one, L the last one; without a level: of
    /// every proxy), like 0=12:00 or L=01d-00:00; can be repeated
    #[arg(long, value_name = "[LEVEL=]TIME", value_parser = proxy_limit)]
    pub max_proxy_ttl: Vec<ProxyLimit>,

    /// Refuse limited proxies
    #[arg(long, conflicts_with = "require_limited_proxy")]
    pub disallow_limited_proxy: bool,

    /// Refuse when the last certificate is no limited proxy
    #[arg(long)]
    pub require_limited_proxy: bool,
}

/// When `signing_policy` and `namespaces` files count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Namespaces {
    /// Where they are there
    On,
    /// Never
    Off,
    /// Always: every CA must have one
    Require,
}

/// A limit for the lifetime of proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyLimit {
    level: Level,
    limit: Duration,
}

/// Which proxies a limit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Number(u32),
    Last,
    Every,
}

/// No chain has more proxies than it may have certificates.
const MOST_LEVELS: u32 = 100;

impl TrustOptions {
    /// The directory of trusted CAs.
    #[must_use]
    pub fn certdir(&self) -> PathBuf {
        directory(
            self.certdir.as_ref(),
            &["LCMAPS_X509_CERT_DIR", "X509_CERT_DIR"],
            "/etc/grid-security/certificates",
        )
    }

    /// How chains are verified.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            missing_crl: if self.require_crl {
                MissingCrl::Refused
            } else {
                MissingCrl::Tolerated
            },
            namespaces: match self.namespaces {
                Namespaces::On => NamespaceRules::WherePresent,
                Namespaces::Off => NamespaceRules::Ignored,
                Namespaces::Require => NamespaceRules::Required,
            },
        }
    }

    /// What is asked of proxies beyond that.
    #[must_use]
    pub fn rules(&self, key_may_be_absent: bool) -> Rules {
        let mut lifetimes = LifetimeLimits::default();
        // What is said about one level outweighs what is said about all.
        for limit in &self.max_proxy_ttl {
            if limit.level == Level::Every {
                (0..MOST_LEVELS).for_each(|level| lifetimes.limit_level(level, limit.limit));
            }
        }
        for limit in &self.max_proxy_ttl {
            match limit.level {
                Level::Number(level) => lifetimes.limit_level(level, limit.limit),
                Level::Last => lifetimes.limit_leaf(limit.limit),
                Level::Every => {}
            }
        }
        Rules {
            key_may_be_absent,
            limited: match (self.disallow_limited_proxy, self.require_limited_proxy) {
                (true, _) => LimitedProxies::Refused,
                (false, true) => LimitedProxies::Required,
                (false, false) => LimitedProxies::Allowed,
            },
            lifetimes,
        }
    }
}

/// What an option names, else the first of these variables that is set and not empty, else the last word.
#[must_use]
pub fn directory(named: Option<&PathBuf>, variables: &[&str], fallback: &str) -> PathBuf {
    let from_environment = || {
        let mut values = variables.iter().filter_map(env::var_os);
        values.find(|value| !value.is_empty()).map(PathBuf::from)
    };
    let directory = named.cloned().or_else(from_environment);
    let directory = directory.unwrap_or_else(|| fallback.into());
    std::path::absolute(&directory).unwrap_or(directory)
}

/// Reads how long something may be valid.
///
/// # Errors
/// The text has another form.
pub fn time_limit(text: &str) -> Result<Duration, String> {
    lifetime(text.as_bytes()).ok_or_else(|| format!("not {LIFETIME_FORM}"))
}

fn proxy_limit(text: &str) -> Result<ProxyLimit, String> {
    let (level, time) = match text.split_once('=') {
        None => (Level::Every, text),
        Some(("L" | "l", time)) => (Level::Last, time),
        Some((number, time)) => {
            let level = number.parse().ok().filter(|level| *level < MOST_LEVELS);
            let level = level.ok_or_else(|| {
                format!("\"{number}\" is no level: a number below {MOST_LEVELS}, or L for the last proxy")
            })?;
            (Level::Number(level), time)
        }
    };
    let limit = time_limit(time)?;
    Ok(ProxyLimit { level, limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_with_and_without_a_level() {
        let read = |text| proxy_limit(text).map(|limit| (limit.level, limit.limit.as_secs()));
        assert_eq!(read("12:00"), Ok((Level::Every, 12 * 3600)));
        assert_eq!(read("3=0:01"), Ok((Level::Number(3), 60)));
        assert_eq!(read("L=01d-00:00"), Ok((Level::Last, 86_400)));
        for wrong in [
            "", "x=1:00", "-1=1:00", "100=1:00", "0=", "0=1", "0=0:00", "=1:00",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_said_about_one_level_outweighs_what_is_said_about_all() {
        #[derive(clap::Parser)]
        struct Options {
            #[command(flatten)]
            trust: TrustOptions,
        }
        let lifetimes = |limits: &[&str]| {
            let words = limits.iter().flat_map(|limit| ["--max-proxy-ttl", limit]);
            let options: Options = clap::Parser::parse_from(["x"].into_iter().chain(words));
            options.trust.rules(false).lifetimes
        };
        let one_first = lifetimes(&["2=1:00", "12:00"]);
        assert_eq!(one_first, lifetimes(&["12:00", "2=1:00"]));
        assert_ne!(one_first, lifetimes(&["12:00"]));
        assert_eq!(lifetimes(&["2=1:00", "2=3:00"]), lifetimes(&["2=3:00"]));
        assert!(lifetimes(&[]).is_empty());
    }

    #[test]
    fn an_empty_variable_names_no_directory() {
        let from =
            |named: Option<&PathBuf>| directory(named, &["NO_SUCH_VARIABLE_HERE"], "/fallback");
        assert_eq!(from(None), PathBuf::from("/fallback"));
        assert_eq!(
            from(Some(&PathBuf::from("/named"))),
            PathBuf::from("/named")
        );
    }
}
