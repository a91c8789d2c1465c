//! Accounts that were free when a process last listed the directory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::pool::Pool;

/// How many accounts of a pool, and of how many pools, are remembered.
const ACCOUNTS: usize = 4096;
const POOLS: usize = 64;

/// A prefix, and whether it is strict.
type Key = (Vec<u8>, bool);

/// Free accounts by pool. They are tried before the directory is listed again;
/// whether they still are free shows then.
#[derive(Debug, Default)]
pub(crate) struct FreeAccounts(Mutex<HashMap<Key, Vec<Vec<u8>>>>);

impl FreeAccounts {
    /// Takes an account off the list.
    pub(crate) fn next(&self, pool: &Pool<'_>) -> Option<Vec<u8>> {
        self.lock().get_mut(&key(pool))?.pop()
    }

    /// Replaces the list.
    pub(crate) fn set(&self, pool: &Pool<'_>, mut accounts: Vec<Vec<u8>>) {
        let mut pools = self.lock();
        if pools.len() >= POOLS {
            pools.clear();
        }
        accounts.truncate(ACCOUNTS);
        pools.insert(key(pool), accounts);
    }

    /// A panic while the lock was held leaves at worst a list that is too short.
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Vec<Vec<u8>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(pool: &Pool<'_>) -> Key {
    (pool.prefix.to_vec(), pool.strict)
}
