//! Lease names: what an identity is called in a lease store.

use std::fmt;

use thiserror::Error;

/// The longest lease name in bytes: what a file system takes as a file name.
pub const NAME_MAX: usize = 255;

/// The byte that other parts of the framework put between the parts of a lease
/// text. From outside it would smuggle raw text into a file name.
const INTERNAL_SEPARATOR: u8 = 1;

const COUNTER: &[u8] = b"mapcount=";

/// An identity (a DN, perhaps with groups and a map counter; or an FQAN) in the
/// form in which leases are stored.
///
/// ASCII letters become lower case, digits stay, every other byte becomes `%xx`
/// in lower-case hexadecimal. Groups and the counter follow as they are, each
/// behind a colon. For ASCII this is what gridmapdirs have always held, case
/// folding included: DNs that differ in nothing but case share a lease.
///
/// # Bytes above 127
/// They are encoded like any other, `é` in UTF-8 as `%c3%a9`. The original
/// prints the sign-extended byte over its neighbours (`%ff%ffffffa9`), and of
/// what it so loses can give two people one account. Names that differ in such
/// bytes are kept apart here. The price: a person whose DN reaches the lease
/// store with raw bytes above 127 (not the `\xC3\xA9` notation of OpenSSL, which
/// is ASCII and unchanged) does not find a lease that the original made, and
/// gets another account. The byte 255, which no UTF-8 text holds, is refused, so
/// that nobody can be given a name that spells an old garbled one.
///
/// # Names that could be accounts
/// Without an escape or a colon (`grid001`) a lease name could be the name of a
/// pool account, whose entry would then be taken for a stale lease and removed.
/// Such identities are refused; DNs and FQANs begin with `/`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LeaseName(Vec<u8>);

/// An identity cannot be turned into a lease name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NameError {
    /// There is no identity.
    #[error("an empty identity cannot have a lease")]
    Empty,
    /// The identity holds a byte that is never part of one.
    #[error("the identity holds the byte {byte:#04x} (position {}), which no lease name may contain", position + 1)]
    Byte {
        /// The byte.
        byte: u8,
        /// Where it stands, from 0.
        position: usize,
    },
    /// The identity consists of letters and digits only.
    #[error(
        "the identity has only letters and digits, so its lease could not be told from a pool account; use the full DN or FQAN"
    )]
    LooksLikeAccount,
    /// A group name cannot be part of a lease name.
    #[error("group number {} has a name that cannot be part of a lease name (empty, or with '/', ':', a control character, or beginning with \"mapcount=\")", index + 1)]
    Group {
        /// Which group, from 0.
        index: usize,
    },
    /// The lease name would be too long.
    #[error(
        "the lease name would have {length} bytes, more than the {NAME_MAX} that a file name may have; the identity is too long for a pool account"
    )]
    TooLong {
        /// The length it would have.
        length: usize,
    },
}

impl LeaseName {
    /// The name for an identity alone.
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn encode(text: &[u8]) -> Result<Self, NameError> {
        Self::build(text, &[], 0)
    }

    /// The name for an identity and a map counter: somebody may have several
    /// leases, numbered from 1. Counter 0 means no counter.
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn with_map_counter(text: &[u8], counter: u32) -> Result<Self, NameError> {
        Self::build(text, &[], counter)
    }

    /// The name for an identity and the names of its groups, in this order.
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn with_groups(text: &[u8], groups: &[&[u8]]) -> Result<Self, NameError> {
        Self::build(text, groups, 0)
    }

    /// The name for all three.
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn with_groups_and_map_counter(
        text: &[u8],
        groups: &[&[u8]],
        counter: u32,
    ) -> Result<Self, NameError> {
        Self::build(text, groups, counter)
    }

    fn build(text: &[u8], groups: &[&[u8]], counter: u32) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let forbidden = |b: &u8| matches!(*b, 0 | INTERNAL_SEPARATOR | 0xff);
        if let Some(position) = text.iter().position(forbidden) {
            let byte = text[position];
            return Err(NameError::Byte { byte, position });
        }
        let mut name = Vec::with_capacity(text.len().saturating_mul(2));
        for byte in text {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => name.push(byte.to_ascii_lowercase()),
                _ => {
                    name.push(b'%');
                    name.extend([byte >> 4, byte & 15].map(hexadecimal));
                }
            }
        }
        for (index, group) in groups.iter().enumerate() {
            if !fits_behind_colon(group) {
                return Err(NameError::Group { index });
            }
            name.push(b':');
            name.extend_from_slice(group);
        }
        if counter > 0 {
            name.push(b':');
            name.extend_from_slice(COUNTER);
            name.extend_from_slice(format!("{counter:04}").as_bytes());
        }
        if name.iter().all(u8::is_ascii_alphanumeric) {
            return Err(NameError::LooksLikeAccount);
        }
        if name.len() > NAME_MAX {
            return Err(NameError::TooLong { length: name.len() });
        }
        Ok(Self(name))
    }

    /// The name of a lease that is in a store already, whoever made it.
    ///
    /// Not every such name can be made by [`encode`](Self::encode): the original garbles bytes above 127. `None` for
    /// what is no name of a lease.
    #[must_use]
    pub fn stored(name: &[u8]) -> Option<Self> {
        is_lease_name(name).then(|| Self(name.to_vec()))
    }

    /// Whom the lease is for, as far as the name tells: its identity is in lower case.
    #[must_use]
    pub fn decoded(&self) -> Decoded {
        let mut parts = self.0.split(|byte| *byte == b':');
        let identity = unescaped(parts.next().unwrap_or_default());
        let (mut groups, mut counter) = (Vec::new(), None);
        for part in parts {
            let digits = part.strip_prefix(COUNTER);
            match digits.and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok()) {
                Some(number) => counter = Some(number),
                None => groups.push(part.to_vec()),
            }
        }
        Decoded {
            identity,
            groups,
            counter,
        }
    }

    /// The name as stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for LeaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.escape_ascii().fmt(f)
    }
}

/// What a lease name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The DN or FQAN, ASCII letters in lower case.
    pub identity: Vec<u8>,
    /// Names of groups that are part of the lease.
    pub groups: Vec<Vec<u8>>,
    /// Which of several leases of the identity it is.
    pub counter: Option<u32>,
}

/// Whether an entry of a store can be a lease: no account has an escape or a colon in its name.
pub(crate) fn is_lease_name(name: &[u8]) -> bool {
    name.len() <= NAME_MAX
        && !name.starts_with(b".")
        && name.iter().any(|byte| matches!(byte, b'%' | b':'))
        && !name.iter().any(|byte| matches!(byte, b'/' | 0))
}

/// Escapes resolved; what is none stays.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        let escape = tail.get(..2).filter(|_| *first == b'%');
        let byte = escape
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        plain.push(byte.unwrap_or(*first));
        let used = if byte.is_some() { 2 } else { 0 };
        rest = tail.get(used..).unwrap_or_default();
    }
    plain
}

/// A group name is stored raw, so it must not look like another part.
fn fits_behind_colon(group: &[u8]) -> bool {
    let bad = |b: &u8| matches!(b, b'/' | b':' | 0xff) || b.is_ascii_control();
    !group.is_empty() && !group.iter().any(bad) && !group.starts_with(COUNTER)
}

fn hexadecimal(digit: u8) -> u8 {
    match digit {
        0..=9 => b'0' + digit,
        _ => b'a' + digit - 10,
    }
}
