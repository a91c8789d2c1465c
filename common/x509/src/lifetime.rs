//! How long the proxies of a chain are valid, against limits.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::chain::Chain;
use crate::dates::ShownDuration;

/// Longest lifetimes of proxies, counted from their first to their last second.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LifetimeLimits {
    levels: BTreeMap<u32, Duration>,
    leaf: Option<Duration>,
}

impl LifetimeLimits {
    /// Limits the proxies of a level; the first proxy below the end entity has level 0. A later
    /// limit for the same level replaces an earlier one.
    pub fn limit_level(&mut self, level: u32, limit: Duration) {
        self.levels.insert(level, limit);
    }

    /// Limits the last proxy, which then has no limit by its level.
    pub fn limit_leaf(&mut self, limit: Duration) {
        self.leaf = Some(limit);
    }

    /// Whether there is no limit at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty() && self.leaf.is_none()
    }

    fn of(&self, level: usize, is_leaf: bool) -> Option<Duration> {
        let own = || self.levels.get(&u32::try_from(level).ok()?);
        (self.leaf.filter(|_| is_leaf)).or_else(|| own().copied())
    }

    /// Holds the proxies of a chain against the limits.
    ///
    /// # Errors
    /// The first proxy from the end entity downwards that is valid for too long.
    pub fn check(&self, chain: &Chain) -> Result<(), LifetimeError> {
        let proxies = chain.proxies();
        for (level, certificate) in proxies.iter().rev().enumerate() {
            let is_leaf = level + 1 == proxies.len();
            let Some(limit) = self.of(level, is_leaf) else {
                continue;
            };
            // A proxy whose dates cannot be read is valid for no known time.
            let lifetime = certificate.validity().map(|validity| validity.lifetime());
            if lifetime.is_none_or(|lifetime| lifetime > limit) {
                return Err(LifetimeError {
                    level,
                    is_leaf,
                    lifetime,
                    limit,
                    subject: certificate.shown_subject(),
                });
            }
        }
        Ok(())
    }
}

/// A proxy is valid for longer than it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifetimeError {
    /// Its level; 0 is the first proxy below the end entity.
    pub level: usize,
    /// Whether it is the last one.
    pub is_leaf: bool,
    /// How long it is valid, `None` when its dates cannot be read.
    pub lifetime: Option<Duration>,
    /// How long it may be.
    pub limit: Duration,
    /// Its subject.
    pub subject: String,
}

impl fmt::Display for LifetimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = if self.is_leaf { " (the last one)" } else { "" };
        write!(f, "proxy level {}{last} valid ", self.level)?;
        match self.lifetime {
            Some(lifetime) => ShownDuration(lifetime).fmt(f)?,
            None => f.write_str("for an unknown time")?,
        }
        write!(f, ", limit {}: {}", ShownDuration(self.limit), self.subject)
    }
}

impl std::error::Error for LifetimeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_the_leaf_replaces_that_of_its_level() {
        let mut limits = LifetimeLimits::default();
        assert!(limits.is_empty());
        limits.limit_level(0, Duration::from_secs(5));
        limits.limit_level(0, Duration::from_secs(7));
        assert_eq!(limits.of(0, true), Some(Duration::from_secs(7)));
        assert_eq!(limits.of(1, true), None);
        limits.limit_leaf(Duration::from_secs(9));
        assert_eq!(limits.of(0, true), Some(Duration::from_secs(9)));
        assert_eq!(limits.of(0, false), Some(Duration::from_secs(7)));
        assert_eq!(limits.of(usize::MAX, false), None);
        assert!(!limits.is_empty());
    }
}
