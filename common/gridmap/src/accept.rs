//! Which names match and which mappings are wanted.

use std::borrow::Cow;

/// Whether the names in the file are patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wildcards {
    /// A name matches the identical name only.
    Off,
    /// A name matches as a shell pattern, see [`fnmatch()`](crate::fnmatch()).
    On,
}

/// Which mapping of a matching line is wanted.
///
/// A line without a wanted mapping is passed over, and the search goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept<'a> {
    /// The name is enough, mappings are ignored: ban lists.
    AnyName,
    /// The first mapping that does not begin with `.`: an account or group.
    Local,
    /// The first mapping that begins with `.`: a pool.
    Pool,
    /// The mapping equal to this: an account that the user asked for.
    Exactly(&'a [u8]),
}

impl Accept<'_> {
    /// The mapping to take among those of a line; `None` when none is wanted.
    pub(crate) fn choose<'f>(
        self,
        mut mappings: impl Iterator<Item = Cow<'f, [u8]>>,
    ) -> Option<Cow<'f, [u8]>> {
        match self {
            Self::AnyName => Some(Cow::Borrowed(&[])),
            Self::Local => mappings.find(|m| !m.starts_with(b".")),
            Self::Pool => mappings.find(|m| m.starts_with(b".")),
            Self::Exactly(account) => mappings.find(|m| **m == *account),
        }
    }
}
