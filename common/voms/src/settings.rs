//! What is checked, when and against which files.
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::sync::Arc;

use bitflags::bitflags;
use lc_x509::Verifier;

bitflags! {
    /// Which checks are made. The bits are those of the C interface of VOMS and LCMAPS, where
    /// 0xffffffff switches everything on and 0 everything off.
    ///
    /// Whatever is set, an attribute certificate has to be well formed, to name a VO and to
    /// hold FQANs of that VO only.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub struct Checks: u32 {
        /// It is valid at the time of verification.
        const DATES = 0x01;
        /// It is meant for this host, where it names hosts.
        const TARGETS = 0x02;
        /// The key that its authority key identifier names is the signer's.
        const KEY = 0x04;
        /// Somebody signed it whom the VOMS directory and the CA directory let speak for the VO.
        const SIGNATURE = 0x08;
        /// Order of the attributes; of no effect when reading, as in VOMS.
        const ORDER = 0x10;
        /// It was given to the end entity, and its issuer is the signer.
        const HOLDER = 0x20;
        /// List of certificates; of no effect of its own, as in VOMS.
        const CERTIFICATE_LIST = 0x40;
    }
}

impl Checks {
    /// The checks that a flag word of the C interface switches on.
    #[must_use]
    pub fn from_word(word: u32) -> Self {
        Self::from_bits_truncate(word)
    }
}

impl Default for Checks {
    fn default() -> Self {
        Self::all()
    }
}

/// At which time attribute certificates have to be valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum When {
    /// Now.
    #[default]
    Now,
    /// At this many seconds since 1970; 0 is now.
    At(i64),
    /// This many seconds after the leaf becomes valid.
    AfterStart(i64),
    /// This many seconds after the leaf expires; negative ones are before.
    AfterEnd(i64),
}

impl When {
    /// What the two numbers of `lcmaps_set_voms_verification_time` mean; `None` for flags that
    /// mean nothing.
    #[must_use]
    pub fn from_switches(time: i64, flags: i32) -> Option<Self> {
        match flags {
            0 => Some(Self::At(time)),
            1 => Some(Self::AfterStart(time)),
            2 => Some(Self::AfterEnd(time)),
            _ => None,
        }
    }
}

/// How attribute certificates are verified.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it is said who speaks for which VO, `/etc/grid-security/vomsdir`.
    pub vomsdir: PathBuf,
    /// The CAs that the certificates of VOMS servers have to be of. One verifier for all runs keeps
    /// what it read.
    pub authorities: Arc<Verifier>,
    /// What is checked.
    pub checks: Checks,
    /// At which time.
    pub when: When,
    /// The names of this host, for attribute certificates that are meant for some hosts only.
    pub hostnames: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flag_words_are_those_of_the_c_interface() {
        assert_eq!(Checks::from_word(0), Checks::empty());
        assert_eq!(Checks::from_word(u32::MAX), Checks::all());
        assert_eq!(Checks::from_word(0x7f), Checks::all());
        assert_eq!(Checks::from_word(0x29).bits(), 0x29);
        assert_eq!(Checks::default(), Checks::all());
    }

    #[test]
    fn times_have_three_bases() {
        assert_eq!(When::from_switches(5, 0), Some(When::At(5)));
        assert_eq!(When::from_switches(5, 1), Some(When::AfterStart(5)));
        assert_eq!(When::from_switches(-5, 2), Some(When::AfterEnd(-5)));
        assert_eq!(When::from_switches(5, 3), None);
        assert_eq!(When::from_switches(5, -1), None);
    }
}
