//! Which accounts make up a pool.

/// The accounts whose names begin with a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool<'a> {
    /// What the names begin with; without the dot that marks a pool in a map
    /// file.
    pub prefix: &'a [u8],
    /// Only digits may follow, and at least one. So `dteam` is not the pool of
    /// `dteamprod001`.
    pub strict: bool,
}

impl Pool<'_> {
    /// Whether the account belongs to the pool.
    ///
    /// Never so for `root` and for names that are no accounts in a gridmapdir:
    /// beginning with `.` or `%`, or containing `~`, `/` or NUL.
    #[must_use]
    pub fn contains(&self, account: &[u8]) -> bool {
        let Some(rest) = account.strip_prefix(self.prefix) else {
            return false;
        };
        let number = !rest.is_empty() && rest.iter().all(u8::is_ascii_digit);
        (number || !self.strict) && is_account(account)
    }
}

/// Whether a pool account can have this name.
pub(crate) fn is_account(name: &[u8]) -> bool {
    !name.is_empty()
        && name != b"root"
        && !name.starts_with(b".")
        && !name.starts_with(b"%")
        && !name.iter().any(|b| matches!(b, b'~' | b'/' | 0))
}
