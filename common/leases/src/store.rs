//! What every lease store can do.

use std::fmt;

use crate::error::LeaseError;
use crate::name::LeaseName;
use crate::pool::Pool;

/// What is wanted of a [`LeaseStore`].
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// For whom.
    pub name: &'a LeaseName,
    /// From which pool.
    pub pool: Pool<'a>,
    /// This account and no other; `None` for any account of the pool.
    pub account: Option<&'a [u8]>,
    /// When the lease stands for an account that does not fit (outside the
    /// pool, or not the one asked for), give that up and make a new lease
    /// instead of failing.
    pub override_inconsistency: bool,
    /// Asked about an account before a new lease for it is made; without it every account will do.
    pub suitable: Option<Suitable<'a>>,
}

/// Says whether an account can be given out, for example whether this machine knows it.
#[derive(Clone, Copy)]
pub struct Suitable<'a>(pub &'a dyn Fn(&[u8]) -> Suitability);

impl fmt::Debug for Suitable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Suitable(..)")
    }
}

/// What [`Suitable`] says about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suitability {
    /// It can be given out.
    Yes,
    /// It cannot, for this reason; the next account may do.
    No(String),
    /// Nobody can tell now, for this reason; asking about other accounts would not help.
    Undecided(String),
}

impl<'a> Request<'a> {
    /// Any account of the pool, and a lease for another account is an error.
    #[must_use]
    pub fn any(name: &'a LeaseName, pool: Pool<'a>) -> Self {
        Self {
            name,
            pool,
            account: None,
            override_inconsistency: false,
            suitable: None,
        }
    }
}

/// Somebody's account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Lease {
    /// The account (or group).
    pub account: Vec<u8>,
    /// Whose it is.
    pub name: LeaseName,
    /// How the lease came about.
    pub origin: Origin,
}

/// How a lease came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// It was there already.
    Existing,
    /// It was made now.
    Created,
    /// It was made now in place of a lease that stood for no account any more.
    Repaired,
    /// It was made now in place of a lease for an account that did not fit.
    Moved,
}

/// Keeps leases. May be used by several threads, processes and hosts at once.
///
/// # What holds for every store
/// An account has one owner at a time. While an account of the pool is free,
/// nobody is refused. A lease lasts until something outside removes it; each
/// [`acquire`](Self::acquire) marks it as used.
pub trait LeaseStore: Send + Sync {
    /// Finds the lease, or makes one.
    ///
    /// # Errors
    /// See [`LeaseError`]; [`LeaseError::other_pool_may_do`] tells whether to
    /// go on with the next pool.
    fn acquire(&self, request: &Request<'_>) -> Result<Lease, LeaseError>;

    /// Finds the lease, if there is one. Changes nothing in the store, and does
    /// not mark the lease as used.
    ///
    /// # Errors
    /// See [`LeaseError`].
    fn find(&self, request: &Request<'_>) -> Result<Option<Lease>, LeaseError>;
}
